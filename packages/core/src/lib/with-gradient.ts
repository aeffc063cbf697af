import * as tf from '@tensorflow/tfjs-core';

/**
 * A value with a gradient of its own: `tf.customGrad` for inputs of a known number, all of which are kept for it.
 *
 * @param gradients those in the inputs, given the one in the value
 */
export function withGradient<Inputs extends tf.Tensor[]>(
  inputs: [...Inputs],
  value: (...inputs: Inputs) => tf.Tensor,
  gradients: (dy: tf.Tensor, ...inputs: Inputs) => tf.Tensor[],
): tf.Tensor {
  const compute = tf.customGrad((...args) => {
    const save = args.at(-1);
    if (typeof save === 'function') save(inputs);
    return {value: value(...inputs), gradFunc: (dy, saved) => gradients(dy, ...(saved as Inputs))};
  });
  return compute(...inputs);
}
