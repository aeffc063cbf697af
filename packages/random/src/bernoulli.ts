// Coin flips.

import * as tf from '@tensorflow/tfjs-core';
import {checkParameter, type Parameter} from './check.ts';
import {constant} from './constant.ts';
import {drawn} from './given.ts';
import {draw} from './kernels/draw.ts';
import type {KeyLike} from './key.ts';

export interface BernoulliOptions {
  /** Probability of a 1, in [0, 1]. A tensor must broadcast to the shape. */
  readonly probability: Parameter;
}

/**
 * Ones with the given probability, else zeros: u < probability, with u the uniforms of the stream. So at one key a
 * higher probability keeps every 1 of a lower one.
 *
 * The same on every backend. A constant to the gradient, also in `probability`.
 *
 * @param shape any shape of rank 0 to 6
 * @param key int32, shape `[2]`, or a pair
 * @param options the probability
 * @returns float32 of that shape, 0 or 1
 * @throws RangeError if the shape or the probability makes no sense
 *
 * @example
 * const mask = bernoulli([64, 256], key, {probability: 0.5});
 */
export function bernoulli<R extends tf.Rank = tf.Rank>(
  shape: tf.ShapeMap[R],
  key: KeyLike,
  options: BernoulliOptions,
): tf.Tensor<R> {
  return drawn('bernoulli', () => {
    const {probability} = options;
    checkParameter('probability', probability, 'in [0, 1]', (x) => x >= 0 && x <= 1);
    if (typeof probability !== 'number') return constant([probability], () => flip(shape, key, probability));
    const threshold = tf.scalar(probability);
    const result: tf.Tensor<R> = draw('Bernoulli', shape, key, {threshold});
    threshold.dispose();
    return result;
  });
}

/** With a tensor for a threshold, which the kernel takes as a scalar or one for each element. */
function flip<R extends tf.Rank>(shape: tf.ShapeMap[R], key: KeyLike, probability: tf.Tensor): tf.Tensor<R> {
  const p = tf.cast(probability, 'float32');
  if (p.size === 1) return draw('Bernoulli', shape, key, {threshold: tf.reshape(p, [])});
  const threshold = tf.reshape(tf.broadcastTo(p, shape), [-1]);
  return tf.reshape(draw('Bernoulli', [threshold.size], key, {threshold}), shape);
}
