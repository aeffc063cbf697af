import {deriveKey, hostNormal, hostUniform} from '@regularizers/random';
import {tolerance} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {
  maskedValue,
  valueWithMultiplicativeNoise,
  valueWithNormalNoise,
  valueWithSaltAndPepper,
  valueWithUniformNoise,
} from '../src/index.ts';
import {moments} from './statistics.ts';

const key = deriveKey(7, 'corruptions');
const n = 100_000;
const draws = hostUniform(12, key);

describe('corruptions', () => {
  it('adds normal noise of variance σ²', async () => {
    const {mean, variance} = moments(await valueWithNormalNoise(tf.fill([n], 3), key, {sigma: 0.5}).data());
    // Standard deviation of the mean 0.5/√100000 = 0.0016, of the variance 0.25·√(2/100000) = 0.0011.
    expect(Math.abs(mean - 3)).toBeLessThan(0.0064);
    expect(Math.abs(variance - 0.25)).toBeLessThan(0.0045);
  });

  it('adds the normal numbers of the stream', async () => {
    const result = await valueWithNormalNoise(tf.tensor1d([1, 2, 3, 4]), key, {sigma: 2}).data();
    hostNormal(4, key).forEach((z, i) => {
      expect(Math.abs(result[i]! - (i + 1 + 2 * z))).toBeLessThan(10 * tolerance('transcendental'));
    });
  });

  it('adds uniform noise of variance a²/3', async () => {
    const noisy = await valueWithUniformNoise(tf.zeros([n]), key, {limit: 0.3}).data();
    const {mean, variance} = moments(noisy);
    expect(Math.abs(mean)).toBeLessThan(0.0022); // 4·0.173/√100000
    expect(Math.abs(variance - 0.03)).toBeLessThan(0.0004); // 0.3²/3
    expect(noisy.every((x) => x >= -0.3001 && x <= 0.3001)).toBe(true);
  });

  it('sets elements to the lowest or the highest value', async () => {
    const result = await valueWithSaltAndPepper(tf.fill([12], 5), key, {
      probability: 0.5,
      low: -1,
      high: 2,
    }).data();
    expect([...result]).toEqual([...draws].map((u) => (u < 0.25 ? 2 : u < 0.5 ? -1 : 5)));
    const many = await valueWithSaltAndPepper(tf.fill([n], 5), key, {
      probability: 0.2,
      low: 0,
      high: 1,
    }).data();
    // 10 % each; the standard deviation of the fraction is √(0.09/100000) = 0.00095.
    for (const value of [0, 1]) {
      expect(Math.abs(many.filter((x) => x === value).length / n - 0.1)).toBeLessThan(0.004);
    }
  });

  it('replaces elements by one value', async () => {
    const kept = [...draws].map((u) => u < 0.75);
    const zeroed = await maskedValue(tf.fill([12], 5), key, {probability: 0.25, replacement: 0}).data();
    expect([...zeroed]).toEqual(kept.map((keep) => (keep ? 5 : 0)));
    const replaced = await maskedValue(tf.fill([12], 5), key, {probability: 0.25, replacement: -2}).data();
    expect([...replaced]).toEqual(kept.map((keep) => (keep ? 5 : -2)));
  });

  it('multiplies by noise of mean 1', async () => {
    const {mean, variance} = moments(
      await valueWithMultiplicativeNoise(tf.fill([n], 2), key, {sigma: 0.1}).data(),
    );
    expect(Math.abs(mean - 2)).toBeLessThan(0.0026); // 4·0.2/√100000
    expect(Math.abs(variance - 0.04)).toBeLessThan(0.0008); // (2·0.1)²
  });

  const all: readonly [string, (x: tf.Tensor) => tf.Tensor, (x: tf.Tensor) => tf.Tensor][] = [
    [
      'normal',
      (x) => valueWithNormalNoise(x, key, {sigma: 0.1}),
      (x) => valueWithNormalNoise(x, key, {sigma: 0}),
    ],
    [
      'uniform',
      (x) => valueWithUniformNoise(x, key, {limit: 0.1}),
      (x) => valueWithUniformNoise(x, key, {limit: 0}),
    ],
    [
      'salt and pepper',
      (x) => valueWithSaltAndPepper(x, key, {probability: 0.5, low: 0, high: 1}),
      (x) => valueWithSaltAndPepper(x, key, {probability: 0, low: 0, high: 1}),
    ],
    [
      'masking',
      (x) => maskedValue(x, key, {probability: 0.5, replacement: 0}),
      (x) => maskedValue(x, key, {probability: 0, replacement: 0}),
    ],
    [
      'multiplicative',
      (x) => valueWithMultiplicativeNoise(x, key, {sigma: 0.1}),
      (x) => valueWithMultiplicativeNoise(x, key, {sigma: 0}),
    ],
  ];

  it.each(all)('%s: keeps shape, dtype and its input; strength 0 is the identity', async (_, noisy, none) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({min: 1, max: 4}), {minLength: 1, maxLength: 4}),
        async (shape) => {
          const x = tf.fill(shape, 0.25);
          const result = noisy(x);
          expect([result.shape, result.dtype]).toEqual([shape, 'float32']);
          expect((await x.data()).every((value) => value === 0.25)).toBe(true);
          expect((await none(x).data()).every((value) => value === 0.25)).toBe(true);
        },
      ),
      {numRuns: 5, seed: 3},
    );
  });
});
