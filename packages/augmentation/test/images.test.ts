import type {Batch, LossInfo, PortInfo} from '@regularizers/core';
import {expectClose, expectSame} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {
  cutmix,
  mixup,
  pipeline,
  randomAffine,
  randomBrightness,
  randomErasing,
  randomFlip,
  randomShift,
} from '../src/index.ts';
import {batchOf, imageInput, runBatch, setUp, someImages} from './harness.ts';

const values: LossInfo = {name: 'meanSquaredError', kind: 'values', outputs: 'values', linear: false};
const binary: LossInfo = {name: 'binaryCrossentropy', kind: 'binary', outputs: 'probabilities', linear: true};
const classes: LossInfo = {
  name: 'categoricalCrossentropy',
  kind: 'classes',
  outputs: 'probabilities',
  linear: true,
};
const decoded: PortInfo = {name: 'decoded', shape: imageInput.shape};
const mask: PortInfo = {name: 'mask', shape: [null, 6, 5, 3]};

let images: tf.Tensor4D;
beforeAll(() => {
  images = someImages([8, 6, 5, 2]);
});
const always = randomFlip({horizontal: 1});

describe('which inputs are images', () => {
  const two = [imageInput, {name: 'age', shape: [null, 1]}];

  it('are those of rank 4, and the others stay', () => {
    const age = tf.ones([8, 1]);
    const batch: Batch = {inputs: [images, age], targets: [], size: 8};
    const {inputs} = runBatch(always, batch, {inputs: two});
    expectSame(inputs[0]!, tf.reverse(images, 2).dataSync());
    expect(inputs[1]).toBe(age);
  });

  it('are changed alike, if there are several', () => {
    const pair = [imageInput, {name: 'right', shape: imageInput.shape}];
    const batch: Batch = {inputs: [images, images], targets: [], size: 8};
    const plugin = pipeline([randomFlip(), randomShift({pixels: 2}), randomAffine(), randomBrightness()]);
    const [left, right] = runBatch(plugin, batch, {inputs: pair}).inputs;
    expectSame(left!, right!.dataSync());
    const [kept, changed] = runBatch(randomFlip({horizontal: 1, inputs: 'right'}), batch, {
      inputs: pair,
    }).inputs;
    expect(kept).toBe(images);
    expectSame(changed!, tf.reverse(images, 2).dataSync());
  });

  it('may be vectors, given their shape', () => {
    const flat = {inputs: [{name: 'pixels', shape: [null, 60]}]};
    const vectors = tf.reshape(images, [8, 60]);
    const plugin = randomFlip({horizontal: 1, imageShape: [6, 5, 2]});
    const [flipped] = runBatch(plugin, batchOf(vectors), flat).inputs;
    expect(flipped!.shape).toEqual([8, 60]);
    expectSame(flipped!, tf.reverse(images, 2).dataSync());
  });

  it('must be there', () => {
    const flat = {inputs: [{name: 'pixels', shape: [null, 784]}]};
    expect(() => setUp(randomFlip(), flat)).toThrow(
      /\[randomFlip\] no input of the model is an image.*\n.*The inputs are: pixels \[batch, 784\].*imageShape/,
    );
    expect(() => setUp(randomFlip({imageShape: [27, 28, 1]}), flat)).toThrow(
      'no input of the model has the 756 values of imageShape [27, 28, 1]',
    );
    expect(() => setUp(randomFlip({inputs: 'age'}), {inputs: two})).toThrow(
      'input age [batch, 1] is not an image',
    );
    expect(() => setUp(randomFlip({inputs: 'ago'}), {inputs: two})).toThrow('inputs: "ago" selects nothing');
  });

  it('may have open sides', () => {
    const open = {inputs: [{name: 'image', shape: [null, null, null, 2]}]};
    const [shifted] = runBatch(randomShift({pixels: 1}), batchOf(images), open).inputs;
    expect(shifted!.shape).toEqual(images.shape);
  });

  it('checks the options', () => {
    // @ts-expect-error three sides
    expect(() => randomFlip({imageShape: [28, 28]})).toThrow(
      'imageShape must be a list of 3, each an integer in [1, ∞); received [28, 28]',
    );
    expect(() => randomFlip({imageShape: [28, 28, 0]})).toThrow('imageShape[2] must be an integer in [1, ∞)');
    // @ts-expect-error no such policy
    expect(() => randomFlip({targets: 'drop'})).toThrow('targets must be one of refuse, transform, keep');
  });
});

