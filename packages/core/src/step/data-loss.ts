import * as tf from '@tensorflow/tfjs-core';
import {zip} from '../lib/zip.ts';
import {lossMean} from '../losses/weighted.ts';
import type {Program} from '../plugins/program.ts';
import type {Batch} from '../regularizer.ts';

/** The data loss of a batch. */
export interface DataLoss {
  /** Each output's own, without its factor. */
  readonly perOutput: readonly tf.Tensor[];
  readonly loss: tf.Scalar;
}

/**
 * Σ over outputs of the loss's weight · (1/batch) Σ over examples and targets of weight · loss; where the model masks
 * steps of an output, the mean over those that count.
 *
 * @param masks of each output, where it carries one
 */
export function dataLoss(
  {losses, lossWeights}: Pick<Program, 'losses' | 'lossWeights'>,
  targets: Batch['targets'],
  outputs: readonly tf.Tensor[],
  masks: readonly (tf.Tensor | undefined)[],
): DataLoss {
  const perOutput = zip(losses, targets, outputs, masks).map((of) => lossMean(...of));
  const parts = zip(perOutput, lossWeights).map(([value, weight]) =>
    weight === 1 ? value : tf.mul(value, weight),
  );
  return {perOutput, loss: parts.reduce((sum, part) => tf.add(sum, part)) as tf.Scalar};
}
