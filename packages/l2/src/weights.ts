import {
  type Option,
  option,
  type Selector,
  type SetupContext,
  select,
  type Tensors,
  type WeightInfo,
} from '@regularizers/core';
import type {Scalar, Tensor} from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** The option `include` of most techniques here. */
export const includeOption: Option<Selector<WeightInfo>> = option.weights({
  about: 'Which trained weights.',
  otherwise: 'those of rank 2 or more: kernels and embeddings',
});

/** Weights of tfjs's layers that are one number for each element or channel, though their rank may be that of a kernel. */
const elementwise = new Set(['alpha', 'gamma', 'beta', 'bias']);

/**
 * Kernels and embeddings of the model's own: not biases, not norm scales, not the slopes of a PReLU, not another
 * plugin's weights. What a pure model calls its weights says nothing.
 */
export function isMatrix({owner, shape, shortName, layerClass}: WeightInfo): boolean {
  return owner === undefined && shape.length >= 2 && !(layerClass !== '' && elementwise.has(shortName));
}

/** Every weight of the model's own. */
export function isOwn({owner}: WeightInfo): boolean {
  return owner === undefined;
}

/** The trained weights that `include` chooses; frozen and derived ones and statistics are out of its reach. */
export function selectTrained(
  {weights}: SetupContext,
  where: string,
  selector: Selector<WeightInfo> | undefined,
  otherwise: (info: WeightInfo) => boolean,
): readonly WeightInfo[] {
  const trained = weights.filter(({role}) => role === 'trained');
  return select(trained, {where, option: 'include', selector, otherwise});
}

/** The tensors of these names only. */
export function pick(tensors: Tensors, names: readonly string[]): Tensors {
  return Object.fromEntries(names.map((name) => [name, tensors[name]!]));
}

/** The same tensors, those of these names replaced. */
export function replace(
  tensors: Tensors,
  names: readonly string[],
  change: (tensor: Tensor, name: string, position: number) => Tensor,
): Tensors {
  const changed = names.map((name, position) => [name, change(tensors[name]!, name, position)] as const);
  return {...tensors, ...Object.fromEntries(changed)};
}

/** The sum of 0-D tensors; zero for none. */
export function total(values: readonly Scalar[]): Scalar {
  const [first = tf.scalar(0), ...rest] = values;
  return rest.length === 0 ? first : tf.addN([first, ...rest]);
}
