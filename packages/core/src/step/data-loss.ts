import * as tf from '@tensorflow/tfjs-core';
import type {Batch, WeightedTarget} from '../hooks.ts';
import type {Loss} from '../losses.ts';
import type {Program} from '../program/program.ts';

/** Σ over outputs of the loss's weight · (1/batch) Σ over examples and targets of weight · loss. */
export function dataLoss(
  {losses, lossWeights}: Pick<Program, 'losses' | 'lossWeights'>,
  targets: Batch['targets'],
  outputs: readonly tf.Tensor[],
  size: number,
): tf.Scalar {
  const parts = losses.map((loss, i) => {
    const value = outputLoss(loss, targets[i]!, outputs[i]!, size);
    const weight = lossWeights[i]!;
    return weight === 1 ? value : tf.mul(value, weight);
  });
  return parts.reduce((sum, part) => tf.add(sum, part)) as tf.Scalar;
}

function outputLoss(loss: Loss, list: readonly WeightedTarget[], output: tf.Tensor, size: number): tf.Tensor {
  const folded = loss.kind === 'classes' && loss.linear ? foldTargets(list) : list;
  const sums = folded.map(({target, weight}) => {
    const values = loss.perExample(target, output);
    return tf.sum(weight === 1 ? values : tf.mul(values, weight));
  });
  return tf.div(
    sums.reduce((sum, part) => tf.add(sum, part)),
    size,
  );
}

/** One soft target in place of several, which is exact where the loss is linear in its target. */
function foldTargets(list: readonly WeightedTarget[]): readonly WeightedTarget[] {
  return list.length === 1 ? list : [{target: softTarget(list), weight: 1}];
}

/** Σ weightₖ · targetₖ, the shape of one target. */
export function softTarget(list: readonly WeightedTarget[]): tf.Tensor {
  const parts = list.map(({target, weight}) => {
    if (weight === 1) return target;
    if (typeof weight === 'number' || weight.rank === 0) return tf.mul(target, weight);
    return tf.mul(target, tf.reshape(weight, [-1, ...target.shape.slice(1).map(() => 1)]));
  });
  return parts.reduce((sum, part) => tf.add(sum, part));
}
