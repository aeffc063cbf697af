import {expectSame} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {describe, it} from 'vitest';
import {
  composeMatrices,
  flipImages,
  flipMatrix,
  resampleImages,
  shiftImages,
  shiftMatrix,
} from '../src/index.ts';
import {someImages} from './harness.ts';

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
