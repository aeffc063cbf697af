import type * as tf from '@tensorflow/tfjs-core';
import type {Tensors} from '../info.ts';
import {type FusedUpdate, updateOnWebGL} from '../kernels/fused-update.ts';
import {zip} from '../lib/zip.ts';

/** Runs an update in place of `compose`, which says what it computes. */
export type FusedRunner = (update: FusedUpdate, compose: () => readonly tf.Tensor[]) => readonly tf.Tensor[];

/** By the backend's own kernel if there is one, else by the ops. */
const onBackend: FusedRunner = (update, compose) => updateOnWebGL(update) ?? compose();

/**
 * Updates each weight by one rule.
 *
 * @param slots the weights, then the optimizer's slots by weight
 * @param fused runs the updates where the executor does so itself
 * @param rule the new weight and slots, of a gradient and the old ones
 * @returns the new weights, then the new slots by weight
 */
export function updateEach<const Slots extends readonly [weights: Tensors, ...slots: Tensors[]]>(
  update: Pick<FusedUpdate, 'kind' | 'rate' | 'constants'>,
  gradients: Tensors,
  slots: Slots,
  fused: FusedRunner | undefined,
  rule: (gradient: tf.Tensor, ...old: {[K in keyof Slots]: tf.Tensor}) => {[K in keyof Slots]: tf.Tensor},
): {[K in keyof Slots]: Tensors} {
  const run = fused ?? onBackend;
  const results: Record<string, tf.Tensor>[] = slots.map(() => ({}));
  for (const name of Object.keys(slots[0])) {
    const gradient = gradients[name]!;
    const old = slots.map((slot) => slot[name]!) as {[K in keyof Slots]: tf.Tensor};
    const next = run({...update, gradient, slots: old}, () => rule(gradient, ...old));
    for (const [result, tensor] of zip(results, next)) result[name] = tensor;
  }
  return results as {[K in keyof Slots]: Tensors};
}
