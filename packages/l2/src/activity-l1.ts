import {
  computed,
  defineTechnique,
  type OptionsOf,
  type Regularizer,
  readTechnique,
  type Technique,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type ActivityOptions,
  type ActivityPenaltyOptions,
  activityPenalty,
  atOption,
  meanOverExamples,
  strengthOption,
} from './activity.ts';

/** Options of {@link activityL1}. */
export interface ActivityL1Options<Name extends string = string> extends ActivityOptions<Name> {}

const described = {
  at: atOption,
  strength: strengthOption('Strength a of strength·Σ|y|, the mean over examples.'),
} satisfies OptionsOf<ActivityL1Options>;

/**
 * The L1 penalty of activations.
 *
 * strength·Σ|y| / n, the sum over all elements of n examples
 *
 * @param values tensors of any shape, the batch first
 * @param options `strength`: a, in [0, ∞); `examples`: n
 *
 * @example
 * ```ts
 * activityL1Penalty([tf.tensor2d([[3, -1], [0, 2]])], {strength: 0.1, examples: 2}); // 0.1 · 6 / 2 = 0.3
 * ```
 */
export function activityL1Penalty(values: readonly tf.Tensor[], options: ActivityPenaltyOptions): tf.Scalar {
  return computed('activityL1Penalty', {values, options}, () => {
    const {strength, examples} = options;
    // tfjs's gradient of |y| is −1 at zero, which is what most of a rectified layer hands on.
    return meanOverExamples(values, (y) => tf.mul(y, tf.sign(y)), strength, examples);
  });
}

/**
 * Sparse activations: pulls what layers hand on toward zero, by the same amount each.
 *
 * objective = loss + strength·Σ|y| / n, the sum over n examples and the elements of what the layers hand on: y as the next
 * layer reads it, with its dropout and noise. A layer within a TimeDistributed is penalized for its last time step: take
 * the TimeDistributed itself.
 *
 * @param options where, and how strongly
 * @throws RegularizerError if an option is out of range, or `at` selects nothing
 *
 * @example
 * ```ts
 * createTrainer({model, loss, optimizer, regularizers: [activityL1({at: 'hidden*', strength: 1e-3})]});
 * ```
 *
 * @see Glorot, Bordes, Bengio (2011), Deep Sparse Rectifier Neural Networks, section 3.2.
 * https://proceedings.mlr.press/v15/glorot11a.html
 */
export function activityL1<const Name extends string = 'activityL1'>(
  options: ActivityL1Options<Name>,
): Regularizer<Name> {
  const read = readTechnique('activityL1', options, described);
  return activityPenalty({...read, penalty: activityL1Penalty});
}

/** What {@link activityL1} says of itself. */
export const activityL1Technique: Technique = defineTechnique({
  name: 'activityL1',
  title: 'Activation penalty, L1',
  family: 'penalties and constraints',
  about: 'Adds strength·Σ|y| of the values of layers, the mean over examples.',
  options: described,
  example: {at: 'hidden*'},
  trials: [{options: {at: 'hidden*', strength: 0.1}}],
  create: activityL1,
});
