import type {Regularizer} from '@regularizers/core';
import {deriveKey, keyTensor} from '@regularizers/random';
import {expectClose, expectSame} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {
  croppedImages,
  cutout,
  flippedImages,
  mixup,
  pipeline,
  randomAffine,
  randomAffineMatrix,
  randomBrightness,
  randomContrast,
  randomCorners,
  randomCrop,
  randomErasing,
  randomFlip,
  randomFlips,
  randomInvert,
  randomOffsets,
  randomShift,
  resampledImages,
  shiftedImages,
} from '../src/index.ts';
import {batchOf, contextOf, runBatch, setUp, someImages} from './harness.ts';
import {bilinear, mapPixels, pixel} from './reference.ts';

/** The keys of one technique in a pipeline that {@link runBatch} runs with seed 1. */
const keysIn = (technique: string) => (purpose: string) =>
  keyTensor(deriveKey(1, 'pipeline', `${technique}/${purpose}`));

/** A model that takes these images. */
const takes = ({shape: [, ...shape]}: tf.Tensor4D) => ({inputs: [{name: 'image', shape: [null, ...shape]}]});

/** The images after a plugin's batch hook. */
const run = (plugin: Regularizer, images: tf.Tensor4D) =>
  runBatch(plugin, batchOf(images), takes(images)).inputs[0]!;

/** How often a plugin's batch hook runs a kernel. */
async function countKernels(plugin: Regularizer, images: tf.Tensor4D, kernel: string): Promise<number> {
  const {kernels} = await tf.profile(() => run(plugin, images));
  return kernels.filter(({name}) => name === kernel).length;
}

/** Smooth and not symmetric: linear in x and in y, which bilinear interpolation gives exactly. */
function ramp(batch: number, height: number, width: number): tf.Tensor4D {
  const values = mapPixels(
    {values: [], shape: [batch, height, width, 1]},
    (b, y, x) => b + 3 * x - 2 * y + 7,
  );
  return tf.tensor4d(values, [batch, height, width, 1]);
}

