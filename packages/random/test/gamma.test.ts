import {beta, gamma, hostNormal, hostUniform, type KeyPair} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, test} from 'vitest';
import {betaCdf, gammaCdf, kolmogorovSmirnov, moments} from './statistics.ts';
import {BETA, GAMMA, KOLMOGOROV_SMIRNOV, OTHER_ATTEMPT, STANDARD_ERRORS} from './tolerances.ts';

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
  test.each([
    [0.2, 0.2],
    [1, 1],
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

  test('stays in [0, 1] where the gammas underflow', () => {
    const values = beta([5000], [2, 4], {alpha: 0.005, beta: 0.005}).dataSync();
    expect(values.every((x) => x >= 0 && x <= 1)).toBe(true);
    expect(moments(values).mean).toBeCloseTo(0.5, 1);
    expect(values.filter((x) => x < 0.001 || x > 0.999).length).toBeGreaterThan(4500);
  });
});
