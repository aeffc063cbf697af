// Multiplication by a random mask that is never kept.

import * as tf from '@tensorflow/tfjs-core';
import {bernoulli} from './bernoulli.ts';
import {checkParameter} from './check.ts';
import {drawn} from './given.ts';
import {canMaskOnDevice, maskOnDevice} from './kernels/masked-scale.ts';
import type {KeyLike} from './key.ts';

/** Options of {@link maskedScale}. */
export interface MaskedScaleOptions {
  /** Probability that an element is kept, in (0, 1]. */
  readonly probability: number;
  /** What kept elements are multiplied by. @defaultValue 1/probability, so that the expectation stays */
  readonly scale?: number;
  /** Shape of the mask, which broadcasts to the value: along an axis of size 1 a draw is shared. @defaultValue the value's */
  readonly maskShape?: readonly number[];
}

/**
 * The value where a mask is 1, times a scale; 0 elsewhere.
 *
 * y = scale · b · x, b ~ Bernoulli(probability), and ∂L/∂x = scale · b · ∂L/∂y; b is {@link bernoulli} of the key
 *
 * On WebGL it is one program for values of rank 1 to 4, and its gradient is the same program, which draws the mask
 * again: nothing is kept for the backward pass but the key. The gradient can be differentiated in turn. Elsewhere it
 * is the draw and two multiplications, with the same result.
 *
 * @param value float32
 * @param key int32, shape `[2]`, or a pair
 * @param options the probability, the scale, and what shares a draw
 * @returns the shape of the value
 * @throws RangeError if the probability, the scale or the mask's shape makes no sense
 *
 * @example
 * const dropped = maskedScale(x, key, {probability: 0.8}); // dropout at rate 0.2
 * const channels = maskedScale(images, key, {probability: 0.8, maskShape: [batch, 1, 1, channels]});
 */
export function maskedScale<R extends tf.Rank>(
  value: tf.Tensor<R>,
  key: KeyLike,
  options: MaskedScaleOptions,
): tf.Tensor<R> {
  return drawn('maskedScale', () => {
    const {probability, scale = 1 / probability, maskShape = value.shape} = options;
    checkParameter('probability', probability, 'in (0, 1]', (x) => x > 0 && x <= 1);
    checkParameter('scale', scale, 'finite', Number.isFinite);
    checkMaskShape(maskShape, value.shape);
    if (canMaskOnDevice(value))
      return maskOnDevice(value, key, {probability, scale, maskShape: [...maskShape]});
    return tf.mul(value, tf.mul(bernoulli([...maskShape], key, {probability}), scale));
  });
}

function checkMaskShape(maskShape: readonly number[], shape: readonly number[]): void {
  const fits =
    maskShape.length === shape.length && maskShape.every((size, axis) => size === 1 || size === shape[axis]);
  if (!fits) throw new RangeError(`[random] maskShape [${maskShape}] does not broadcast to [${shape}]`);
}
