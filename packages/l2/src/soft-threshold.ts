import type {Regularizer, Tensors} from '@regularizers/core';
import {changedTensors, computed} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Moves every element toward zero by the threshold, and those within the threshold to exactly zero: the
 * proximal operator of threshold·Σ|w|.
 *
 * S(w, t) = sign(w) · max(|w| − t, 0) = w − clip(w, −t, t)
 *
 * @param w a tensor of any shape
 * @param threshold t, 0-D or broadcast against `w`, in [0, ∞)
 * @returns a tensor of the shape of `w`
 *
 * @example
 * ```ts
 * softThreshold(tf.tensor([3, 0.5, -2]), tf.scalar(1)).print(); // [2, 0, -1]
 * ```
 *
 * @see Donoho, Johnstone (1994), Ideal spatial adaptation by wavelet shrinkage, §2.
 * https://doi.org/10.1093/biomet/81.3.425
 */
export function softThreshold(w: tf.Tensor, threshold: tf.Tensor): tf.Tensor {
  return computed('softThreshold', {w, threshold}, () =>
    tf.sub(w, tf.maximum(tf.minimum(w, threshold), tf.neg(threshold))),
  );
}

/**
 * Where a soft threshold comes: last but for constraints. What decay would take from a weight after it, it would take
 * from one that should be zero by now, and the threshold of the decayed weight is the proximal step.
 */
export const shrinkageOrder: Required<Pick<Regularizer, 'tags' | 'before' | 'after'>> = {
  tags: ['shrinkage'],
  before: ['constraint'],
  after: ['decay'],
};

/** Soft threshold of the named weights by learningRate · strength, as ISTA does after a gradient step. */
export function shrink(
  weights: Tensors,
  names: readonly string[],
  learningRate: tf.Scalar,
  strength: number,
): Tensors {
  const threshold = tf.mul(learningRate, strength);
  return changedTensors(weights, names, (w) => softThreshold(w, threshold));
}
