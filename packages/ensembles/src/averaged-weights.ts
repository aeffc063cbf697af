import type {SetupContext, Tensors} from '@regularizers/core';
import type * as tf from '@tensorflow/tfjs-core';

/**
 * The weights that training changes: trained ones, plugins' own included, and statistics. Frozen ones stay as they
 * are, and derived ones follow from the others.
 *
 * States hold values in this order and not by name, since a model that is built anew for a checkpoint may have
 * other automatic names.
 */
export function changingWeights({weights}: Pick<SetupContext, 'weights'>): readonly string[] {
  return weights.filter(({role}) => role === 'trained' || role === 'statistic').map(({name}) => name);
}

/** The values of some weights, in order. */
export function valuesOf(weights: Tensors, names: readonly string[]): readonly tf.Tensor[] {
  return names.flatMap((name) => weights[name] ?? []);
}

/** The inverse of {@link valuesOf}. */
export function byName(names: readonly string[], values: readonly tf.Tensor[]): Tensors {
  return Object.fromEntries(names.flatMap((name, index) => (values[index] ? [[name, values[index]]] : [])));
}
