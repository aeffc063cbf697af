// What tfjs computes right, but for the gradient where there is a kink.
import * as tf from '@tensorflow/tfjs-core';

/** |x|, whose gradient at zero is zero, as in Keras and PyTorch; that of `tf.abs` is −1. */
export function absolute(x: tf.Tensor): tf.Tensor {
  return tf.mul(x, tf.sign(x));
}

/** The largest along the last axis. Equal ones share its gradient, as in Keras; `tf.max` gives each of them all of it. */
export function largest(values: tf.Tensor): tf.Tensor {
  const compute = tf.customGrad((...args) => {
    const [x, save] = args as unknown as [tf.Tensor, tf.GradSaveFunc];
    save([x]);
    const gradFunc = (dy: tf.Tensor, [saved]: tf.Tensor[]): tf.Tensor => {
      const isLargest = tf.cast(tf.equal(saved!, tf.max(saved!, -1, true)), 'float32');
      return tf.mul(tf.expandDims(dy, -1), tf.div(isLargest, tf.sum(isLargest, -1, true)));
    };
    return {value: tf.max(x, -1), gradFunc};
  });
  return compute(values);
}
