import {bernoulli, hostUniform} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {STANDARD_ERRORS} from './tolerances.ts';

describe('bernoulli', () => {
  test('is 1 where the uniform is below the probability, on every backend', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({min: 0, max: 5}), {maxLength: 5}),
        fc.double({min: 0, max: 1, noNaN: true}),
        (shape, probability) => {
          const flips = bernoulli(shape, [4, 2], {probability});
          const expected = hostUniform(flips.size, [4, 2]).map((u) => (u < Math.fround(probability) ? 1 : 0));
          expect(flips.shape).toEqual(shape);
          expect(flips.dtype).toBe('float32');
          expect(flips.dataSync()).toEqual(expected);
          flips.dispose();
        },
      ),
      {numRuns: 40, seed: 2},
    );
  });

  test('draws nothing and everything at 0 and 1', () => {
    expect(bernoulli([4, 4], [1, 2], {probability: 0}).dataSync()).toEqual(new Float32Array(16));
    expect(bernoulli([4, 4], [1, 2], {probability: 1}).dataSync()).toEqual(new Float32Array(16).fill(1));
  });

  test('takes a tensor for a probability: a scalar, or one that broadcasts', () => {
    const u = hostUniform(24, [3, 3]);
    const scalar = bernoulli([2, 3, 4], [3, 3], {probability: tf.scalar(0.4)});
    expect(scalar.dataSync()).toEqual(u.map((x) => (x < Math.fround(0.4) ? 1 : 0)));
    const computed = tf.tidy(() => bernoulli([2, 3, 4], [3, 3], {probability: tf.relu(tf.scalar(0.4))}));
    expect(computed.dataSync()).toEqual(scalar.dataSync());
    const p = [0, 1, 0.5];
    const rows = bernoulli([2, 3, 4], [3, 3], {probability: tf.tensor3d(p, [1, 3, 1])});
    expect(rows.shape).toEqual([2, 3, 4]);
    expect(rows.dataSync()).toEqual(u.map((x, i) => (x < p[Math.floor(i / 4) % 3]! ? 1 : 0)));
    const deep = bernoulli([1, 2, 1, 3, 1, 4], [3, 3], {probability: tf.tensor(p, [3, 1, 1])});
    expect(deep.dataSync()).toEqual(rows.dataSync());
  });

  test.each([0.1, 0.5, 0.9])('has the rate %d', (probability) => {
    const n = 40_000;
    const rate = tf.tidy(() => tf.mean(bernoulli([n], [9, 9], {probability}))).dataSync()[0]!;
    const error = Math.sqrt((probability * (1 - probability)) / n);
    expect(Math.abs(rate - probability)).toBeLessThan(STANDARD_ERRORS * error);
  });
});
