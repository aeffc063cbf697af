import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, test} from 'vitest';
import {numbers, onCpu} from './on-cpu.ts';

const shape: [number, number, number, number] = [3, 7, 9, 2];
const image = () => tf.tensor4d(numbers(3 * 7 * 9 * 2), shape);

// Rotation with shift, shear with zoom, and perspective: one matrix per image. No coordinate falls half way
// between two pixels or on an edge, where the last bit would decide which pixel is taken.
const matrices = [
  [0.9137, -0.4093, 2.3171, 0.4309, 0.8839, -3.7129, 0, 0],
  [1.7033, 0.3019, -6.2143, -0.2027, 1.4561, -4.9177, 0, 0],
  [1.1087, 0.0541, -1.3049, 0.0719, 0.9341, 0.6173, 0.0131, -0.0113],
];

const fillModes = ['constant', 'reflect', 'wrap', 'nearest'] as const;
const interpolations = ['nearest', 'bilinear'] as const;
type Options = [(typeof interpolations)[number], (typeof fillModes)[number], number?, [number, number]?];

const transform = (...options: Options) => tf.image.transform(image(), tf.tensor2d(matrices), ...options);

/** Image by image: tfjs's cpu kernel leaves its loop over the batch after the first. */
const transformEach = (...options: Options) =>
  tf.concat(
    (tf.split(image(), 3) as tf.Tensor4D[]).map((one, i) =>
      tf.image.transform(one, tf.tensor2d([matrices[i]!]), ...options),
    ),
  );

// TensorFlow works in single precision where JavaScript works in double: a coordinate of some 10 pixels is off
// by 1e-6, and the slope between two pixels is at most 2.
const tolerance = 1e-5;

describe.each(interpolations)('%s', (interpolation) => {
  test.each(fillModes)('filled by %s, as on cpu', async (fillMode) => {
    for (const size of [
      [7, 9],
      [11, 13],
      [4, 5],
    ] as [number, number][]) {
      const options: Options = [interpolation, fillMode, -1, size];
      const cpu = await onCpu(() => transformEach(...options));
      const native = transform(...options);
      expect(native.shape).toEqual([3, ...size, 2]);
      expect(tf.max(tf.abs(tf.sub(native, cpu))).arraySync()).toBeLessThan(tolerance);
    }
  });
});

test('one matrix for the whole batch', () => {
  const shared = tf.image.transform(image(), tf.tensor2d([matrices[0]!]));
  const repeated = tf.image.transform(image(), tf.tensor2d([matrices[0]!, matrices[0]!, matrices[0]!]));
  expect(shared.dataSync()).toEqual(repeated.dataSync());
});

test('the identity gives the same bits', () => {
  const before = image();
  const after = tf.image.transform(before, tf.tensor2d([[1, 0, 0, 0, 1, 0, 0, 0]]), 'bilinear', 'reflect');
  expect(after.dataSync()).toEqual(before.dataSync());
});

test('a shift by two pixels, in each way of filling', () => {
  const row = tf.tensor4d([1, 2, 3, 4], [1, 1, 4, 1]);
  const left = tf.tensor2d([[1, 0, 2, 0, 1, 0, 0, 0]]); // output x shows input x + 2
  const shifted = (fillMode: (typeof fillModes)[number]) =>
    Array.from(tf.image.transform(row, left, 'nearest', fillMode, 9).dataSync());
  expect(shifted('constant')).toEqual([3, 4, 9, 9]);
  expect(shifted('reflect')).toEqual([3, 4, 4, 3]);
  expect(shifted('wrap')).toEqual([3, 4, 1, 2]);
  expect(shifted('nearest')).toEqual([3, 4, 4, 4]);
});

test('nothing is left behind', () => {
  const inputs = [image(), tf.tensor2d(matrices)] as const;
  const before = tf.memory().numTensors;
  tf.image.transform(...inputs).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
