import {beta, gamma, hostNormal, hostUniform, type KeyPair} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, test} from 'vitest';
import {betaCdf, gammaCdf, kolmogorovSmirnov, moments} from './statistics.ts';
import {
  BETA,
  GAMMA,
  KOLMOGOROV_SMIRNOV,
  OTHER_ATTEMPT,
  STANDARD_ERRORS,
  SYMMETRIC_BETA,
} from './tolerances.ts';

const ATTEMPTS = 8;

/** Log gamma numbers by Marsaglia and Tsang in float64, one after the other, from the streams that the package draws. */
function logGammas(n: number, [a, b]: KeyPair, alpha: number, stream = 0): number[] {
  const at = (k: number): KeyPair => [(a + Math.imul(stream + k, 0x9e3779b9)) | 0, b];
  const normals = hostNormal(n * ATTEMPTS, at(1));
  const uniforms = hostUniform(n * (ATTEMPTS + 1), at(2));
  const d = (alpha < 1 ? alpha + 1 : alpha) - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  return Array.from({length: n}, (_, i) => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const z = normals[attempt * n + i]!;
      const v = (1 + c * z) ** 3;
      if (v <= 0 || Math.log(uniforms[attempt * n + i]!) >= z ** 2 / 2 + d - d * v + d * Math.log(v))
        continue;
      return Math.log(d * v) + (alpha < 1 ? Math.log(uniforms[ATTEMPTS * n + i]!) / alpha : 0);
    }
    throw new Error('no attempt was accepted');
  });
}

/**
 * Beta numbers with equal parameters in float64, from the streams that the package draws. Bailey's formula with
 * W = U^(1/α) instead of its inverse: ½ + ½·c·√((1 − W)/(c² + W·(1 − c²))), which nothing can overflow in.
 */
function symmetricBetas(n: number, key: KeyPair, alpha: number): number[] {
  const uniforms = hostUniform(2 * n, key);
  return Array.from({length: n}, (_, i) => {
    const w = uniforms[i]! ** (1 / alpha);
    const rest = -Math.expm1(Math.log(uniforms[i]!) / alpha); // 1 − w
    const c = Math.sin(Math.PI * (uniforms[n + i]! - 0.5));
    return 0.5 + 0.5 * c * Math.sqrt(rest / (c * c + w * (1 - c * c)));
  });
}

function mostlyNear(
  actual: ArrayLike<number>,
  expected: number[],
  far: (x: number, y: number) => boolean,
): void {
  expect(actual.length).toBe(expected.length);
  const others = expected.filter((y, i) => far(actual[i]!, y)).length;
  expect(others / expected.length).toBeLessThanOrEqual(OTHER_ATTEMPT);
}

describe('gamma', () => {
  test.each([0.2, 1, 2.5, 40])('with alpha %d agrees with a float64 reference', (alpha) => {
    const expected = logGammas(3000, [5, 5], alpha).map(Math.exp);
    const drawn = gamma([30, 100], [5, 5], {alpha});
    expect(drawn.shape).toEqual([30, 100]);
    mostlyNear(drawn.dataSync(), expected, (x, y) => Math.abs(x - y) > GAMMA * y);
  });

  test.each([0.2, 0.5, 1, 2.5, 40])('with alpha %d has its distribution', (alpha) => {
    const n = 10_000;
    const values = gamma([n], [2, 3], {alpha}).dataSync();
    expect(kolmogorovSmirnov(values, (x) => gammaCdf(x, alpha))).toBeLessThan(KOLMOGOROV_SMIRNOV);
    const {mean} = moments(values);
    expect(Math.abs(mean - alpha)).toBeLessThan(STANDARD_ERRORS * Math.sqrt(alpha / n));
  });

  test('takes a tensor for alpha', () => {
    const rows = tf.tidy(() => gamma([2, 500], [1, 3], {alpha: tf.tensor2d([[0.5], [50]])}));
    const [low, high] = rows.arraySync() as [number[], number[]];
    expect(moments(low).mean).toBeCloseTo(0.5, 0);
    expect(Math.abs(moments(high).mean - 50)).toBeLessThan(STANDARD_ERRORS * Math.sqrt(50 / 500));
    expect(gamma([9], [1, 3], {alpha: tf.scalar(2)}).dataSync()).toEqual(
      gamma([9], [1, 3], {alpha: 2}).dataSync(),
    );
  });
});

