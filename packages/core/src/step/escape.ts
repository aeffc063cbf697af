import * as tf from '@tensorflow/tfjs-core';
import {letGo} from '../lib/scope.ts';

/**
 * Runs a function that has scopes of its own, such as a tape's or a layer's, and lets more than its value out: what
 * `letOut` is called on outlives those, and belongs to the scope that called.
 */
export function withEscape<T>(run: (letOut: <U extends tf.Tensor>(tensor: U) => U) => T): T {
  const escaped: tf.Tensor[] = [];
  try {
    return run((tensor) => {
      // What is kept already belongs to somebody else.
      if (!tensor.kept) {
        tf.keep(tensor);
        escaped.push(tensor);
      }
      return tensor;
    });
  } finally {
    for (const tensor of escaped) letGo(tensor);
  }
}
