import type {Tensor} from '@tensorflow/tfjs-core';
import type {Tensors} from '../info.ts';

/** The tensors of these names only. */
export function pickTensors(tensors: Tensors, names: readonly string[]): Tensors {
  return Object.fromEntries(names.map((name) => [name, tensors[name]!]));
}

/**
 * The same tensors, those of these names replaced: what the hooks `weights`, `gradients` and `project` return.
 *
 * @param change the new tensor, given the old one, its name and its position among the names
 *
 * @example
 * ```ts
 * weights: (weights, step) => replaceTensors(weights, step.plan, (w) => tf.mul(w, 0.5));
 * ```
 */
export function replaceTensors(
  tensors: Tensors,
  names: readonly string[],
  change: (tensor: Tensor, name: string, position: number) => Tensor,
): Tensors {
  const changed = names.map((name, position) => [name, change(tensors[name]!, name, position)] as const);
  return {...tensors, ...Object.fromEntries(changed)};
}
