// Random tensors are constants to the gradient, whatever they are computed from.
import * as tf from '@tensorflow/tfjs-core';

/**
 * Runs `compute` off the tape: its result is a constant, the gradient in `inputs` is 0, and the tensors in between
 * are freed at once instead of being held for a backward pass.
 *
 * @param inputs the tensors that `compute` reads and that may be on the tape
 * @param compute makes the result
 */
export function constant<T extends tf.Tensor>(inputs: tf.Tensor[], compute: () => T): T {
  const gradFunc = () => inputs.map((input) => tf.zeros(input.shape));
  return tf.customGrad(() => ({value: compute(), gradFunc}))(...inputs) as T;
}
