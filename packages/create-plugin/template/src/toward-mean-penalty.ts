import * as tf from '@tensorflow/tfjs-core';

/** (a/2) Σ (w − mean w)², whose gradient is a·(w − mean w). */
export function towardMeanPenalty(
  w: tf.Tensor,
  strength: number,
): {readonly value: tf.Scalar; readonly gradient: tf.Tensor} {
  const offset = tf.sub(w, tf.mean(w));
  return {
    value: tf.mul(tf.sum(tf.square(offset)), strength / 2),
    gradient: tf.mul(offset, strength),
  };
}
