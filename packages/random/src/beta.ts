// Beta numbers.

import * as tf from '@tensorflow/tfjs-core';
import {checkShape, type Parameter} from './check.ts';
import {constant} from './constant.ts';
import {asTensor, checkPositive, logGamma} from './gamma.ts';
import {drawn} from './given.ts';
import {draw} from './kernels/draw.ts';
import type {KeyLike} from './key.ts';

/** e to the power of this is a float32 whose product with any squared sine is still finite. */
const LARGEST_EXPONENT = 80;

export interface BetaOptions {
  /** First shape parameter, above 0. A tensor must broadcast to the shape. */
  readonly alpha: Parameter;
  /** Second shape parameter, above 0. A tensor must broadcast to the shape. */
  readonly beta: Parameter;
}

/**
 * Beta numbers in [0, 1].
 *
 * With equal parameters (one number, or one tensor given twice), as mixup draws them, in closed form: Bailey's polar
 * method gives Student's t with 2α degrees of freedom, t/√(2α) = s = √(U^(−1/α) − 1)·sin(π(V − ½)), and the number is
 * ½ + s/(2√(1 + s²)). Two uniforms, nothing is rejected, and backends agree on every element.
 *
 * Otherwise x/(x + y), with x and y gamma numbers of shapes alpha and beta, computed as 1/(1 + e^(ln y − ln x)): for
 * small parameters both gammas underflow, and their quotient would be 0/0.
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
 *
 * Bailey (1994), "Polar generation of random variates with the t-distribution",
 * https://doi.org/10.1090/S0025-5718-1994-1219702-8
 */
export function beta<R extends tf.Rank = tf.Rank>(
  shape: tf.ShapeMap[R],
  key: KeyLike,
  options: BetaOptions,
): tf.Tensor<R> {
  return drawn('beta', () => {
    const {alpha, beta} = options;
    checkPositive('alpha', alpha);
    checkPositive('beta', beta);
    checkShape(shape, 5);
    const [a, b] = [asTensor(alpha), asTensor(beta)];
    return constant([a, b], () =>
      alpha === beta ? symmetricBeta<R>(shape, key, a) : ratioBeta<R>(shape, key, a, b),
    );
  });
}

/** Beta(α, α) by the polar method. */
function symmetricBeta<R extends tf.Rank>(
  shape: tf.ShapeMap[R],
  key: KeyLike,
  alpha: tf.Tensor,
): tf.Tensor<R> {
  const [u, v] = tf.unstack(draw('Uniform', [2, ...shape], key)) as [tf.Tensor<R>, tf.Tensor<R>];
  // U may be 0, and U^(−1/α) overflow for α below 0.2: beyond the bound, float32 has only 0 and 1 left for the number.
  const exponent = tf.minimum(tf.div(tf.log(u), tf.neg(alpha)), LARGEST_EXPONENT);
  // The sine of a small angle keeps its digits, where the cosine of an angle near π/2 would not.
  const s = tf.mul(tf.sqrt(tf.expm1(exponent)), tf.sin(tf.mul(tf.sub(v, 0.5), Math.PI)));
  const number = tf.add(tf.div(s, tf.mul(tf.sqrt(tf.add(tf.square(s), 1)), 2)), 0.5);
  return tf.clipByValue(number as tf.Tensor<R>, 0, 1);
}

/** Beta(α, β) from two gammas. */
function ratioBeta<R extends tf.Rank>(
  shape: tf.ShapeMap[R],
  key: KeyLike,
  alpha: tf.Tensor,
  beta: tf.Tensor,
): tf.Tensor<R> {
  const logOdds = tf.sub<tf.Tensor<R>>(logGamma<R>(shape, key, alpha, 0), logGamma<R>(shape, key, beta, 2));
  return tf.sigmoid(logOdds);
}
