// Beta numbers.
import * as tf from '@tensorflow/tfjs-core';
import {checkShape, type Parameter} from './check.ts';
import {constant} from './constant.ts';
import {asTensor, checkPositive, logGamma} from './gamma.ts';
import type {KeyLike} from './keys.ts';

export interface BetaOptions {
  /** First shape parameter, above 0. A tensor must broadcast to the shape. */
  readonly alpha: Parameter;
  /** Second shape parameter, above 0. A tensor must broadcast to the shape. */
  readonly beta: Parameter;
}

/**
 * Beta numbers in [0, 1]: x/(x + y), with x and y gamma numbers of shapes alpha and beta.
 *
 * Computed as 1/(1 + e^(ln y − ln x)) from logarithms of the gammas. For small parameters both gammas underflow, and
 * their quotient would be 0/0.
 *
 * A constant to the gradient, also in the parameters.
 *
 * @param shape any shape of rank 0 to 5
 * @param key int32, shape `[2]`, or a pair
 * @param options alpha and beta
 * @returns float32 of that shape
 * @throws RangeError if the shape or a parameter makes no sense
 *
 * @example
 * const lambda = beta([batch, 1, 1, 1], key, {alpha: 0.2, beta: 0.2}); // mixup
 */
export function beta<R extends tf.Rank = tf.Rank>(
  shape: tf.ShapeMap[R],
  key: KeyLike,
  {alpha, beta}: BetaOptions,
): tf.Tensor<R> {
  checkPositive('alpha', alpha);
  checkPositive('beta', beta);
  checkShape(shape, 5);
  return tf.tidy(() => {
    const [a, b] = [asTensor(alpha), asTensor(beta)];
    return constant([a, b], () => {
      const logOdds = tf.sub<tf.Tensor<R>>(logGamma<R>(shape, key, a, 0), logGamma<R>(shape, key, b, 2));
      return tf.sigmoid(logOdds);
    });
  });
}
