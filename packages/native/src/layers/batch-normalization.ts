import {type BatchNormalizationParts, followStatistics, type LayerCall} from '@regularizers/core/execution';
import * as tf from '@tensorflow/tfjs-core';
import {boolAttribute, executeOp, floatAttribute, stringAttribute, typeAttribute} from '../ops.ts';

/**
 * Batch normalization in training as TensorFlow's fused op and its gradient, where tfjs runs some forty ops.
 *
 * Channels that don't come last are left to the layer, and so are gradients of gradients, which the fused op has not.
 */
export const batchNormalization: LayerCall = (layer, input) => {
  const {axis, epsilon, gamma, beta} = layer as unknown as BatchNormalizationParts;
  const isChannelLast = axis === -1 || axis === input.rank - 1;
  if (!isChannelLast || tf.engine().state.gradientDepth > 1) return undefined;
  const channels = input.shape.at(-1)!;
  const {value, mean, variance} = fusedBatchNorm(
    input.rank === 4 ? input : tf.reshape(input, [-1, 1, 1, channels]),
    gamma?.read() ?? tf.ones([channels]),
    beta?.read() ?? tf.zeros([channels]),
    epsilon,
  );
  followStatistics(layer, mean, variance);
  return input.rank === 4 ? value : tf.reshape(value, input.shape);
};

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
