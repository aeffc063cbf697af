import {expectSame} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {beforeAll, describe, expect, it} from 'vitest';
import {randomOffsets, randomShift, shiftedImages} from '../src/index.ts';
import {batchOf, keysOf, runBatch, setUp, someImages} from './harness.ts';
import {type Mode, mapPixels, pixel} from './reference.ts';

const modes: readonly Mode[] = ['constant', 'reflect', 'nearest', 'wrap'];

describe('shiftedImages', () => {
  it('moves to the right and down, and fills as the mode says', () => {
    const row = tf.tensor4d([1, 2, 3, 4], [1, 1, 4, 1]);
    const move = (right: number, fillMode: Mode) =>
      Array.from(shiftedImages(row, tf.tensor2d([[0, right]]), {fillMode, fillValue: 9}).dataSync());
    expect(move(1, 'constant')).toEqual([9, 1, 2, 3]);
    expect(move(2, 'reflect')).toEqual([2, 1, 1, 2]);
    expect(move(2, 'nearest')).toEqual([1, 1, 1, 2]);
    expect(move(2, 'wrap')).toEqual([3, 4, 1, 2]);
    expect(move(-2, 'wrap')).toEqual([3, 4, 1, 2]);
    const column = tf.reshape<tf.Rank.R4>(row, [1, 4, 1, 1]);
    expectSame(shiftedImages(column, tf.tensor2d([[1, 0]])), [0, 1, 2, 3]);
  });

  it('is exactly the reference, up to the side minus 2', () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.integer({min: 3, max: 7}), fc.integer({min: 3, max: 7})),
        fc.constantFrom(...modes),
        fc.infiniteStream(fc.integer({min: 0, max: 1000})),
        ([height, width], fillMode, numbers) => {
          const images = someImages([3, height, width, 2]);
          const within = (side: number) => (numbers.next().value % (2 * side - 3)) - (side - 2);
          const offsets = Array.from({length: 3}, (): [number, number] => [within(height), within(width)]);
          const pixels = {values: images.dataSync(), shape: images.shape};
          const expected = mapPixels(pixels, (b, y, x, c) =>
            pixel(pixels, b, y - offsets[b]![0], x - offsets[b]![1], c, fillMode, Math.fround(0.7)),
          );
          expectSame(shiftedImages(images, tf.tensor2d(offsets), {fillMode, fillValue: 0.7}), expected);
          expectSame(images, pixels.values);
        },
      ),
      {numRuns: 30, seed: 2},
    );
  });
});

describe('randomOffsets', () => {
  it('draws every whole shift equally often', () => {
    const offsets = randomOffsets(5000, keysOf(4)('shift'), {horizontal: 0, vertical: 2}).dataSync();
    const counts = new Map<number, number>();
    for (let i = 0; i < 5000; i++) {
      counts.set(offsets[2 * i]!, (counts.get(offsets[2 * i]!) ?? 0) + 1);
      expect(Math.abs(offsets[2 * i + 1]!)).toBe(0);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
    // 1000 each, standard deviation √(5000·0.2·0.8) = 28; four of them
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(115);
  });
});

describe('randomShift', () => {
  let images: tf.Tensor4D;
  beforeAll(() => {
    images = someImages([8, 6, 5, 2]);
  });

  it('shifts each image by the drawn offsets', () => {
    const run = (seed: number) =>
      runBatch(randomShift({pixels: 2}), batchOf(images), {}, seed).inputs[0]!.dataSync();
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it('moves along one axis only where asked to', () => {
    const only = randomShift({pixels: {vertical: 3}, fillMode: 'wrap'});
    const [moved] = runBatch(only, batchOf(images)).inputs;
    const sums = (tensor: tf.Tensor) => tf.sum(tensor, 1);
    expect(tf.max(tf.abs(tf.sub(sums(moved!), sums(images)))).dataSync()[0]).toBeLessThan(1e-5);
    expect(moved!.dataSync()).not.toEqual(images.dataSync());
  });

  it('is idle at 0 pixels, and refuses shifts of a side', () => {
    expect(setUp(randomShift({pixels: 0}))).toEqual({idle: true});
    expect(() => setUp(randomShift({pixels: 4}))).toThrow(
      "[randomShift] pixels must be at most an image's side minus 2; received 4 across and 4 down for images of [6, 5, 2]",
    );
    expect(setUp(randomShift({pixels: 3})).idle).toBeUndefined();
    const line = {inputs: [{name: 'line', shape: [null, 1, 9, 1]}]};
    expect(setUp(randomShift({pixels: {horizontal: 3}}), line).idle).toBeUndefined();
  });

  it('checks its options', () => {
    expect(() => randomShift({pixels: 1.5})).toThrow('[randomShift] pixels must be an integer in [0, ∞)');
    // @ts-expect-error no such mode
    expect(() => randomShift({fillMode: 'mirror'})).toThrow('fillMode must be one of');
    expect(() => randomShift({fillValue: Number.NaN})).toThrow('fillValue must be a finite number');
  });
});
