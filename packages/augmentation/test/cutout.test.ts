import {expectSame} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {boxMask, cutout, cutoutBoxes} from '../src/index.ts';
import {batchOf, keysOf, runBatch, setUp, someImages} from './harness.ts';

describe('cutoutBoxes', () => {
  it('are squares about every pixel, cut off at the edge', () => {
    const size = {height: 6, width: 8};
    const mask = boxMask(cutoutBoxes(4000, size, keysOf(6)('box')), size);
    const counts = tf.sum(mask, [1, 2, 3]);
    // Side 3 = 6/2, one pixel before the centre and one after. A centre at an edge leaves 2 of 3 rows, so the
    // expected rows are (4·3 + 2·2)/6 = 8/3 and columns (6·3 + 2·2)/8 = 22/8: 7.333 pixels in the mean.
    expect(tf.max(counts).dataSync()[0]).toBe(9);
    expect(tf.min(counts).dataSync()[0]).toBe(4);
    expect(Math.abs(tf.mean(tf.cast(counts, 'float32')).dataSync()[0]! - 22 / 3)).toBeLessThan(0.1);
  });

  it('spares images with the probability asked for', () => {
    const size = {height: 6, width: 6};
    const mask = boxMask(cutoutBoxes(4000, size, keysOf(7)('box'), {probability: 0.25}), size);
    const cut = tf.mean(tf.cast(tf.any(mask, [1, 2, 3]), 'float32')).dataSync()[0]!;
    expect(Math.abs(cut - 0.25)).toBeLessThan(0.03); // four times √(0.1875/4000)
  });
});

describe('cutout', () => {
  let images: tf.Tensor4D;
  beforeAll(() => {
    images = tf.add(someImages([8, 6, 5, 2]), 1) as tf.Tensor4D;
  });

  it('erases everything with a square twice the image', () => {
    expectSame(runBatch(cutout({size: 12}), batchOf(images)).inputs[0]!, new Float32Array(images.size));
  });

  it('erases a quarter at most by default, and repeats with the same keys', () => {
    const run = (seed: number) => runBatch(cutout(), batchOf(images), {}, seed).inputs[0]!.dataSync();
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    const erased = Array.from(run(1)).filter((value) => value === 0).length;
    expect(erased).toBeGreaterThan(0);
    expect(erased).toBeLessThanOrEqual(8 * 2 * 2 * 2); // side 2 of 5, 2 channels
  });

  it('is idle at probability 0, and checks its options', () => {
    expect(setUp(cutout({probability: 0}))).toEqual({idle: true});
    expect(() => cutout({size: 0})).toThrow('[cutout] size must be an integer in [1, ∞); received 0');
    expect(() => cutout({probability: 2})).toThrow('probability must be in [0, 1]');
  });
});
