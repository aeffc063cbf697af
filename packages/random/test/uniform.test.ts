import {hostUniform, type KeyPair, keyTensor, uniform} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {KNOWN, LARGE} from './known.ts';
import {kolmogorovSmirnov} from './statistics.ts';
import {KOLMOGOROV_SMIRNOV} from './tolerances.ts';

const int32 = fc.integer({min: -(2 ** 31), max: 2 ** 31 - 1});
const keys = fc.tuple(int32, int32);
const shapes = fc.array(fc.integer({min: 0, max: 7}), {maxLength: 6});

const size = (shape: number[]) => shape.reduce((product, n) => product * n, 1);

async function sameBits(tensor: tf.Tensor, expected: Float32Array): Promise<void> {
  const values = await tensor.data();
  tensor.dispose();
  expect(values).toBeInstanceOf(Float32Array);
  expect(values).toEqual(expected);
}

describe('uniform', () => {
  test.each(KNOWN)('is TensorFlow’s for key $key', ({key, uniform: known}) => {
    const expected = Float32Array.from(known);
    expect(hostUniform(known.length, key)).toEqual(expected);
    expect(uniform([known.length], key).dataSync()).toEqual(expected);
  });

  test('is TensorFlow’s at index 1,000,003', () => {
    const expected = Float32Array.from(LARGE.uniform);
    expect(hostUniform(LARGE.size, LARGE.key).slice(-5)).toEqual(expected);
    const tail = tf.tidy(() => tf.slice(uniform<tf.Rank.R1>([LARGE.size], LARGE.key), LARGE.size - 5, 5));
    expect(tail.dataSync()).toEqual(expected);
  });

  test('has the same bits as the host for any shape and key', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, keys, async (shape, key) => {
        const drawn = uniform(shape, key);
        expect(drawn.shape).toEqual(shape);
        expect(drawn.dtype).toBe('float32');
        await sameBits(drawn, hostUniform(size(shape), key));
      }),
      {numRuns: 60, seed: 1},
    );
  });

  test.each([
    [[1]],
    [[5000, 3]],
    [[3, 5000]],
    [[100_003]],
    [[17, 13, 11, 7]],
    [[1, 1, 1, 1, 999]],
    [[2, 3, 1, 5, 1, 7]],
  ])('has the same bits as the host for shape %j', async (shape) => {
    const key: KeyPair = [size(shape), -1];
    await sameBits(uniform(shape, key), hostUniform(size(shape), key));
  });

  test('keeps its bits through operations that pack, reshape and slice', async () => {
    const key: KeyPair = [12, 34];
    const host = hostUniform(35, key);
    await sameBits(
      tf.tidy(() => tf.add(uniform([5, 7], key), 0)),
      host,
    );
    await sameBits(
      tf.tidy(() => tf.transpose(tf.reshape(uniform([5, 7], key), [7, 5]))),
      Float32Array.from(host, (_, i) => host[(i % 7) * 5 + Math.floor(i / 7)]!),
    );
    await sameBits(
      tf.tidy(() => tf.slice(uniform([5, 7], key), [2, 0], [1, 7])),
      host.slice(14, 21),
    );
  });

  test('takes a tensor for a key and leaves it alone', () => {
    const key = keyTensor([1, 2]);
    expect(uniform([9], key).dataSync()).toEqual(hostUniform(9, [1, 2]));
    expect(key.isDisposed).toBe(false);
    expect(Array.from(key.dataSync())).toEqual([1, 2]);
  });

  test('lies within its bounds', () => {
    const bounded = uniform([1000], [5, 6], {min: -2, max: 3}).dataSync();
    expect(bounded).toEqual(hostUniform(1000, [5, 6], {min: -2, max: 3}));
    expect(Math.min(...bounded)).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...bounded)).toBeLessThan(3);
    const rows = tf.tidy(() =>
      uniform([2, 3], [5, 6], {min: tf.tensor2d([[1], [10]]), max: tf.tensor2d([[2], [11]])}),
    );
    const [a, b] = rows.arraySync() as [number[], number[]];
    expect(a.every((x) => x >= 1 && x < 2) && b.every((x) => x >= 10 && x < 11)).toBe(true);
  });

  test('is uniform', () => {
    const values = uniform([20_000], [7, 7]).dataSync();
    expect(kolmogorovSmirnov(values, (x) => x)).toBeLessThan(KOLMOGOROV_SMIRNOV);
    const pairs = values.subarray(0, 10_000).map((x, i) => (x + values[10_000 + i]!) % 1);
    expect(kolmogorovSmirnov(pairs, (x) => x)).toBeLessThan(KOLMOGOROV_SMIRNOV);
  });
});