describe('beta', () => {
  test.each([0.005, 0.2, 1, 2.5, 40, 1000])(
    'with both parameters %d agrees with a float64 reference, every element',
    (alpha) => {
      const expected = symmetricBetas(5000, [5, 6], alpha);
      const drawn = beta([50, 100], [5, 6], {alpha, beta: alpha});
      expect(drawn.shape).toEqual([50, 100]);
      const values = drawn.dataSync();
      const largest = Math.max(...expected.map((x, i) => Math.abs(x - values[i]!)));
      expect(largest).toBeLessThanOrEqual(SYMMETRIC_BETA[tf.getBackend()]!);
    },
  );

  test.each([
    [0.2, 0.3],
    [1, 0.5],
    [2, 5],
  ])('with parameters %d, %d agrees with a float64 reference', (a, b) => {
    const x = logGammas(2000, [5, 6], a);
    const y = logGammas(2000, [5, 6], b, 2);
    const expected = x.map((logX, i) => 1 / (1 + Math.exp(y[i]! - logX)));
    mostlyNear(
      beta([2000], [5, 6], {alpha: a, beta: b}).dataSync(),
      expected,
      (p, q) => Math.abs(p - q) > BETA,
    );
  });

  test.each([
    [0.2, 0.2],
    [0.2, 3],
    [1, 1],
    [2, 5],
    [30, 30],
  ])('with parameters %d, %d has its distribution', (a, b) => {
    const values = beta([10_000], [2, 4], {alpha: a, beta: b}).dataSync();
    // Numbers within 2⁻²⁴ of 1 round to 1, so the distribution is compared below that.
    expect(kolmogorovSmirnov(values, (x) => betaCdf(x, a, b))).toBeLessThan(
      KOLMOGOROV_SMIRNOV + Math.sqrt(10_000) * (1 - betaCdf(1 - 2 ** -24, a, b)),
    );
  });

  test.each([0.05, 0.2, 0.4, 1.5])('with both parameters %d has its distribution in 10⁵ numbers', (alpha) => {
    const n = 100_000;
    const values = beta([n], [8, 1], {alpha, beta: alpha}).dataSync();
    // The numbers are those of float32 near ½: what lies closer to 0 or 1 than 2⁻²⁴ is 0 or 1.
    const rounded = betaCdf(2 ** -24, alpha, alpha);
    const cdf = (x: number) => betaCdf(x, alpha, alpha);
    expect(kolmogorovSmirnov(values, cdf)).toBeLessThan(KOLMOGOROV_SMIRNOV + Math.sqrt(n) * rounded);
    const inside = values.filter((x) => x > 2 ** -20 && x < 1 - 2 ** -20);
    const [low, high] = [cdf(2 ** -20), cdf(1 - 2 ** -20)];
    expect(kolmogorovSmirnov(inside, (x) => (cdf(x) - low) / (high - low))).toBeLessThan(KOLMOGOROV_SMIRNOV);
    expect(Math.abs(inside.length / n - (high - low))).toBeLessThan(STANDARD_ERRORS * Math.sqrt(0.25 / n));
    const {mean, variance} = moments(values);
    expect(Math.abs(mean - 0.5)).toBeLessThan(STANDARD_ERRORS * Math.sqrt(variance / n));
    // The variance of (x − ½)² is below 1/64: x − ½ lies within ±½.
    expect(Math.abs(variance - 1 / (4 * (2 * alpha + 1)))).toBeLessThan(STANDARD_ERRORS / (8 * Math.sqrt(n)));
  });

  test('takes tensors for its parameters', () => {
    const alpha = tf.tensor2d([[0.5], [50]]);
    const rows = beta<tf.Rank.R2>([2, 500], [1, 3], {alpha, beta: alpha});
    for (const [row, a] of [
      [0, 0.5],
      [1, 50],
    ] as const) {
      const values = tf.slice(rows, [row, 0], [1, 500]).dataSync();
      expect(kolmogorovSmirnov(values, (x) => betaCdf(x, a, a))).toBeLessThan(KOLMOGOROV_SMIRNOV);
    }
    expect(beta([9], [1, 3], {alpha: tf.scalar(2), beta: 5}).dataSync()).toEqual(
      beta([9], [1, 3], {alpha: 2, beta: 5}).dataSync(),
    );
  });

  test.each([
    [0.005, 0.005],
    [0.005, 0.006],
  ])('stays in [0, 1] where the gammas underflow, with parameters %d, %d', (a, b) => {
    const values = beta([5000], [2, 4], {alpha: a, beta: b}).dataSync();
    expect(values.every((x) => x >= 0 && x <= 1)).toBe(true);
    expect(moments(values).mean).toBeCloseTo(0.5, 1);
    expect(values.filter((x) => x < 0.001 || x > 0.999).length).toBeGreaterThan(4500);
  });
});
