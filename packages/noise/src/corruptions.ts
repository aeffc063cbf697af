import {computed} from '@regularizers/core';
import {bernoulli, type KeyLike, normal, uniform} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Adds normal noise.
 *
 * x + n, n ~ N(0, σ²) for each element
 *
 * @param value any shape
 * @param key where the draw comes from
 * @param options `sigma`: σ ≥ 0, in the value's unit
 * @returns a value of the same shape; its gradient in `value` is 1
 *
 * @example
 * ```ts
 * const noisy = valueWithNormalNoise(x, deriveKey(7, 'noise'), {sigma: 0.1});
 * ```
 */
export function valueWithNormalNoise(
  value: tf.Tensor,
  key: KeyLike,
  options: {readonly sigma: number | tf.Scalar},
): tf.Tensor {
  return computed('valueWithNormalNoise', {value, key, options}, () => {
    const {sigma} = options;
    return tf.add(value, normal(value.shape, key, {sigma: sigma}));
  });
}

/**
 * Adds uniform noise.
 *
 * x + n, n ~ U(−a, a) for each element, whose variance is a²/3
 *
 * @param value any shape
 * @param key where the draw comes from
 * @param options `limit`: a ≥ 0, in the value's unit
 * @returns a value of the same shape; its gradient in `value` is 1
 *
 * @example
 * ```ts
 * const noisy = valueWithUniformNoise(x, deriveKey(7, 'noise'), {limit: 0.1});
 * ```
 */
export function valueWithUniformNoise(
  value: tf.Tensor,
  key: KeyLike,
  options: {readonly limit: number},
): tf.Tensor {
  return computed('valueWithUniformNoise', {value, key, options}, () => {
    const {limit} = options;
    return tf.add(value, uniform(value.shape, key, {min: -limit, max: limit}));
  });
}

/**
 * Sets elements to the lowest or the highest value, by the toss of a coin.
 *
 * low with probability p/2, high with probability p/2, x otherwise
 *
 * @param value any shape
 * @param key where the draw comes from
 * @param options `probability`: p in [0, 1]; `low` and `high`, in the value's unit
 * @returns a value of the same shape
 *
 * @example
 * ```ts
 * const noisy = valueWithSaltAndPepper(images,deriveKey(7, 'noise'), {probability: 0.1, low: 0, high: 1});
 * ```
 */
export function valueWithSaltAndPepper(
  value: tf.Tensor,
  key: KeyLike,
  options: {readonly probability: number; readonly low: number; readonly high: number},
): tf.Tensor {
  return computed('valueWithSaltAndPepper', {value, key, options}, () => {
    const {probability, low, high} = options;
    // One draw says both: below p the element goes, and the lower half of that is salt.
    const draw = uniform(value.shape, key);
    const isSalt = tf.cast(tf.less(draw, probability / 2), 'float32');
    return tf.where(tf.less(draw, probability), tf.add(tf.mul(isSalt, high - low), low), value);
  });
}

/**
 * Replaces elements by one value, without scaling up the rest.
 *
 * `replacement` with probability p, x otherwise
 *
 * @param value any shape
 * @param key where the draw comes from
 * @param options `probability`: p in [0, 1]; `replacement`, in the value's unit
 * @returns a value of the same shape
 *
 * @example
 * ```ts
 * const masked = maskedValue(x, deriveKey(7, 'noise'), {probability: 0.25, replacement: 0});
 * ```
 */
export function maskedValue(
  value: tf.Tensor,
  key: KeyLike,
  options: {readonly probability: number; readonly replacement: number},
): tf.Tensor {
  return computed('maskedValue', {value, key, options}, () => {
    const {probability, replacement} = options;
    const kept = bernoulli(value.shape, key, {probability: 1 - probability});
    if (replacement === 0) return tf.mul(value, kept);
    return tf.add(tf.mul(tf.sub(value, replacement), kept), replacement);
  });
}
