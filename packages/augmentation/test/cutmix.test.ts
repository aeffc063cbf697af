import type {Batch} from '@regularizers/core';
import {expectClose, expectSame} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {beforeAll, describe, expect, it} from 'vitest';
import {
  boxMask,
  cutmix,
  cutmixBoxes,
  keptShare,
  mixup,
  pastedImages,
  randomCentres,
  randomLambda,
} from '../src/index.ts';
import {batchOf, keysOf, runBatch, setUp, someImages} from './harness.ts';

describe('cutmixBoxes', () => {
  it('cuts √(1−λ) of each side about the centre', () => {
    // λ = 0.75: sides 8·½ and 4·½, half of them 2 and 1; about (1, 3) the rows −1 … 3 are cut off at 0
    const boxes = cutmixBoxes(tf.tensor1d([0.75]), tf.tensor2d([[1, 3]]), {height: 8, width: 4});
    expectSame(boxes.start, [0, 2]);
    expectSame(boxes.end, [3, 4]);
    // 3 · 2 of 32 pixels
    expectClose(keptShare(boxes, {height: 8, width: 4}), [1 - 6 / 32], 'elementwise');
  });

  it('gives the labels exactly the share of the pixels', () => {
    const size = {height: 7, width: 10};
    const lambda = randomLambda(500, keysOf(1), {alpha: 1});
    const boxes = cutmixBoxes(lambda, randomCentres(500, keysOf(1)('centres'), size), size);
    const pasted = tf.mean(tf.cast(boxMask(boxes, size), 'float32'), [1, 2, 3]);
    expectClose(tf.add(keptShare(boxes, size), pasted), new Float32Array(500).fill(1), 'elementwise');
  });

  it('has the mean area that the formula implies', () => {
    const size = {height: 12, width: 9};
    const lambda = randomLambda(4000, keysOf(2), {alpha: 1});
    const boxes = cutmixBoxes(lambda, randomCentres(4000, keysOf(2)('centres'), size), size);
    const mean = 1 - tf.mean(keptShare(boxes, size)).dataSync()[0]!;
    // E over u = 1 − λ uniform of the product of both sides' mean length over all centres
    const length = (side: number, half: number) => {
      let sum = 0;
      for (let c = 0; c < side; c++) sum += Math.min(c + half, side) - Math.max(c - half, 0);
      return sum / side / side;
    };
    let expected = 0;
    for (let i = 0; i < 10_000; i++) {
      const ratio = Math.sqrt((i + 0.5) / 10_000);
      expected += (length(12, Math.floor(6 * ratio)) * length(9, Math.floor(4.5 * ratio))) / 10_000;
    }
    expect(Math.abs(mean - expected)).toBeLessThan(0.015); // areas spread by 0.2; four standard errors
  });
});

describe('pastedImages', () => {
  it('takes the pixels of the partner inside the mask, exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), {minLength: 18, maxLength: 18}), (bits) => {
        const images = someImages([3, 2, 3, 2]);
        const before = images.dataSync().slice();
        const mask = tf.tensor4d(bits.map(Number), [3, 2, 3, 1], 'bool');
        const pasted = pastedImages(images, tf.tensor1d([2, 0, 1], 'int32'), mask);
        const expected = before.map((value, i) => {
          const [image, pixel] = [Math.floor(i / 12), Math.floor(i / 2)];
          return bits[pixel] ? before[[2, 0, 1][image]! * 12 + (i % 12)]! : value;
        });
        expectSame(pasted, expected);
        expectSame(images, before);
      }),
      {numRuns: 10, seed: 5},
    );
  });
});

// Images of one colour each, so that the mean pixel tells what the labels must be.
describe('labels follow the pixels, example by example', () => {
  const batch = 16;
  const size = 9;
  const facade = {inputs: [{name: 'image', shape: [null, size, size, 3]}]};
  let images: tf.Tensor4D;
  let once: Batch;
  beforeAll(() => {
    const colours = Array.from({length: batch}, (_, i) => i % 3);
    const labels = tf.cast(tf.oneHot(tf.tensor1d(colours, 'int32'), 3), 'float32');
    images = tf.tile(tf.reshape<tf.Rank.R4>(labels, [batch, 1, 1, 3]), [1, size, size, 1]);
    once = batchOf(images, [{target: labels, weight: 1}]);
  });

  const check = ({inputs, targets}: Batch, entries: number): void => {
    const meanPixel = tf.mean(inputs[0]!, [1, 2]);
    const list = targets[0]!;
    expect(list).toHaveLength(entries);
    const weights = list.map(({weight}) => weight as tf.Tensor);
    const label = tf.addN(list.map(({target}, k) => tf.mul(target, tf.reshape(weights[k]!, [-1, 1]))));
    expectClose(label, meanPixel.dataSync(), 'elementwise');
    expectClose(tf.addN(weights), new Float32Array(batch).fill(1), 'elementwise');
    expect(inputs[0]!.dataSync()).not.toEqual(images.dataSync());
  };

  it('by mixup', () => check(runBatch(mixup({alpha: 0.5}), once, facade), 2));
  it('by cutmix', () => check(runBatch(cutmix(), once, facade), 2));
  it('by cutmix of some', () => check(runBatch(cutmix({probability: 0.5}), once, facade), 2));

  it('by both, in either order', () => {
    check(runBatch(cutmix(), runBatch(mixup({alpha: 0.5}), once, facade), facade), 4);
    check(runBatch(mixup({alpha: 0.5}), runBatch(cutmix(), once, facade), facade), 4);
  });

  it('for images as vectors', () => {
    const flat = tf.reshape(images, [batch, size * size * 3]);
    const vectors = {inputs: [{name: 'pixels', shape: [null, size * size * 3]}]};
    const plugin = cutmix({imageShape: [size, size, 3]});
    const {inputs, targets} = runBatch(plugin, batchOf(flat, once.targets[0]), vectors);
    expect(inputs[0]!.shape).toEqual([batch, size * size * 3]);
    check({inputs: [tf.reshape(inputs[0]!, [batch, size, size, 3])], targets, size: batch}, 2);
  });
});

describe('cutmix', () => {
  it('repeats with the same keys and differs with others', () => {
    const images = someImages([8, 6, 5, 2]);
    const run = (seed: number) => runBatch(cutmix(), batchOf(images), {}, seed).inputs[0]!.dataSync();
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it('refuses images of two sizes, for which one λ would not do', () => {
    const two = [
      {name: 'a', shape: [null, 6, 5, 2]},
      {name: 'b', shape: [null, 3, 5, 2]},
    ];
    expect(() => setUp(cutmix(), {inputs: two})).toThrow('the image inputs differ in size: 6×5, 3×5');
    expect(setUp(cutmix({inputs: 'a'}), {inputs: two}).idle).toBeUndefined();
  });

  it('is idle at α 0, and checks its options', () => {
    expect(setUp(cutmix({alpha: 0}))).toEqual({idle: true});
    expect(() => cutmix({probability: -0.1})).toThrow(
      '[cutmix] probability must be in [0, 1]; received -0.1',
    );
  });
});
