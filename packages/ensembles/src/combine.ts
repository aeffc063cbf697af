import {RegularizerError, type SetupContext} from '@regularizers/core';
import type {Tensor} from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * How the members' outputs become one prediction.
 *
 * - `mean`: the mean of probabilities or values; right for every loss
 * - `logits`: the mean of logits, which is the normalised geometric mean of probabilities
 * - `vote`: the share of members that choose each class
 */
export type CombineMode = 'mean' | 'logits' | 'vote';

/** The words of {@link CombineMode}. */
export const combineModes: readonly CombineMode[] = ['mean', 'logits', 'vote'];

// As Keras clips probabilities before it takes their logarithm.
const smallest = 1e-7;

/**
 * The mean of the members' outputs.
 *
 * ȳ = (1/k)Σ yₘ
 *
 * @param outputs one tensor per member, all of one shape
 *
 * @example
 * ```ts
 * combineMean([tf.tensor2d([[0.2, 0.8]]), tf.tensor2d([[0.6, 0.4]])]); // [[0.4, 0.6]]
 * ```
 *
 * @see Breiman 1996, Bagging Predictors, https://doi.org/10.1007/BF00058655
 */
export function combineMean(outputs: readonly Tensor[]): Tensor {
  return tf.div(tf.addN([...outputs]), outputs.length);
}

/**
 * The mean of the members' logits, as probabilities again.
 *
 * Classes: softmax((1/k)Σ log pₘ); one probability: σ((1/k)Σ log(pₘ/(1 − pₘ)))
 *
 * A softmax does not change if a number is added to all logits, so that log p serves as well as the logits themselves.
 *
 * @param outputs one tensor of probabilities per member, `[batch, ..., classes]` that sum to one, or `[batch, ..., 1]`
 * @returns probabilities of the same shape
 *
 * @example
 * ```ts
 * // The geometric means √(0.5·0.1) and √(0.5·0.9) are as 1 to 3.
 * combineLogits([tf.tensor2d([[0.5, 0.5]]), tf.tensor2d([[0.1, 0.9]])]); // [[0.25, 0.75]]
 * ```
 */
export function combineLogits(outputs: readonly Tensor[]): Tensor {
  const logs = outputs.map((p) => {
    const logarithm = tf.log(tf.maximum(p, smallest));
    return isOneProbability(p) ? tf.sub(logarithm, tf.log(tf.maximum(tf.sub(1, p), smallest))) : logarithm;
  });
  const mean = combineMean(logs);
  return isOneProbability(mean) ? tf.sigmoid(mean) : tf.softmax(mean);
}

/**
 * The share of the members that vote for each class.
 *
 * (1/k)Σ onehot(argmax pₘ); with one probability: (1/k)Σ [pₘ > ½]
 *
 * @param outputs one tensor per member, `[batch, ..., classes]` or `[batch, ..., 1]`
 * @returns shares of the same shape; the largest is the majority's, a tie goes to the lower class
 *
 * @example
 * ```ts
 * combineVote([tf.tensor2d([[0.6, 0.4]]), tf.tensor2d([[0.9, 0.1]]), tf.tensor2d([[0, 1]])]); // [[⅔, ⅓]]
 * ```
 *
 * @see Breiman 1996, Bagging Predictors, section 1, https://doi.org/10.1007/BF00058655
 */
export function combineVote(outputs: readonly Tensor[]): Tensor {
  const votes = outputs.map((p) =>
    isOneProbability(p)
      ? tf.cast(tf.greater(p, 0.5), 'float32')
      : tf.cast(tf.oneHot(tf.argMax(p, -1) as tf.Tensor1D, p.shape.at(-1) ?? 1), 'float32'),
  );
  return combineMean(votes);
}

/** The function that a mode stands for. */
export function combinerOf(mode: CombineMode): (outputs: readonly Tensor[]) => Tensor {
  return {mean: combineMean, logits: combineLogits, vote: combineVote}[mode];
}

/** What is left for `setup` to check: that the model's outputs are what the mode combines. */
export function checkCombinable(
  where: string,
  mode: CombineMode,
  {losses, outputs, sites}: SetupContext,
): void {
  if (mode === 'mean') return;
  losses.forEach(({kind}, index) => {
    const length = outputs[index]?.shape.at(-1);
    if (kind === 'classes' || (kind === 'binary' && length === 1)) return;
    throw new RegularizerError({
      where,
      code: 'bad-combine',
      message: `combine: '${mode}' needs classes, or one probability; output ${index} has ${kind === 'values' ? 'real values' : `${length} independent probabilities`}`,
      hint: "Use combine: 'mean'.",
    });
  });
  if (mode === 'logits') checkProbabilities(where, sites);
}

/** Logits are averaged in the assembled model by taking the output's activation off, so that must be possible. */
function checkProbabilities(where: string, sites: SetupContext['sites']): void {
  const activations = sites
    .filter(({isOutput, layerClass}) => isOutput && layerClass !== '')
    .map(({config}) => config['activation']);
  const known = activations.filter((activation) => typeof activation === 'string');
  const isFine =
    known.length > 0 && known.every((activation) => activation === 'softmax' || activation === 'sigmoid');
  if (isFine || activations.length === 0) return;
  throw new RegularizerError({
    where,
    code: 'bad-combine',
    message: `combine: 'logits' needs an output layer with a softmax or sigmoid; it has ${known.join(', ') || 'none'}`,
    hint: "If the outputs are logits already, combine: 'mean' is their mean.",
  });
}

function isOneProbability({shape}: Tensor): boolean {
  return shape.at(-1) === 1;
}
