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

/** Options of {@link activityL2}. */
export interface ActivityL2Options<Name extends string = string> extends ActivityOptions<Name> {}

const described = {
  at: atOption,
  strength: strengthOption('Strength a of (strength/2)·Σy², the mean over examples.'),
} satisfies OptionsOf<ActivityL2Options>;

/**
 * The L2 penalty of activations.
 *
 * (strength/2)·Σy² / n, the sum over all elements of n examples
 *
 * @param values tensors of any shape, the batch first
 * @param options `strength`: a, in [0, ∞); `examples`: n
 *
 * @example
 * ```ts
 * activityL2Penalty([tf.tensor2d([[3, -1], [0, 2]])], {strength: 0.1, examples: 2}); // 0.05 · 14 / 2 = 0.35
 * ```
 */
export function activityL2Penalty(values: readonly tf.Tensor[], options: ActivityPenaltyOptions): tf.Scalar {
  return computed('activityL2Penalty', {values, options}, () => {
    const {strength, examples} = options;
    return meanOverExamples(values, tf.square, strength / 2, examples);
  });
}

/**
 * Small activations: pulls what layers hand on toward zero, large values most.
 *
 * objective = loss + (strength/2)·Σy² / n, the sum over n examples and the elements of what the layers hand on: y as the next
 * layer reads it, with its dropout and noise. A layer within a TimeDistributed is penalized for its last time step: take
 * the TimeDistributed itself.
 *
 * @param options where, and how strongly
 * @throws RegularizerError if an option is out of range, or `at` selects nothing
 *
 * @example
 * ```ts
 * createTrainer({model, loss, optimizer, regularizers: [activityL2({at: 'hidden*', strength: 1e-3})]});
 * ```
 *
 * @see Merity, McCann, Socher (2017), Revisiting Activation Regularization for Language RNNs, section 3.
 * https://arxiv.org/abs/1708.01009
 */
export function activityL2<const Name extends string = 'activityL2'>(
  options: ActivityL2Options<Name>,
): Regularizer<Name> {
  const read = readTechnique('activityL2', options, described);
  return activityPenalty({...read, penalty: activityL2Penalty});
}

/** What {@link activityL2} says of itself. */
export const activityL2Technique: Technique = defineTechnique({
  name: 'activityL2',
  title: 'Activation penalty, L2',
  family: 'penalties and constraints',
  about: 'Adds (strength/2)·Σy² of the values of layers, the mean over examples.',
  options: described,
  example: {at: 'hidden*'},
  trials: [{options: {at: 'hidden*', strength: 0.1}}],
  create: activityL2,
});
