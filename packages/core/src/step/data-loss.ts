import * as tf from '@tensorflow/tfjs-core';
import {zip} from '../lib/zip.ts';
import type {Loss} from '../losses/losses.ts';
import type {Program} from '../plugins/program.ts';
import type {Batch, WeightedTarget} from '../regularizer.ts';

/** Σ over outputs of the loss's weight · (1/batch) Σ over examples and targets of weight · loss. */
export function dataLoss(
  {losses, lossWeights}: Pick<Program, 'losses' | 'lossWeights'>,
  targets: Batch['targets'],
  outputs: readonly tf.Tensor[],
  size: number,
): tf.Scalar {
  const parts = zip(losses, targets, outputs, lossWeights).map(([loss, list, output, weight]) => {
    const value = outputLoss(loss, list, output, size);
    return weight === 1 ? value : tf.mul(value, weight);
  });
  return parts.reduce((sum, part) => tf.add(sum, part)) as tf.Scalar;
}

function outputLoss(loss: Loss, list: readonly WeightedTarget[], output: tf.Tensor, size: number): tf.Tensor {
  const folded = loss.linear ? foldTargets(list) : list;
  const sums = folded.map(({target, weight}) => {
    const values = loss.perExample(target, output);
    return tf.sum(weight === 1 ? values : tf.mul(values, weight));
  });
  return tf.div(
    sums.reduce((sum, part) => tf.add(sum, part)),
    size,
  );
}

/**
 * One soft target in place of several: W · loss(Σ (wₖ/W)·tₖ) with W = Σ wₖ, which is exact where the loss is
 * linear in its target, whatever the weights sum to.
 */
function foldTargets(list: readonly WeightedTarget[]): readonly WeightedTarget[] {
  return list.length === 1 ? list : [{target: meanTarget(list), weight: totalWeight(list)}];
}

/** Σ wₖ·tₖ / Σ wₖ, the shape of one target; zeros for an example whose weights sum to zero. */
export function meanTarget(list: readonly WeightedTarget[]): tf.Tensor {
  const [only] = list;
  if (list.length === 1 && only) return only.target;
  const parts = list.map(({target, weight}) =>
    weight === 1 ? target : tf.mul(target, over(weight, target)),
  );
  const sum = parts.reduce((so, part) => tf.add(so, part));
  const total = totalWeight(list);
  return total === 1 ? sum : tf.div(sum, over(orOne(total), sum));
}

/** What may be divided by. Not `divNoNan`: it has no gradient in what is divided, and a target may follow from outputs. */
function orOne(total: number | tf.Tensor): number | tf.Tensor {
  if (typeof total === 'number') return total === 0 ? 1 : total;
  return tf.add(total, tf.cast(tf.equal(total, 0), 'float32'));
}

function totalWeight(list: readonly WeightedTarget[]): number | tf.Tensor {
  return list
    .map(({weight}) => weight)
    .reduce((sum, weight) =>
      typeof sum === 'number' && typeof weight === 'number' ? sum + weight : tf.add(sum, weight),
    );
}

/** A weight per example, shaped to multiply a tensor of examples. */
function over(weight: number | tf.Tensor, tensor: tf.Tensor): number | tf.Tensor {
  if (typeof weight === 'number' || weight.rank === 0) return weight;
  return tf.reshape(weight, [-1, ...tensor.shape.slice(1).map(() => 1)]);
}
