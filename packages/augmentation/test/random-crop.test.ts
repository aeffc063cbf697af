import {expectSame} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {croppedImages, randomCorners, randomCrop} from '../src/index.ts';
import {batchOf, keysOf, runBatch, setUp, someImages} from './harness.ts';

describe('croppedImages', () => {
  let images: tf.Tensor4D;
  beforeAll(() => {
    images = someImages([3, 6, 5, 2]);
  });
  const corners: readonly (readonly [top: number, left: number])[] = [
    [0, 0],
    [1, 4],
    [6, 2],
  ];
  const padding = {horizontal: 2, vertical: 3};
  const cropped = (pad: (image: tf.Tensor4D) => tf.Tensor4D) =>
    tf.concat(
      corners.map(([top, left], b) =>
        tf.slice(pad(tf.slice(images, [b], [1])), [0, top, left, 0], [1, 6, 5, 2]),
      ),
    );

  it('is padding and slicing, exactly', () => {
    const expected = cropped((image) =>
      tf.pad4d(
        image,
        [
          [0, 0],
          [3, 3],
          [2, 2],
          [0, 0],
        ],
        0.25,
      ),
    );
    const actual = croppedImages(images, tf.tensor2d(corners.flat(), [3, 2]), padding, {fillValue: 0.25});
    expectSame(actual, expected.dataSync());
  });

  it('reflects as symmetric padding does', () => {
    const expected = cropped((image) =>
      tf.mirrorPad(
        image,
        [
          [0, 0],
          [3, 3],
          [2, 2],
          [0, 0],
        ],
        'symmetric',
      ),
    );
    const actual = croppedImages(images, tf.tensor2d(corners.flat(), [3, 2]), padding, {fillMode: 'reflect'});
    expectSame(actual, expected.dataSync());
  });
});

describe('randomCrop', () => {
  let images: tf.Tensor4D;
  beforeAll(() => {
    images = someImages([8, 6, 5, 2]);
  });

  it('cuts at corners from 0 to twice the padding', () => {
    const corners = randomCorners(2000, keysOf(1)('crop'), {horizontal: 1, vertical: 3});
    expect(Array.from(tf.min(corners, 0).dataSync())).toEqual([0, 0]);
    expect(Array.from(tf.max(corners, 0).dataSync())).toEqual([6, 2]);
  });

  it('repeats with the same keys and differs with others', () => {
    const run = (seed: number) =>
      runBatch(randomCrop({padding: 2}), batchOf(images), {}, seed).inputs[0]!.dataSync();
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it('is idle without padding, and checks its options', () => {
    expect(setUp(randomCrop({padding: 0}))).toEqual({idle: true});
    expect(() => randomCrop({padding: -1})).toThrow('[randomCrop] padding must be an integer in [0, ∞)');
    expect(() => setUp(randomCrop({padding: 5}))).toThrow("padding must be at most an image's side minus 2");
    // @ts-expect-error that is randomShift's
    expect(() => randomCrop({pixels: 4})).toThrow('unknown option pixels');
  });
});
