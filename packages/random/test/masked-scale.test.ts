import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import {bernoulli, hostUniform, type KeyPair, keyTensor, maskedScale} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';

const key: KeyPair = [4, -2];

/** Numbers of both signs that float32 holds exactly. */
const numbers = (size: number): number[] =>
  Array.from({length: size}, (_, i) => (i % 2 ? -1 : 1) * (1 + i / 8));

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** −0, which a mask makes of negative numbers, as 0. */
const unsigned = (values: ArrayLike<number>): number[] => Array.from(values, (x) => x + 0);

/** scale · b of each element, with b from the host's uniforms at the index that the mask's shape gives. */
function factors(
  shape: readonly number[],
  maskShape: readonly number[],
  keep: number,
  scale: number,
): number[] {
  const u = hostUniform(sizeOf(maskShape), key);
  return Array.from({length: sizeOf(shape)}, (_, element) => {
    let [rest, at, stride] = [element, 0, 1];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const coordinate = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
      at += maskShape[axis] === 1 ? 0 : coordinate * stride;
      stride *= maskShape[axis]!;
    }
    return u[at]! < Math.fround(keep) ? Math.fround(scale) : 0;
  });
}

const shapes = fc
  .array(fc.record({size: fc.integer({min: 1, max: 5}), isShared: fc.constantFrom(true, false, false)}), {
    maxLength: 5,
  })
  .map((axes) => ({
    shape: axes.map(({size}) => size),
    maskShape: axes.map(({size, isShared}) => (isShared ? 1 : size)),
  }));

describe('maskedScale', () => {
  test('multiplies by the scale where bernoulli of the key is 1, and by 0 elsewhere; so does its gradient', () => {
    fc.assert(
      fc.property(shapes, fc.constantFrom(0.3, 0.5, 0.9, 1), ({shape, maskShape}, probability) => {
        tf.tidy(() => {
          const x = tf.tensor(numbers(sizeOf(shape)), shape);
          const expected = factors(shape, maskShape, probability, 1 / probability);
          const scaled = maskedScale(x, key, {probability, maskShape});
          expect(scaled.shape).toEqual(shape);
          expect(scaled.dtype).toBe('float32');
          const products = x.dataSync().map((value, i) => value * expected[i]!);
          expect(unsigned(scaled.dataSync())).toEqual(unsigned(products));
          const gradient = tf.grad((value: tf.Tensor) =>
            tf.sum(maskedScale(value, key, {probability, maskShape})),
          )(x);
          expect(unsigned(gradient.dataSync())).toEqual(expected);
        });
      }),
      {numRuns: 25, seed: 3},
    );
  });

  test('is the composition that it stands for, to the bit', () => {
    tf.tidy(() => {
      const x = tf.tensor(numbers(35 * 9), [35, 9]);
      const composed = tf.mul(x, tf.mul(bernoulli([35, 9], key, {probability: 0.3}), 2.5));
      const scaled = maskedScale(x, keyTensor(key), {probability: 0.3, scale: 2.5});
      expect(unsigned(scaled.dataSync())).toEqual(unsigned(composed.dataSync()));
    });
  });

  test('takes what is left of other operations: slices, transposes, reshapes, integers', () => {
    tf.tidy(() => {
      const x = tf.tensor(numbers(24), [4, 6]);
      const taken = [
        tf.slice(x, [1, 1], [3, 5]),
        tf.transpose(x),
        tf.reshape(x, [2, 3, 4]),
        tf.cast(x, 'int32'),
      ];
      for (const value of taken) {
        const expected = factors(value.shape, value.shape, 0.5, 2);
        const products = value.dataSync().map((entry, i) => entry * expected[i]!);
        expect(unsigned(maskedScale(value, key, {probability: 0.5}).dataSync())).toEqual(unsigned(products));
      }
    });
  });

  test('has a gradient that can be differentiated', () => {
    tf.tidy(() => {
      const x = tf.tensor(numbers(6), [2, 3]);
      const squares = (value: tf.Tensor): tf.Tensor => {
        const scaled = maskedScale(value, key, {probability: 0.5});
        return tf.sum(tf.mul(scaled, scaled));
      };
      // f = Σ (m·x)², so ∇f = 2m²x, g = Σ (∇f)² = Σ 4m⁴x², and ∇g = 8m⁴x.
      const second = tf.grad((value: tf.Tensor) => {
        const gradient = tf.grad(squares)(value);
        return tf.sum(tf.mul(gradient, gradient));
      })(x);
      const m = factors([2, 3], [2, 3], 0.5, 2);
      const expected = x.dataSync().map((value, i) => 8 * m[i]! ** 4 * value);
      expect(unsigned(second.dataSync())).toEqual(unsigned(expected));
    });
  });

  test('leaves one tensor, and a gradient leaves its own', () => {
    const x = tf.tensor(numbers(15), [3, 5]);
    for (const given of [key, keyTensor(key)]) {
      const before = tf.memory();
      maskedScale(x, given, {probability: 0.5}).dispose();
      tf.grad((value: tf.Tensor) => tf.sum(maskedScale(value, given, {probability: 0.5})))(x).dispose();
      expect(tf.memory().numTensors).toBe(before.numTensors);
      expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
    }
  });

  test('refuses what makes no sense', () => {
    const x = tf.ones([2, 3]);
    for (const probability of [0, -0.5, 1.5, Number.NaN]) {
      expect(() => maskedScale(x, key, {probability})).toThrow('[random] probability must be in (0, 1]');
    }
    expect(() => maskedScale(x, key, {probability: 0.5, scale: Infinity})).toThrow(
      '[random] scale must be finite',
    );
    for (const maskShape of [[3], [2, 2], [2, 3, 1]]) {
      expect(() => maskedScale(x, key, {probability: 0.5, maskShape})).toThrow('does not broadcast to [2,3]');
    }
    expect(() => maskedScale(x, [0.5, 1], {probability: 0.5})).toThrow(
      '[random] a key must be a pair of integers',
    );
  });
});
