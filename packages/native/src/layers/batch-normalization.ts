import type {LayerCall} from '@regularizers/core/execution';
import * as tf from '@tensorflow/tfjs-core';
import {boolAttribute, executeOp, floatAttribute, stringAttribute, typeAttribute} from '../ops.ts';

/** The parts of tfjs's layer that are not in its types. */
interface BatchNormalization {
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly gamma?: Variable;
  readonly beta?: Variable;
  readonly movingMean: Variable;
  readonly movingVariance: Variable;
}

interface Variable {
  read(): tf.Tensor;
  write(value: tf.Tensor): unknown;
}

/**
 * Batch normalization in training as TensorFlow's fused op and its gradient, where tfjs runs some forty ops.
 *
 * Channels that don't come last are left to the layer, and so are gradients of gradients, which the fused op has not.
 */
export const batchNormalization: LayerCall = (layer, input) => {
  const {axis, momentum, epsilon, gamma, beta, movingMean, movingVariance} =
    layer as unknown as BatchNormalization;
  const isChannelLast = axis === -1 || axis === input.rank - 1;
  if (!isChannelLast || tf.engine().state.gradientDepth > 1) return undefined;
  const channels = input.shape.at(-1)!;
  const {value, mean, variance} = fusedBatchNorm(
    input.rank === 4 ? input : tf.reshape(input, [-1, 1, 1, channels]),
    gamma?.read() ?? tf.ones([channels]),
    beta?.read() ?? tf.zeros([channels]),
    epsilon,
  );
  follow(movingMean, mean, momentum);
  follow(movingVariance, variance, momentum);
  return input.rank === 4 ? value : tf.reshape(value, input.shape);
};

/** Moving average: m·old + (1 − m)·new, in tfjs's order of operations. */
function follow(average: Variable, value: tf.Tensor, momentum: number): void {
  const last = average.read();
  average.write(tf.sub(last, tf.mul(tf.sub(last, value), 1 - momentum)));
}

interface Normalized {
  readonly value: tf.Tensor;
  readonly mean: tf.Tensor;
  /** With the number of values as divisor, not one less. */
  readonly variance: tf.Tensor;
}

function fusedBatchNorm(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, epsilon: number): Normalized {
  const attributes = [
    typeAttribute('T', 'float32'),
    typeAttribute('U', 'float32'),
    floatAttribute('epsilon', epsilon),
    stringAttribute('data_format', 'NHWC'),
    boolAttribute('is_training', true),
  ];
  const nothing = tf.tensor1d([]);
  // Outside of the function with the gradient, which would dispose of the statistics.
  const outputs = executeOp('FusedBatchNormV3', attributes, [x, scale, offset, nothing, nothing], 6);
  const [normalized, mean, variance, ...reserved] = outputs as [tf.Tensor, tf.Tensor, tf.Tensor];
  const differentiable = tf.customGrad((...args) => {
    const [data, gamma, , save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    save([data, gamma, ...reserved]);
    const gradFunc = (gradient: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] =>
      executeOp('FusedBatchNormGradV3', attributes, [gradient, ...saved], 5).slice(0, 3);
    return {value: tf.clone(normalized), gradFunc};
  });
  const value = differentiable(x, scale, offset);
  const values = x.size / x.shape.at(-1)!;
  // TensorFlow estimates the variance of what the values are a sample of; tfjs takes that of the values.
  return {value, mean, variance: tf.mul(variance, values > 1 ? (values - 1) / values : 1)};
}
