import * as tf from '@tensorflow/tfjs-core';
import type {WeightedTarget} from '../regularizer.ts';
import type {Loss} from './loss.ts';
import type {BoundMetric} from './metric.ts';

/** A sum over what counts of a batch, and how much that is: examples, or their steps. */
export interface Counted {
  readonly sum: tf.Tensor;
  /** Known on the host where the model masks nothing. */
  readonly count: number | tf.Tensor;
}

/**
 * Σ of an output's loss, weighted, and how much it is over: where the model or the data say which steps of an example
 * count, each step has a loss of its own. What the model masks is not counted, as in Keras 3; what has a weight of zero
 * is, as in Keras and as with weights of examples.
 *
 * @param mask `[batch, ...]`, 1 for what counts; undefined where all does
 */
export function lossSum(
  loss: Loss,
  list: readonly WeightedTarget[],
  output: tf.Tensor,
  mask: tf.Tensor | undefined,
): Counted {
  const {values, depth} = lossValues(loss, list, output, mask);
  const sum = values.map((each) => tf.sum(times(each, mask ?? 1))).reduce((so, part) => tf.add(so, part));
  const sizeFrom = (axis: number): number => tf.util.sizeFromShape(output.shape.slice(axis, depth));
  return {sum, count: mask ? times(tf.sum(mask), sizeFrom(mask.rank)) : sizeFrom(0)};
}

/** The mean of an output's loss, over what {@link lossSum} counts. */
export function lossMean(...of: Parameters<typeof lossSum>): tf.Tensor {
  const [, , , mask] = of;
  if (mask) return meanOf(lossSum(...of));
  const {values} = lossValues(...of);
  return values.map((each) => tf.mean(each)).reduce((so, part) => tf.add(so, part));
}

/** For each target the weighed losses of examples or, `depth` axes deep, of their steps. */
function lossValues(...[loss, list, output, mask]: Parameters<typeof lossSum>): {
  readonly values: readonly tf.Tensor[];
  readonly depth: number;
} {
  const targets = loss.linear ? foldTargets(list) : list;
  const depth = Math.max(1, mask?.rank ?? 1, ...targets.map(({weight}) => rankOf(weight)));
  const values = targets.map(({target, weight}) =>
    times(valuesOf(loss.perExample, target, output, depth), weight),
  );
  return {values, depth};
}

/**
 * Σ of a metric's parts, and how much it is over; of one that is weighted, Σ of the weights is the last. What the model
 * masks and what has a weight of zero of its own among an example's steps is padding, and is left out.
 *
 * @param mask as for {@link lossSum}
 */
export function metricSum(
  metric: BoundMetric,
  list: readonly WeightedTarget[],
  output: tf.Tensor,
  mask: tf.Tensor | undefined,
): Counted {
  const weight = totalWeight(list);
  const counts = countsOf(weight, mask);
  const own = metric.isWeighted ? weight : 1;
  const depth = Math.max(1, rankOf(counts), rankOf(own));
  const shape = output.shape.slice(0, depth);
  const [target, given] = [folded(meanTarget(list), depth), folded(output, depth)];
  const values = tf.reshape(metric.perExample(target, given, metric.loss), [-1, metric.parts ?? 1]);
  const count = counts === 1 ? tf.util.sizeFromShape(shape) : tf.sum(times(tf.ones(shape), counts));
  if (counts === 1 && !metric.isWeighted) return {sum: tf.sum(values, 0), count};
  const factors = tf.reshape(times(times(tf.ones(shape), counts), own), [-1, 1]);
  const parts = metric.isWeighted ? tf.concat([values, tf.onesLike(factors)], 1) : values;
  return {sum: tf.sum(tf.mul(parts, factors), 0), count};
}

/** The means of a metric's parts, over what {@link metricSum} counts. */
export function metricMean(...of: Parameters<typeof metricSum>): tf.Tensor {
  const [metric, list, output, mask] = of;
  const isPlain = !metric.isWeighted && (metric.parts ?? 1) === 1 && countsOf(totalWeight(list), mask) === 1;
  if (!isPlain) return meanOf(metricSum(...of));
  return tf.reshape(tf.mean(metric.perExample(meanTarget(list), output, metric.loss)), [1]);
}