describe('a pipeline of geometric techniques', () => {
  const all = [randomFlip(), randomShift(), randomCrop(), randomAffine()];
  // tfjs's cpu kernel does one image of a batch only, so that there it runs once per image
  const batch = () => (tf.getBackend() === 'cpu' ? 1 : 4);

  it('is one resample for the batch', async () => {
    const images = someImages([batch(), 10, 9, 2]);
    expect(await countKernels(pipeline(all), images, 'Transform')).toBe(1);
    const apart = [randomShift(), randomAffine({fillMode: 'reflect'})];
    expect(await countKernels(pipeline(apart), images, 'Transform')).toBe(2);
  });

  it('is exact where all of them are', () => {
    const images = someImages([6, 7, 8, 2]);
    const reach = {horizontal: 2, vertical: 1};
    const plugin = pipeline([
      randomFlip({horizontal: 0.5, vertical: 0.5}),
      randomShift({pixels: reach, fillMode: 'wrap'}),
      randomCrop({padding: 2, fillMode: 'wrap'}),
    ]);
    const merged = run(plugin, images);
    const flips = randomFlips(6, keysIn('randomFlip'), {horizontal: 0.5, vertical: 0.5});
    const offsets = randomOffsets(6, keysIn('randomShift')('shift'), reach);
    const padding = {horizontal: 2, vertical: 2};
    const corners = randomCorners(6, keysIn('randomCrop')('crop'), padding);
    const shifted = shiftedImages(flippedImages(images, flips), offsets, {fillMode: 'wrap'});
    expectSame(merged, croppedImages(shifted, corners, padding, {fillMode: 'wrap'}).dataSync());
    expect(merged.dataSync()).not.toEqual(images.dataSync());
  });

  it('is the float64 reference of one after the other, wherever no edge came in between', () => {
    const [count, height, width] = [5, 12, 11];
    const images = someImages([count, height, width, 1]);
    const affine = {rotation: 25, translation: 0.1, scale: [0.8, 1.2], shear: 10} as const;
    const plugin = pipeline([randomFlip(), randomShift({pixels: 2}), randomAffine(affine)]);
    const merged = run(plugin, images);

    const flips = Array.from(randomFlips(count, keysIn('randomFlip')).horizontal!.dataSync());
    const reach = {horizontal: 2, vertical: 2};
    const offsets = randomOffsets(count, keysIn('randomShift')('shift'), reach).arraySync();
    const size = {height, width};
    const matrices = randomAffineMatrix(count, size, keysIn('randomAffine')('affine'), affine).arraySync();
    const oneByOne = (values: ArrayLike<number>): number[] => {
      const shape = [count, height, width, 1];
      const flipped = mapPixels({values, shape}, (b, y, x, c) =>
        pixel({values, shape}, b, y, flips[b] ? width - 1 - x : x, c, 'constant', 0),
      );
      const shifted = mapPixels({values, shape}, (b, y, x, c) => {
        const [down, right] = offsets[b]! as [number, number];
        return pixel({values: flipped, shape}, b, y - down, x - right, c, 'constant', 0);
      });
      return bilinear({values: shifted, shape}, (b, y, x) => {
        const place = (row: number) => {
          const [ofX, ofY, rest] = matrices[b]![row] as [number, number, number];
          return ofX * x + ofY * y + rest;
        };
        return [place(1), place(0)];
      });
    };
    const inside = oneByOne(new Float64Array(images.size).fill(1)).map((share) => share > 1 - 1e-9);
    expect(inside.filter(Boolean).length).toBeGreaterThan(images.size / 3);
    const only = (values: ArrayLike<number>) => Array.from(values).filter((_, i) => inside[i]);
    expectClose(tf.tensor1d(only(merged.dataSync())), only(oneByOne(images.dataSync())), 'reduction');
  });

  it('composes fractions of pixels without loss, where two resamples blur twice', () => {
    const images = ramp(3, 14, 13);
    const settings = {rotation: 20, translation: 0.05} as const;
    const twice = [randomAffine({...settings}), randomAffine({...settings, name: 'again'})];
    const merged = run(pipeline(twice), images);
    const resample = (tensor: tf.Tensor4D, name: string): tf.Tensor4D =>
      resampledImages(
        tensor,
        randomAffineMatrix(3, {height: 14, width: 13}, keysIn(name)('affine'), settings),
      );
    const oneByOne = (tensor: tf.Tensor4D) => resample(resample(tensor, 'randomAffine'), 'again');
    const inside = oneByOne(tf.onesLike(images)).dataSync();
    const only = (values: ArrayLike<number>) => Array.from(values).filter((_, i) => inside[i]! > 1 - 1e-5);
    expect(only(inside).length).toBeGreaterThan(images.size / 4);
    const [found, expected] = [only(merged.dataSync()), only(oneByOne(images).dataSync())];
    // the coarsest step is WebGL's: 1e-4 of values up to 45
    found.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(5e-3);
    });
  });

  it('keeps techniques apart that differ in what comes in at the edges', () => {
    const images = someImages([4, 10, 9, 1]);
    const plugin = pipeline([randomShift({fillMode: 'reflect'}), randomCrop({fillMode: 'constant'})]);
    const both = run(plugin, images);
    const reach = {horizontal: 4, vertical: 4};
    const offsets = randomOffsets(4, keysIn('randomShift')('shift'), reach);
    const corners = randomCorners(4, keysIn('randomCrop')('crop'), reach);
    const shifted = shiftedImages(images, offsets, {fillMode: 'reflect'});
    expectSame(both, croppedImages(shifted, corners, reach).dataSync());
  });

  it('refuses to wrap further than a side', () => {
    const shift = randomShift({pixels: 3, fillMode: 'wrap'});
    const crop = randomCrop({padding: {vertical: 2}, fillMode: 'wrap'});
    expect(() => setUp(pipeline([shift, crop]))).toThrow(
      "[pipeline] the sum of whole-pixel shifts must be at most an image's side minus 2; received 3 across and 5 down",
    );
    expect(() => setUp(pipeline([randomShift({pixels: 4})]))).toThrow('[randomShift] pixels must be at most');
  });
});

