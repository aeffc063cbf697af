import {
  computed,
  isYes,
  type LossInfo,
  type Option,
  type OutputMeaning,
  option,
  type Regularizer,
  RegularizerError,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {assemblerOf} from './assemble.ts';

/**
 * How the members' outputs become one prediction.
 *
 * - `mean`: the mean of the outputs, whatever they mean: of probabilities, values, or logits
 * - `logits`: the mean of logits, which is the normalized geometric mean of probabilities
 * - `vote`: the share of members that choose each class, or that say yes
 */
export type CombineMode = 'mean' | 'logits' | 'vote';

/** The words of {@link CombineMode}. */
const combineModes: readonly CombineMode[] = ['mean', 'logits', 'vote'];

/** The option `combine`. */
export const combineOption: Option<CombineMode> & {readonly default: 'mean'} = option.choice(combineModes, {
  default: 'mean',
  about: "How the members' outputs become one.",
});

/**
 * The mean of the members' outputs.
 *
 * ȳ = (1/k)Σ yₘ
 *
 * @param outputs one tensor per member, all of one shape
 *
 * @example
 * ```ts
 * meanOutput([tf.tensor2d([[0.2, 0.8]]), tf.tensor2d([[0.6, 0.4]])]); // [[0.4, 0.6]]
 * ```
 *
 * @see Breiman 1996, Bagging Predictors, https://doi.org/10.1007/BF00058655
 */
export function meanOutput(outputs: readonly tf.Tensor[]): tf.Tensor {
  return computed('meanOutput', {outputs}, () => tf.div(tf.addN([...outputs]), outputs.length));
}

/**
 * The mean of the members' logits.
 *
 * Classes: softmax((1/k)Σ log pₘ); independent outputs: σ((1/k)Σ log(pₘ/(1 − pₘ))); of logits their mean, which is
 * logits again
 *
 * A softmax does not change if a number is added to all logits, so that log p serves as well as the logits themselves.
 * Probabilities have forgotten logits beyond some size: in float32 those below −85, and of an independent output those
 * beyond ±16.6, for 1 − p is 0 or 6·10⁻⁸ then, and yes is not less certain than no. Where there are logits, give those;
 * a trainer's `predict` does.
 *
 * @param outputs one tensor per member, of one shape: `[batch, ..., classes]`, or any shape of independent ones
 * @param loss what the outputs mean
 * @returns a tensor of the same shape and meaning
 *
 * @example
 * ```ts
 * // The geometric means √(0.5·0.1) and √(0.5·0.9) are as 1 to 3.
 * meanLogitsOutput([tf.tensor2d([[0.5, 0.5]]), tf.tensor2d([[0.1, 0.9]])], categoricalCrossentropy()); // [[0.25, 0.75]]
 * ```
 */
export function meanLogitsOutput(outputs: readonly tf.Tensor[], loss: OutputMeaning): tf.Tensor {
  return computed('meanLogitsOutput', {outputs, loss}, () => {
    if (loss.outputs === 'logits') return meanOutput(outputs);
    const least = leastProbabilities();
    const logarithm = (p: tf.Tensor, smallest: number): tf.Tensor => tf.log(tf.maximum(p, smallest));
    const logits = outputs.map((p) =>
      loss.kind === 'classes'
        ? logarithm(p, least.ofClass)
        : tf.sub(logarithm(p, least.ofEither), logarithm(tf.sub(1, p), least.ofEither)),
    );
    const mean = meanOutput(logits);
    return loss.kind === 'classes' ? tf.softmax(mean) : tf.sigmoid(mean);
  });
}

/**
 * The least probabilities that count as such: near the smallest number that has a logarithm, and 1 − p of the largest
 * below 1. Some devices know halves only.
 */
function leastProbabilities(): {readonly ofClass: number; readonly ofEither: number} {
  return knowsHalvesOnly() ? {ofClass: 1e-7, ofEither: 2 ** -11} : {ofClass: 1e-37, ofEither: 2 ** -24};
}

function knowsHalvesOnly(): boolean {
  const backend = tf.backend();
  if (backend.floatPrecision() === 32) return false;
  // tfjs 4.22 says 16 of every WebGL that renders to float32: it measures where that is off, and else takes it for off.
  return !('runWebGLProgram' in backend && tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED'));
}

/**
 * The share of the members that vote for each class, or for yes.
 *
 * Classes: (1/k)Σ onehot(argmax yₘ); independent outputs: (1/k)Σ [pₘ > ½]. Of logits the shares' own logits, so that
 * what comes out means what went in: log s, or log s − log(1 − s), where a share below 10⁻⁷ counts as that.
 *
 * @param outputs one tensor per member, `[batch, ..., classes]`, or any shape of independent ones
 * @param loss what the outputs mean
 * @returns a tensor of the same shape; the largest is the majority's, a tie goes to the lower class
 *
 * @example
 * ```ts
 * const votes = [tf.tensor2d([[0.6, 0.4]]), tf.tensor2d([[0.9, 0.1]]), tf.tensor2d([[0, 1]])];
 * voteOutput(votes, categoricalCrossentropy()); // [[⅔, ⅓]]
 * ```
 *
 * @see Breiman 1996, Bagging Predictors, section 1, https://doi.org/10.1007/BF00058655
 */
export function voteOutput(outputs: readonly tf.Tensor[], loss: OutputMeaning): tf.Tensor {
  return computed('voteOutput', {outputs, loss}, () => {
    const votes = outputs.map((output) =>
      tf.cast(
        loss.kind === 'classes'
          ? tf.oneHot(tf.argMax(output, -1) as tf.Tensor1D, output.shape.at(-1) ?? 1)
          : isYes(output, loss),
        'float32',
      ),
    );
    if (loss.outputs !== 'logits') return meanOutput(votes);
    const logarithm = (of: readonly tf.Tensor[]): tf.Tensor =>
      tf.log(tf.maximum(meanOutput(of), smallestShare));
    if (loss.kind === 'classes') return logarithm(votes);
    // The noes are counted: one less the share of yes is not exact, and 1 − 10⁻⁷ no float32.
    const noes = votes.map((vote) => tf.sub(1, vote));
    return tf.sub(logarithm(votes), logarithm(noes));
  });
}

/** As Keras clips probabilities before it takes their logarithm. */
const smallestShare = 1e-7;

/** How members' outputs become one by a mode: the parts of a plugin that say so. */
export function combining(mode: CombineMode): Pick<Regularizer, 'combine' | 'combineOn' | 'assemble'> {
  switch (mode) {
    case 'mean':
      return {combine: meanOutput, ...assemblerOf(mode)};
    case 'logits':
      // Of the logits themselves, which core takes from before the softmax or sigmoid.
      return {combineOn: 'logits', combine: meanOutput, ...assemblerOf(mode)};
    case 'vote':
      return {combine: voteOutput};
  }
}

/** Checks that outputs are what the mode combines, which their losses say. */
export function checkCombinable(where: string, mode: CombineMode, losses: readonly LossInfo[]): void {
  if (mode === 'mean') return;
  for (const {name, kind, outputs} of losses) {
    if (outputs !== 'values' || (mode === 'vote' && kind === 'classes')) continue;
    throw new RegularizerError({
      where,
      code: 'bad-combine',
      message: `combine: '${mode}' needs ${mode === 'vote' ? 'classes, probabilities' : 'probabilities'} or logits; under the loss ${name} outputs are real values`,
      hint: "Use combine: 'mean'.",
      option: 'combine',
      received: mode,
      allowed: {enum: ['mean']},
    });
  }
}
