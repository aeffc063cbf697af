import * as tf from '@tensorflow/tfjs-core';

/**
 * `tf.tidy` for any value: tensors made inside are disposed of, but for those in the result, however nested.
 * (tfjs's type refuses read-only and optional members, which its implementation handles.)
 */
export function scope<T>(run: () => T): T {
  return tf.tidy(run as unknown as () => tf.TensorContainer) as unknown as T;
}

/** Hands a kept tensor to the running scope, which disposes of it unless it is returned. */
export function letGo(tensor: tf.Tensor): void {
  tensor.kept = false;
  const engine = tf.engine() as unknown as {track(tensor: tf.Tensor): tf.Tensor};
  engine.track(tensor);
}