describe('a pipeline', () => {
  const images = () => someImages([6, 6, 5, 2]);

  it('draws for each technique whatever else is in it', () => {
    const black = tf.zeros<tf.Rank.R4>([6, 6, 5, 2]);
    const erasing = randomErasing({probability: 1, fill: 1});
    const alone = run(pipeline([erasing]), black).dataSync();
    const among = pipeline([randomFlip(), randomAffine(), erasing]);
    expectSame(run(among, black), alone);
    expect(Math.max(...alone)).toBe(1);
  });

  it('keeps the order of the list where techniques cannot be merged', () => {
    const black = tf.zeros<tf.Rank.R4>([6, 6, 5, 2]);
    const erasing = cutout({size: 2, fill: 1});
    const inversion = randomInvert({probability: 1});
    expect(new Set(run(pipeline([inversion, erasing]), black).dataSync())).toEqual(new Set([1]));
    expect(new Set(run(pipeline([erasing, inversion]), black).dataSync())).toEqual(new Set([0, 1]));
  });

  it('moves targets that are maps of pixels along, and leaves their values', () => {
    const labels = {
      outputs: [{name: 'mask', shape: [null, 6, 5, 2]}],
      losses: [{name: 'categoricalCrossentropy', kind: 'classes', outputs: 'probabilities', linear: true}],
    } as const;
    const flip = randomFlip({horizontal: 1});
    const plugin = pipeline([flip, randomContrast({strength: 1})], {targets: 'transform'});
    const mask = tf.round(images());
    const {inputs, targets} = runBatch(plugin, batchOf(images(), [{target: mask, weight: 1}]), labels);
    expectSame(targets[0]![0]!.target, tf.reverse(mask, 2).dataSync());
    expect(inputs[0]!.dataSync()).not.toEqual(tf.reverse(images(), 2).dataSync());
    expect(() => setUp(pipeline([flip]), labels)).toThrow('[pipeline] the target of output mask');
    expect(setUp(pipeline([randomContrast()]), labels).plan).toBeDefined();
  });

  it('takes images that are vectors', () => {
    const flat = {inputs: [{name: 'x', shape: [null, 60]}]};
    const techniques = [randomFlip(), randomShift({pixels: 1}), randomBrightness()];
    const vectors = batchOf(tf.reshape(images(), [6, 60]));
    const [changed] = runBatch(pipeline(techniques, {imageShape: [6, 5, 2]}), vectors, flat).inputs;
    expect(changed!.shape).toEqual([6, 60]);
    expectSame(changed!, run(pipeline(techniques), images()).dataSync());
  });

  it('leaves out what is idle, and is idle where all of it is', () => {
    const idle = [randomFlip({horizontal: 0}), randomShift({pixels: 0}), randomErasing({probability: 0})];
    expect(setUp(pipeline(idle))).toEqual({idle: true});
    const one = run(pipeline([...idle, randomContrast()]), images());
    expectSame(one, run(pipeline([randomContrast()]), images()).dataSync());
  });

  it('comes before mixing, and after other augmentation if it only erases', () => {
    expect(pipeline([randomFlip(), randomErasing()])).toMatchObject({
      tags: ['augmentation', 'erasing'],
      before: ['mixing'],
      after: [],
    });
    expect(pipeline([cutout()])).toMatchObject({tags: ['erasing'], after: ['augmentation']});
  });

  it('refuses what it cannot hold, and says what to do', () => {
    expect(() => pipeline([])).toThrow('[pipeline] the list of techniques is empty');
    // @ts-expect-error mixup mixes examples, and their targets
    expect(() => pipeline([mixup()])).toThrow('[pipeline] mixup is no technique that changes images');
    expect(() => pipeline([randomFlip(), randomFlip()])).toThrow('two techniques are named randomFlip');
    expect(() => pipeline([randomFlip({imageShape: [2, 2, 1]})])).toThrow(
      '[pipeline] randomFlip has the option imageShape of its own',
    );
    // @ts-expect-error no such option
    expect(() => pipeline([randomFlip()], {fillMode: 'wrap'})).toThrow('unknown option fillMode');
    expect(() => pipeline([randomFlip()], {name: 'flips'}).setup!(contextOf({inputs: []}))).toThrow(
      '[flips] no input of the model is an image',
    );
  });
});
