// What tfjs computes right, but for the gradient where there is a kink.
import * as tf from '@tensorflow/tfjs-core';
import {withGradient} from '../lib/with-gradient.ts';

/** |x|, whose gradient at zero is zero, as in Keras and PyTorch; that of `tf.abs` is −1. */
export function absolute(x: tf.Tensor): tf.Tensor {
  return tf.mul(x, tf.sign(x));
}

/** The largest along the last axis. Equal ones share its gradient, as in Keras; `tf.max` gives each of them all of it. */
export function largest(values: tf.Tensor): tf.Tensor {
  const gradient = (dy: tf.Tensor, x: tf.Tensor): tf.Tensor[] => {
    const isLargest = tf.cast(tf.equal(x, tf.max(x, -1, true)), 'float32');
    return [tf.mul(tf.expandDims(dy, -1), tf.div(isLargest, tf.sum(isLargest, -1, true)))];
  };
  return withGradient([values], (x) => tf.max(x, -1), gradient);
}
