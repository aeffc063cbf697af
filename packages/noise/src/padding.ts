import type {PortInfo} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * A changed input with its padding as it was: steps of which every feature is the padding's value.
 *
 * @param clean `[batch, steps, features]`, or any shape where the input is not padded
 * @param changed the same shape
 * @param port the input
 */
export function withPadding(clean: tf.Tensor, changed: tf.Tensor, {padding}: PortInfo): tf.Tensor {
  if (padding === undefined) return changed;
  return tf.where(tf.any(tf.notEqual(clean, padding), -1, true), changed, clean);
}
