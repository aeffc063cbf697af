import type * as tf from '@tensorflow/tfjs-core';
import type {Tensors} from '../info.ts';
import {checkFunction} from './check-function.ts';
import {looking} from './given.ts';

/** The tensors of these names only. */
export function pickTensors(tensors: Tensors, names: readonly string[]): Tensors {
  return looking('pickTensors', 'the tensors', () =>
    Object.fromEntries(names.map((name) => [name, tensors[name]!])),
  );
}

/**
 * The tensors of these names, changed: what the hooks `weights`, `gradients` and `project` return.
 *
 * @param change the new tensor, given the old one, its name and its position among the names
 *
 * @example
 * ```ts
 * defineRegularizer({
 *   name: 'half',
 *   setup: ({weights}) => ({plan: namesOf(weights)}),
 *   weights: (weights, {plan}) => changedTensors(weights, plan, (w) => tf.mul(w, 0.5)),
 * });
 * ```
 */
export function changedTensors(
  tensors: Tensors,
  names: readonly string[],
  change: (tensor: tf.Tensor, name: string, position: number) => tf.Tensor,
): Tensors {
  const where = 'changedTensors';
  checkFunction(where, 'the change', change);
  const chosen = looking(where, 'the tensors', () => names.map((name) => [name, tensors[name]!] as const));
  return Object.fromEntries(
    chosen.map(([name, tensor], position) => [name, change(tensor, name, position)] as const),
  );
}
