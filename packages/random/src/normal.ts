// Normal numbers.

import * as tf from '@tensorflow/tfjs-core';
import {checkFinite, checkParameter, type Parameter} from './check.ts';
import {drawn} from './given.ts';
import {draw} from './kernels/draw.ts';
import type {KeyLike} from './key.ts';

export interface NormalOptions {
  /** A tensor must broadcast to the shape. @defaultValue 0 */
  readonly mean?: Parameter;
  /** At least 0. A tensor must broadcast to the shape. @defaultValue 1 */
  readonly sigma?: Parameter;
}

/**
 * Normal numbers: mean + sigma·z, with z from pairs of uniforms by Box–Muller,
 * √(−2 ln u₀)·sin(2πu₁) and √(−2 ln u₀)·cos(2πu₁); u₀ is at least 1e-7, so |z| < 5.7.
 *
 * The stream of TensorFlow's `tf.random.stateless_normal(shape, seed=key)`, to about 2e-6 on each backend.
 * A constant to the gradient; gradients do flow to `mean` and `sigma` if they are tensors.
 *
 * @param shape any shape of rank 0 to 6
 * @param key int32, shape `[2]`, or a pair
 * @param options mean and standard deviation
 * @returns float32 of that shape
 * @throws RangeError if the shape or an option makes no sense
 *
 * @example
 * tf.add(x, normal(x.shape, key, {sigma: 0.1}));
 *
 * Box and Muller (1958), "A note on the generation of random normal deviates",
 * https://doi.org/10.1214/aoms/1177706645
 */
export function normal<R extends tf.Rank = tf.Rank>(
  shape: tf.ShapeMap[R],
  key: KeyLike,
  options: NormalOptions = {},
): tf.Tensor<R> {
  return drawn('normal', () => {
    const {mean = 0, sigma = 1} = options;
    checkNormal(mean, sigma);
    return tf.tidy(() => shifted(draw<tf.Tensor<R>>('Normal', shape, key), mean, sigma));
  });
}

export function checkNormal(mean: Parameter, sigma: Parameter): void {
  checkFinite('mean', mean);
  checkParameter('sigma', sigma, 'at least 0', (x) => x >= 0 && x < Infinity);
}

/** Standard normal numbers as those of another mean and standard deviation. */
export function shifted<R extends tf.Rank>(z: tf.Tensor<R>, mean: Parameter, sigma: Parameter): tf.Tensor<R> {
  const scaled: tf.Tensor<R> = sigma === 1 ? z : tf.mul(z, sigma);
  return mean === 0 ? scaled : tf.add(scaled, mean);
}
