import {expectSame} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {describe, it} from 'vitest';
import {
  composedMatrices,
  flipMatrix,
  flippedImages,
  resampledImages,
  shiftedImages,
  shiftMatrix,
} from '../src/index.ts';
import {someImages} from './harness.ts';

describe('composedMatrices', () => {
  it('is one change after the other, exactly', () => {
    const images = someImages([3, 6, 5, 2]);
    const flips = {horizontal: tf.tensor1d([1, 0, 1]), vertical: tf.tensor1d([1, 1, 0])};
    const offsets = tf.tensor2d([
      [2, 1],
      [-1, 3],
      [0, -2],
    ]);
    const one = composedMatrices(flipMatrix(flips, {height: 6, width: 5}), shiftMatrix(offsets));
    const twice = shiftedImages(flippedImages(images, flips), offsets);
    expectSame(resampledImages(images, one, {interpolation: 'nearest'}), twice.dataSync());
    const other = composedMatrices(shiftMatrix(offsets), flipMatrix(flips, {height: 6, width: 5}));
    const reversed = flippedImages(shiftedImages(images, offsets), flips);
    expectSame(resampledImages(images, other, {interpolation: 'nearest'}), reversed.dataSync());
  });
});
