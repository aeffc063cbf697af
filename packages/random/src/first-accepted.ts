// Rejection sampling without a loop: all attempts at once, the first that is accepted taken.
import * as tf from '@tensorflow/tfjs-core';

/**
 * For each element the first proposal that was accepted, or the last proposal if none was.
 *
 * @param proposals float32, shape `[attempts, …]`, finite
 * @param accepted bool, the same shape
 * @returns float32, shape `[…]`
 */
export function firstAccepted<T extends tf.Tensor>(proposals: tf.Tensor, accepted: tf.Tensor): T {
  const [attempts = 1, ...rest] = proposals.shape;
  const last = attempts - 1;
  const order = tf.reshape(tf.range(0, attempts), [attempts, ...rest.map(() => 1)]);
  const rank = tf.add(tf.mul(tf.cast(accepted, 'float32'), tf.sub(order, last)), last);
  const chosen = tf.cast(tf.equal(order, tf.min(rank, 0, true)), 'float32');
  return tf.sum(tf.mul(chosen, proposals), 0);
}