describe('targets that are images', () => {
  const autoencoder = {outputs: [decoded], losses: [values]};
  let batch: Batch;
  beforeAll(() => {
    batch = batchOf(images, [{target: images, weight: 1}]);
  });

  it('are refused', () => {
    for (const plugin of [always, randomBrightness(), randomErasing(), mixup(), cutmix()]) {
      expect(() => setUp(plugin, autoencoder)).toThrow(
        `[${plugin.name}] the target of output decoded [batch, 6, 5, 2] is an image as well`,
      );
    }
    expect(() => setUp(always, {outputs: [decoded], losses: [binary]})).toThrow('is an image as well');
  });

  it('change exactly as the input does, if asked to', () => {
    const options = {targets: 'transform'} as const;
    for (const plugin of [
      randomFlip(options),
      randomAffine(options),
      pipeline([randomAffine(), randomBrightness(), randomErasing()], options),
      randomBrightness(options),
      randomErasing({fill: 'noise', ...options}),
      mixup({alpha: 1, ...options}),
      cutmix(options),
    ]) {
      const {inputs, targets} = runBatch(plugin, batch, autoencoder);
      expect(targets[0]).toHaveLength(1);
      expectClose(targets[0]![0]!.target, inputs[0]!.dataSync(), 'elementwise');
      expect(inputs[0]!.dataSync()).not.toEqual(images.dataSync());
    }
  });

  it('carry the mixed weight of both, if mixed themselves', () => {
    const weighted = batchOf(images, [{target: images, weight: tf.fill([8], 3)}]);
    const [entry] = runBatch(mixup({targets: 'transform'}), weighted, autoencoder).targets[0]!;
    expectClose(entry!.weight as tf.Tensor, new Float32Array(8).fill(3), 'elementwise');
  });

  it('stay, if asked to', () => {
    for (const plugin of [
      randomFlip({horizontal: 1, targets: 'keep'}),
      mixup({alpha: 1, targets: 'keep'}),
      cutmix({targets: 'keep'}),
    ]) {
      const {inputs, targets} = runBatch(plugin, batch, autoencoder);
      expect(targets[0]).toEqual(batch.targets[0]);
      expect(inputs[0]!.dataSync()).not.toEqual(images.dataSync());
    }
  });

  it('may be vectors', () => {
    const flat = {name: 'decoded', shape: [null, 60]};
    const model = {inputs: [{name: 'pixels', shape: [null, 60]}], outputs: [flat], losses: [binary]};
    const vectors = tf.reshape(images, [8, 60]);
    const options = {horizontal: 1, imageShape: [6, 5, 2]} as const;
    expect(() => setUp(randomFlip(options), model)).toThrow('is an image as well');
    const flipping = randomFlip({...options, targets: 'transform'});
    const {targets} = runBatch(flipping, batchOf(vectors, [{target: vectors, weight: 1}]), model);
    expectSame(targets[0]![0]!.target, tf.reverse(images, 2).dataSync());
  });
});

describe('targets that label pixels', () => {
  const segmentation = {outputs: [mask], losses: [classes]};
  let batch: Batch;
  beforeAll(() => {
    const classOf = tf.cast(tf.mul(tf.mean(images, 3), 2.99), 'int32');
    batch = batchOf(images, [{target: tf.cast(tf.oneHot(classOf, 3), 'float32'), weight: 1}]);
  });

  it('are refused by what moves pixels, and stay by what recolours them', () => {
    expect(() => setUp(always, segmentation)).toThrow('is an image as well');
    const {targets} = runBatch(randomBrightness(), batch, segmentation);
    expect(targets[0]).toBe(batch.targets[0]);
  });

  it('move with the pixels without being blended', () => {
    const plugin = pipeline([randomFlip(), randomAffine({rotation: 45, fillValue: 0.5})], {
      targets: 'transform',
    });
    const moved = runBatch(plugin, batch, segmentation).targets[0]![0]!.target;
    const seen = new Set(moved.dataSync());
    expect([...seen].sort()).toEqual([0, 1]);
  });

  it('can only move if they have the size of the image', () => {
    const half = {outputs: [{name: 'mask', shape: [null, 3, 5, 3]}], losses: [classes]};
    expect(() => setUp(randomFlip({targets: 'transform'}), half)).toThrow('an image of another size');
    expect(setUp(randomFlip({targets: 'keep'}), half).idle).toBeUndefined();
  });
});
