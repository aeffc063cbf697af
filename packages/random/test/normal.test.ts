import {hostNormal, normal, truncatedNormal} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, test} from 'vitest';
import {KNOWN, LARGE} from './known.ts';
import {kolmogorovSmirnov, moments, normalCdf} from './statistics.ts';
import {KOLMOGOROV_SMIRNOV, NORMAL, STANDARD_ERRORS} from './tolerances.ts';

function near(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = NORMAL): void {
  expect(actual.length).toBe(expected.length);
  const worst = Array.from(actual, (x, i) => Math.abs(x - expected[i]!)).reduce((a, b) => Math.max(a, b), 0);
  expect(worst).toBeLessThanOrEqual(tolerance);
}

describe('normal', () => {
  test.each(KNOWN)('is TensorFlow’s for key $key', ({key, normal: known}) => {
    near(hostNormal(known.length, key), known);
    near(normal([known.length], key).dataSync(), known);
  });

  test('is TensorFlow’s at index 1,000,003', () => {
    near(hostNormal(LARGE.size, LARGE.key).slice(-5), LARGE.normal);
    const tail = tf.tidy(() => tf.slice(normal<tf.Rank.R1>([LARGE.size], LARGE.key), LARGE.size - 5, 5));
    near(tail.dataSync(), LARGE.normal);
  });

  test.each([[[]], [[0, 4]], [[3]], [[4, 5]], [[129, 785]], [[3, 4, 5, 6]], [[2, 2, 2, 2, 2, 3]]])(
    'agrees with the host for shape %j',
    (shape: number[]) => {
      const drawn = normal(shape, [8, 9]);
      expect(drawn.shape).toEqual(shape);
      near(drawn.dataSync(), hostNormal(drawn.size, [8, 9]));
    },
  );

  test('is normal', () => {
    const values = normal([20_000], [1, 1]).dataSync();
    expect(kolmogorovSmirnov(values, normalCdf)).toBeLessThan(KOLMOGOROV_SMIRNOV);
  });

  test('is moved and scaled', () => {
    const options = {mean: 3, sigma: 0.5};
    near(normal([99], [1, 1], options).dataSync(), hostNormal(99, [1, 1], options));
    near(
      hostNormal(99, [1, 1], options),
      hostNormal(99, [1, 1]).map((z) => 3 + z / 2),
    );
    const spread = tf.tidy(() => normal([2, 500], [1, 1], {sigma: tf.tensor2d([[0], [2]])}));
    const [still, wide] = spread.arraySync() as [number[], number[]];
    expect(still.every((x) => Math.abs(x) === 0)).toBe(true);
    expect(Math.sqrt(moments(wide).variance)).toBeCloseTo(2, 0);
  });
});

describe('truncatedNormal', () => {
  // The standard normal between −2 and 2 has the standard deviation √(1 − 4φ(2)/(2Φ(2) − 1)) = 0.87962566.
  test('stays within two standard deviations, and is normal there', () => {
    const values = truncatedNormal([20_000], [3, 4]).dataSync();
    const inside = normalCdf(2) - normalCdf(-2);
    expect(values.every((z) => Math.abs(z) <= 2)).toBe(true);
    expect(kolmogorovSmirnov(values, (z) => (normalCdf(z) - normalCdf(-2)) / inside)).toBeLessThan(
      KOLMOGOROV_SMIRNOV,
    );
    expect(Math.sqrt(moments(values).variance)).toBeCloseTo(0.87962566, 2);
  });

  test('is the first of its proposals within bounds', () => {
    const proposals = hostNormal(8 * 60, [6, 7]);
    const expected = Array.from({length: 60}, (_, i) => {
      for (let attempt = 0; attempt < 8; attempt++) {
        const z = proposals[attempt * 60 + i]!;
        if (Math.abs(z) <= 2) return z;
      }
      throw new Error('no attempt was accepted');
    });
    near(truncatedNormal([3, 4, 5], [6, 7]).dataSync(), expected);
  });

  test('is moved and scaled', () => {
    const values = truncatedNormal([1000], [3, 4], {mean: 10, sigma: 0.1}).dataSync();
    const {mean} = moments(values);
    expect(Math.abs(mean - 10)).toBeLessThan((STANDARD_ERRORS * 0.088) / Math.sqrt(1000));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(9.8 - 1e-5);
    expect(Math.max(...values)).toBeLessThanOrEqual(10.2 + 1e-5);
  });
});
