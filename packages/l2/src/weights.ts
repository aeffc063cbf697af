import {
  type AnalyticPenalty,
  isOfModel,
  option,
  type Selector,
  type SelectorOption,
  type Tensors,
  type WeightInfo,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';

/** The option `include` of most techniques here. */
export const includeOption: SelectorOption<WeightInfo> & {readonly default: Selector<WeightInfo>} =
  option.weights({
    about: 'Which trained weights.',
    default: isMatrix,
    otherwise: 'those of rank 2 or more: kernels and embeddings',
    rare: true,
  });

/** Weights of tfjs's layers that are one number for each element or channel, though their rank may be that of a kernel. */
const elementwise = new Set(['alpha', 'gamma', 'beta', 'bias']);

/**
 * Kernels and embeddings of the model's: not biases, not norm scales, not the slopes of a PReLU, not what plugins need
 * for themselves. What a pure model calls its weights says nothing.
 */
export function isMatrix(info: WeightInfo): boolean {
  const {shape, shortName, layerClass} = info;
  return isOfModel(info) && shape.length >= 2 && !(layerClass !== '' && elementwise.has(shortName));
}

/** The sum of 0-D tensors; zero for none. */
export function total(values: readonly tf.Scalar[]): tf.Scalar {
  const [first = tf.scalar(0), ...rest] = values;
  return rest.length === 0 ? first : tf.addN([first, ...rest]);
}

/**
 * A penalty f that is homogeneous of a degree, from its gradient: by Euler's theorem f = Σ w·∂f/∂w / degree, which does
 * not meet the square of a large weight with a small strength on a device with half-precision textures.
 */
export function homogeneousPenalty(
  weights: Tensors,
  degree: 1 | 2,
  gradientOf: (w: tf.Tensor) => tf.Tensor,
): AnalyticPenalty {
  const entries = Object.entries(weights).map(([name, w]) => [name, w, gradientOf(w)] as const);
  const sum = total(entries.map(([, w, gradient]) => tf.sum(tf.mul(w, gradient))));
  return {
    value: degree === 1 ? sum : tf.mul(sum, 1 / degree),
    gradients: Object.fromEntries(entries.map(([name, , gradient]) => [name, gradient])),
  };
}
