import {expectClose, expectSame} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {
  composeMatrices,
  flipImages,
  flipMatrix,
  geometric,
  resampleImages,
  shiftImages,
  shiftMatrix,
} from '../src/index.ts';
import {batchOf, runBatch, setUp, someImages} from './harness.ts';

describe('composeMatrices', () => {
  it('is one change after the other, exactly', () => {
    const images = someImages([3, 6, 5, 2]);
    const flips = {horizontal: tf.tensor1d([1, 0, 1]), vertical: tf.tensor1d([1, 1, 0])};
    const offsets = tf.tensor2d([
      [2, 1],
      [-1, 3],
      [0, -2],
    ]);
    const one = composeMatrices(flipMatrix(flips, {height: 6, width: 5}), shiftMatrix(offsets));
    const twice = shiftImages(flipImages(images, flips), offsets);
    expectSame(resampleImages(images, one, {interpolation: 'nearest'}), twice.dataSync());
    const other = composeMatrices(shiftMatrix(offsets), flipMatrix(flips, {height: 6, width: 5}));
    const reversed = flipImages(shiftImages(images, offsets), flips);
    expectSame(resampleImages(images, other, {interpolation: 'nearest'}), reversed.dataSync());
  });
});

describe('geometric', () => {
  let images: tf.Tensor4D;
  beforeAll(() => {
    images = someImages([6, 6, 5, 2]);
  });

  it('flips exactly when it only flips', () => {
    const [flipped] = runBatch(geometric({flip: {horizontal: 1, vertical: 1}}), batchOf(images)).inputs;
    expectSame(flipped!, tf.reverse(images, [1, 2]).dataSync());
  });

  it('moves whole pixels exactly', () => {
    const moving = geometric({flip: {}, shift: {pixels: 2}, fillMode: 'wrap'});
    const [moved] = runBatch(moving, batchOf(images)).inputs;
    // every image still has the same pixels, in another order
    const sorted = (tensor: tf.Tensor) =>
      tf.unstack(tensor).map((image) => Array.from(image.dataSync()).sort((a, b) => a - b));
    expect(sorted(moved!)).toEqual(sorted(images));
  });

  it('resamples once for all three', () => {
    const plugin = geometric({flip: {}, shift: {pixels: 1}, affine: {}, fillMode: 'nearest'});
    const run = (seed: number) => runBatch(plugin, batchOf(images), {}, seed).inputs[0]!.dataSync();
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    const grey = tf.fill([2, 6, 5, 2], 0.25);
    expectClose(runBatch(plugin, batchOf(grey)).inputs[0]!, grey.dataSync(), 'elementwise');
  });

  it('is idle where all changes are, and refuses to be given none', () => {
    expect(setUp(geometric({flip: {horizontal: 0}, shift: {pixels: 0}}))).toEqual({idle: true});
    expect(() => geometric({})).toThrow('[geometric] none of flip, shift and affine is given');
  });

  it('checks the options of its parts', () => {
    expect(() => geometric({flip: {horizontal: 2}})).toThrow('horizontal must be in [0, 1]');
    expect(() => setUp(geometric({shift: {pixels: 4}}))).toThrow(
      "pixels must be at most an image's side minus 2",
    );
    // @ts-expect-error no such setting
    expect(() => geometric({affine: {zoom: 2}})).toThrow('[geometric affine] unknown option zoom');
  });
});
