import {
  changedTensors,
  computed,
  defineRegularizer,
  defineTechnique,
  type Named,
  namesOf,
  type OptionsOf,
  option,
  type Regularizer,
  readTechnique,
  type Selector,
  type Technique,
  type WeightInfo,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {includeOption} from './weights.ts';

/** Options of {@link weightDecay}. */
export interface WeightDecayOptions<Name extends string = string> extends Named<Name> {
  /** λ in w ← w − learningRate·λ·w, in [0, ∞). @defaultValue 1e-2 */
  readonly rate?: number;
  /** Which trained weights. @defaultValue those of rank 2 or more: kernels and embeddings */
  readonly include?: Selector<WeightInfo>;
}

const described = {
  rate: option.number({
    min: 0,
    default: 1e-2,
    nothing: 0,
    about: 'Rate λ of w ← w − learningRate·λ·w.',
    search: {from: 1e-5, to: 1, scale: 'log'},
  }),
  include: includeOption,
} satisfies OptionsOf<WeightDecayOptions>;

/**
 * One step of decoupled weight decay, on top of the optimizer's own update.
 *
 * w ← w_updated − decay · w_previous
 *
 * @param updated the weight after the optimizer's update, any shape
 * @param previous the weight before it, same shape
 * @param decay learningRate · rate, 0-D
 *
 * @example
 * ```ts
 * decayedWeight(tf.tensor([1.9]), tf.tensor([2]), tf.scalar(0.01)).print(); // 1.9 − 0.01 · 2 = 1.88
 * ```
 */
export function decayedWeight(updated: tf.Tensor, previous: tf.Tensor, decay: tf.Tensor): tf.Tensor {
  return computed('decayedWeight', {updated, previous, decay}, () =>
    tf.sub(updated, tf.mul(previous, decay)),
  );
}

/**
 * Decoupled weight decay, what makes AdamW of Adam: shrinks weights beside the optimizer's update, so that
 * the shrinkage is not divided by the optimizer's estimate of each gradient's scale.
 *
 * w ← w − learningRate · (update + rate · w)
 *
 * The learning rate is the step's, with its schedule, as in the AdamW of PyTorch and Keras (the paper's λ is
 * rate times the initial learning rate); the weight is the one before the update. Under plain SGD it is the
 * same as `l2` with strength = rate; under Adam it is not.
 *
 * @param options the rate, and which weights
 * @throws RegularizerError if an option is out of range, or if no weight is selected
 *
 * @example
 * ```ts
 * createTrainer({model, loss, optimizer: adam(), regularizers: [weightDecay({rate: 0.05})]});
 * ```
 *
 * @see Loshchilov, Hutter (2019), Decoupled Weight Decay Regularization, algorithm 2, line 12.
 * https://arxiv.org/abs/1711.05101
 */
export function weightDecay<const Name extends string = 'weightDecay'>(
  options: WeightDecayOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, rate, include} = readTechnique('weightDecay', options, described);
  return defineRegularizer({
    name,
    settings,
    tags: ['decay'],
    before: ['constraint'],
    setup: (context) => (rate === 0 ? {idle: true} : {plan: namesOf(include(context))}),
    project(weights, {plan, previous, learningRate}) {
      const decay = tf.mul(learningRate, rate);
      return changedTensors(weights, plan, (w, weight) => decayedWeight(w, previous[weight]!, decay));
    },
  });
}

/** What {@link weightDecay} says of itself. */
export const weightDecayTechnique: Technique = defineTechnique({
  name: 'weightDecay',
  family: 'penalties and constraints',
  about: 'Shrinks weights by a share of themselves at every step, beside the gradient.',
  options: described,
  trials: [{options: {rate: 5}, on: ['images', 'composite']}],
  create: weightDecay,
});
