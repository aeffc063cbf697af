// Normal numbers without the tails.

import * as tf from '@tensorflow/tfjs-core';
import {checkShape} from './check.ts';
import {constant} from './constant.ts';
import {firstAccepted} from './first-accepted.ts';
import {drawn} from './given.ts';
import {draw} from './kernels/draw.ts';
import type {KeyLike} from './key.ts';
import {checkNormal, type NormalOptions, shifted} from './normal.ts';

/** A draw beyond two standard deviations has probability 0.0455; all of these in a row 2e-11. */
const ATTEMPTS = 8;
const BOUND = 2;

/**
 * Normal numbers within two standard deviations of the mean: of 8 normal numbers for each element the first that
 * lies there (else, about once in 5e10, the last one clipped). The standard deviation of the result is 0.8796
 * times the given one. Not TensorFlow's stream.
 *
 * A constant to the gradient; gradients do flow to `mean` and `sigma` if they are tensors.
 *
 * @param shape any shape of rank 0 to 5
 * @param key int32, shape `[2]`, or a pair
 * @param options mean and standard deviation of the normal that is truncated
 * @returns float32 of that shape
 * @throws RangeError if the shape or an option makes no sense
 */
export function truncatedNormal<R extends tf.Rank = tf.Rank>(
  shape: tf.ShapeMap[R],
  key: KeyLike,
  options: NormalOptions = {},
): tf.Tensor<R> {
  return drawn('truncatedNormal', () => {
    const {mean = 0, sigma = 1} = options;
    checkNormal(mean, sigma);
    const attempts = [ATTEMPTS, ...checkShape(shape, 5)];
    return tf.tidy(() => {
      const standard = constant([], () => {
        const proposals = draw('Normal', attempts, key);
        const chosen = firstAccepted<tf.Tensor<R>>(proposals, tf.lessEqual(tf.abs(proposals), BOUND));
        return tf.clipByValue(chosen, -BOUND, BOUND);
      });
      return shifted(standard, mean, sigma);
    });
  });
}