/** 1 for what counts of a batch, 0 for padding; the number 1 where all does. */
function countsOf(weight: number | tf.Tensor, mask: tf.Tensor | undefined): 1 | tf.Tensor {
  const steps = rankOf(weight) > 1 ? tf.cast(tf.greater(weight, 0), 'float32') : undefined;
  return (steps && mask ? product(steps, mask) : (steps ?? mask)) ?? 1;
}

/** The mean; 0 over nothing. */
function meanOf({sum, count}: Counted): tf.Tensor {
  return tf.div(sum, typeof count === 'number' ? count : tf.maximum(count, 1));
}

/** A value for each example or, `depth` axes deep, for each of its steps, which then stand for examples. */
function valuesOf(
  perExample: Loss['perExample'],
  target: tf.Tensor,
  output: tf.Tensor,
  depth: number,
): tf.Tensor {
  if (depth === 1) return perExample(target, output);
  return tf.reshape(perExample(folded(target, depth), folded(output, depth)), output.shape.slice(0, depth));
}

/** The first axes as one. */
function folded(tensor: tf.Tensor, depth: number): tf.Tensor {
  if (depth === 1) return tensor;
  const {shape} = tensor;
  return tf.reshape(tensor, [tf.util.sizeFromShape(shape.slice(0, depth)), ...shape.slice(depth)]);
}

/**
 * One soft target in place of several: W · loss(Σ (wₖ/W)·tₖ) with W = Σ wₖ, which is exact where the loss is
 * linear in its target, whatever the weights sum to.
 */
function foldTargets(list: readonly WeightedTarget[]): readonly WeightedTarget[] {
  return list.length === 1 ? list : [{target: meanTarget(list), weight: totalWeight(list)}];
}

/** Σ wₖ·tₖ / Σ wₖ, the shape of one target; zeros for an example, or a step, whose weights sum to zero. */
function meanTarget(list: readonly WeightedTarget[]): tf.Tensor {
  const [only] = list;
  if (list.length === 1 && only) return only.target;
  const sum = list.map(({target, weight}) => times(target, weight)).reduce((so, part) => tf.add(so, part));
  const total = totalWeight(list);
  return total === 1 ? sum : tf.div(sum, alongside(orOne(total), sum));
}

/** What may be divided by. Not `divNoNan`: it has no gradient in what is divided, and a target may follow from outputs. */
function orOne(total: number | tf.Tensor): number | tf.Tensor {
  if (typeof total === 'number') return total === 0 ? 1 : total;
  return tf.add(total, tf.cast(tf.equal(total, 0), 'float32'));
}

function totalWeight(list: readonly WeightedTarget[]): number | tf.Tensor {
  return list
    .map(({weight}) => weight)
    .reduce((sum, weight) => {
      if (typeof sum === 'number' && typeof weight === 'number') return sum + weight;
      const [a, b] = aligned(sum, weight);
      return tf.add(a, b);
    });
}

/** Values, each times its example's or its step's weight. */
function times(values: tf.Tensor, weight: number | tf.Tensor): tf.Tensor {
  return weight === 1 ? values : tf.mul(values, alongside(weight, values));
}

function product(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.mul(...(aligned(a, b) as [tf.Tensor, tf.Tensor]));
}

/** Two weights of examples or steps, with axes of one kind at one place. */
function aligned(a: number | tf.Tensor, b: number | tf.Tensor): [number | tf.Tensor, number | tf.Tensor] {
  return [typeof b === 'number' ? a : alongside(a, b), typeof a === 'number' ? b : alongside(b, a)];
}

/** A weight per example, or per step, shaped to multiply what has more axes. */
function alongside(weight: number | tf.Tensor, tensor: tf.Tensor): number | tf.Tensor {
  if (typeof weight === 'number' || weight.rank === 0 || weight.rank >= tensor.rank) return weight;
  return tf.reshape(weight, [...weight.shape, ...tensor.shape.slice(weight.rank).map(() => 1)]);
}

function rankOf(weight: number | tf.Tensor): number {
  return typeof weight === 'number' ? 0 : weight.rank;
}
