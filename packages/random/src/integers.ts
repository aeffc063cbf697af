// Integers.

import type * as tf from '@tensorflow/tfjs-core';
import {checkIntegerBounds} from './check.ts';
import {drawn} from './given.ts';
import {draw} from './kernels/draw.ts';
import type {KeyLike} from './key.ts';

export interface IntegersOptions {
  /** Included, an integer, at least −2²⁴. @defaultValue 0 */
  readonly min?: number;
  /** Excluded, an integer, at most 2²⁴ + 1. */
  readonly max: number;
}

/**
 * Integers: min + (bits mod (max − min)), with 32 random bits for each; no value is favoured by more than
 * (max − min)/2³².
 *
 * The same on every backend, and those of `tf.random.stateless_uniform(shape, key, min, max, tf.int32)`.
 *
 * @param shape any shape of rank 0 to 6
 * @param key int32, shape `[2]`, or a pair
 * @param options bounds
 * @returns int32 of that shape
 * @throws RangeError if the shape or the bounds make no sense
 */
export function integers<R extends tf.Rank = tf.Rank>(
  shape: tf.ShapeMap[R],
  key: KeyLike,
  options: IntegersOptions,
): tf.Tensor<R> {
  return drawn('integers', () => {
    const {min = 0, max} = options;
    checkIntegerBounds(min, max);
    return draw('Integers', shape, key, {min, max});
  });
}
