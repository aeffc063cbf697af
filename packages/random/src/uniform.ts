// Uniform numbers.

import * as tf from '@tensorflow/tfjs-core';
import {checkOrder, type Parameter} from './check.ts';
import {drawn} from './given.ts';
import {draw} from './kernels/draw.ts';
import type {KeyLike} from './key.ts';

export interface UniformOptions {
  /** Included. A tensor must broadcast to the shape. @defaultValue 0 */
  readonly min?: Parameter;
  /** Excluded. A tensor must broadcast to the shape. @defaultValue 1 */
  readonly max?: Parameter;
}

/**
 * Uniform numbers: min + (max − min)·u, with u the 23-bit uniforms in [0, 1) of the stream.
 *
 * The same bits on every backend, and those of TensorFlow's `tf.random.stateless_uniform(shape, seed=key)`.
 * A constant to the gradient; gradients do flow to `min` and `max` if they are tensors.
 *
 * @param shape any shape of rank 0 to 6
 * @param key int32, shape `[2]`, or a pair
 * @param options bounds
 * @returns float32 of that shape
 * @throws RangeError if the shape or the bounds make no sense
 *
 * @example
 * uniform([2, 3], deriveKey(7, 'noise'), {min: -1, max: 1});
 */
export function uniform<R extends tf.Rank = tf.Rank>(
  shape: tf.ShapeMap[R],
  key: KeyLike,
  options: UniformOptions = {},
): tf.Tensor<R> {
  return drawn('uniform', () => {
    const {min = 0, max = 1} = options;
    checkOrder(min, max);
    if (min === 0 && max === 1) return draw('Uniform', shape, key);
    const range = typeof min === 'number' && typeof max === 'number' ? max - min : tf.sub(max, min);
    return tf.add(tf.mul(draw('Uniform', shape, key), range), min);
  });
}
