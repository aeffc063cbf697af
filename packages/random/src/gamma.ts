// Gamma numbers.

import * as tf from '@tensorflow/tfjs-core';
import {checkParameter, checkShape, type Parameter} from './check.ts';
import {constant} from './constant.ts';
import {firstAccepted} from './first-accepted.ts';
import {drawn} from './given.ts';
import {draw} from './kernels/draw.ts';
import type {KeyLike} from './key.ts';

/** An attempt is rejected with probability below 0.05 for any alpha; all of these in a row below 4e-11. */
const ATTEMPTS = 8;
/** Half the step of the uniforms: a stand-in for 0 under a logarithm. */
const SMALLEST = 2 ** -24;

export interface GammaOptions {
  /** Shape parameter, above 0. A tensor must broadcast to the shape. */
  readonly alpha: Parameter;
}

/**
 * Gamma numbers of shape `alpha` and scale 1 (mean and variance alpha).
 *
 * Marsaglia and Tsang: with d = α − 1/3, c = 1/√(9d), z normal and u uniform, v = (1 + c·z)³, the number d·v is
 * accepted if ln u < z²/2 + d − d·v + d·ln v. Eight attempts are made at once and the first accepted one taken, so
 * that the step is the same graph whatever the numbers are. For α < 1 it is Gamma(α + 1)·u^(1/α).
 *
 * Backends agree to rounding, except where rounding decides whether an attempt is accepted (about 1 in 10⁶).
 * A constant to the gradient, also in `alpha`.
 *
 * @param shape any shape of rank 0 to 5
 * @param key int32, shape `[2]`, or a pair
 * @param options alpha; below about 0.1 float32 can't hold the smallest numbers, which come out as 0
 * @returns float32 of that shape
 * @throws RangeError if the shape or alpha makes no sense
 *
 * Marsaglia and Tsang (2000), "A simple method for generating gamma variables",
 * https://doi.org/10.1145/358407.358414
 */
export function gamma<R extends tf.Rank = tf.Rank>(
  shape: tf.ShapeMap[R],
  key: KeyLike,
  options: GammaOptions,
): tf.Tensor<R> {
  return drawn('gamma', () => {
    const {alpha} = options;
    checkPositive('alpha', alpha);
    checkShape(shape, 5);
    const a = asTensor(alpha);
    return constant([a], () => tf.exp(logGamma<R>(shape, key, a, 0)));
  });
}

/**
 * The logarithm of gamma numbers, which stays finite where they underflow.
 *
 * @param alpha float32, broadcasts to the shape
 * @param stream two gammas of one key need streams two apart
 */
export function logGamma<R extends tf.Rank>(
  shape: tf.ShapeMap[R],
  key: KeyLike,
  alpha: tf.Tensor,
  stream: number,
): tf.Tensor<R> {
  const small = tf.cast(tf.less(alpha, 1), 'float32');
  const d = tf.sub(tf.add(alpha, small), 1 / 3);
  const z = draw('Normal', [ATTEMPTS, ...shape], key, {stream: stream + 1});
  const logU = logUniform([ATTEMPTS + 1, ...shape], key, stream + 2);
  const [logAccept, logBoost] = tf.split(logU, [ATTEMPTS, 1]) as [tf.Tensor, tf.Tensor];

  // 1 + c·z can be negative; with its cube at the floor below, the attempt is never accepted.
  const root = tf.add(tf.div(z, tf.sqrt(tf.mul(d, 9))), 1);
  const v = tf.maximum(tf.mul(tf.square(root), root), 1e-30);
  const logV = tf.log(v);
  const bound = tf.add(tf.mul(tf.square(z), 0.5), tf.mul(d, tf.add(tf.sub(1, v), logV)));
  const logAccepted = firstAccepted<tf.Tensor<R>>(logV, tf.less(logAccept, bound));

  const boost = tf.div(tf.mul(small, tf.reshape(logBoost, shape)), alpha);
  return tf.add(tf.add(logAccepted, tf.log(d)), boost);
}

/** ln u, with u at least 2⁻²⁴. */
function logUniform(shape: number[], key: KeyLike, stream: number): tf.Tensor {
  return tf.log(tf.maximum(draw('Uniform', shape, key, {stream}), SMALLEST));
}

export function checkPositive(name: string, value: Parameter): void {
  checkParameter(name, value, 'above 0 and finite', (x) => x > 0 && x < Infinity);
}

export function asTensor(value: Parameter): tf.Tensor {
  return typeof value === 'number' ? tf.scalar(value) : value;
}
