import {
  computed,
  defineRegularizer,
  defineTechnique,
  type Named,
  type OptionsOf,
  option,
  type Regularizer,
  readTechnique,
  type Technique,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {byName, changingWeights, valuesOf} from './averaged-weights.ts';

/** Options of {@link swa}. */
export interface SwaOptions<Name extends string = string> extends Named<Name> {
  /**
   * Share of the epochs after which averaging starts, in [0, 1): the first weights averaged are those at the end of
   * epoch ⌈start·epochs⌉, or of the first.
   *
   * @defaultValue 0.75
   */
  readonly start?: number;
  /** Epochs from one averaged set of weights to the next. @defaultValue 1 */
  readonly every?: number;
}

const described = {
  start: option.number({
    min: 0,
    max: 1,
    maxExclusive: true,
    default: 0.75,
    about: 'Share of the epochs after which averaging starts.',
    search: {from: 0.4, to: 0.9, scale: 'linear'},
  }),
  every: option.integer({
    min: 1,
    default: 1,
    unit: 'epochs',
    about: 'From one averaged set of weights to the next.',
  }),
} satisfies OptionsOf<SwaOptions>;

/** What `swa` works out from the model. */
export interface SwaPlan {
  /** Names of the averaged weights. */
  readonly names: readonly string[];
}

/** A mean that grows. */
export type SwaState = {
  /** Sets of weights in the mean so far. */
  readonly count: number;
  /** The mean, in the plan's order; the initial weights while `count` is 0. */
  readonly mean: readonly tf.Tensor[];
};

/**
 * Takes one more set of weights into a running mean.
 *
 * w̄ₙ₊₁ = w̄ₙ + (w − w̄ₙ)/(n + 1)
 *
 * @param mean w̄ₙ, any values while n is 0
 * @param weights w, of the same shapes
 * @param count n, how many sets the mean is of
 *
 * @example
 * ```ts
 * swaUpdate([tf.scalar(2)], [tf.scalar(8)], 1); // 5
 * ```
 *
 * @see Izmailov et al. 2018, Averaging Weights Leads to Wider Optima and Better Generalization, algorithm 1,
 *   https://arxiv.org/abs/1803.05407
 */
export function swaUpdate(
  mean: readonly tf.Tensor[],
  weights: readonly tf.Tensor[],
  count: number,
): readonly tf.Tensor[] {
  return computed('swaUpdate', {mean, weights, count}, () => {
    if (count === 0) return weights;
    return mean.map((value, index) => {
      const weight = weights[index];
      return weight ? tf.add(value, tf.div(tf.sub(weight, value), count + 1)) : value;
    });
  });
}

/**
 * Whether the weights at the end of an epoch are averaged: from epoch ⌈start·epochs⌉ on, every `every` epochs.
 *
 * @param epoch from 1
 * @param epochs of the whole run
 * @param options `start` in [0, 1), `every` ≥ 1
 *
 * @example
 * ```ts
 * [5, 6, 7, 8].map((epoch) => isAveraged(epoch, 8, {start: 0.75, every: 1})); // false, true, true, true
 * ```
 */
export function isAveraged(epoch: number, epochs: number, options: {start: number; every: number}): boolean {
  return computed('isAveraged', {epoch, epochs, options}, () => {
    const {start, every} = options;
    // 0.7 · 10 is a little more than 7 in floating point.
    const first = Math.max(1, Math.ceil(start * epochs - 1e-9));
    return epoch >= first && (epoch - first) % every === 0;
  });
}

/**
 * Stochastic weight averaging: evaluates with, and leaves in the model, the mean of the weights along the end of
 * training.
 *
 * w̄ = (1/n)Σ w at the ends of the epochs from `start` on, every `every` epochs
 *
 * An epoch's weights are in the mean that the epoch is evaluated with. Statistics of batch normalization are
 * recomputed for the mean by a pass over the training data, shuffled; over a stream, in the order of its own. Before
 * `start` the weights are evaluated as they are; a run that ends early, after `start`, is still left with the mean.
 * Rows of epochs that add nothing to the mean are `interim`: early stopping passes over them. Keep the learning rate
 * constant or cyclical while averaging: decayed to nothing, it leaves nothing to average.
 *
 * @param options from when on, and how often
 * @throws RegularizerError if an option is out of range
 *
 * @example
 * ```ts
 * createTrainer({model, loss, optimizer: sgd({learningRate: 0.05}), regularizers: [swa({start: 0.75})]});
 * ```
 *
 * @see Izmailov et al. 2018, https://arxiv.org/abs/1803.05407
 */
export function swa<const Name extends string = 'swa'>(
  options: SwaOptions<Name> = {},
): Regularizer<Name, SwaPlan, SwaState> {
  const {name, settings, start, every} = readTechnique('swa', options, described);
  return defineRegularizer<Name, SwaPlan, SwaState>({
    name,
    settings,
    owns: ['evaluation'],
    keeps: 1,
    setup: (context) => {
      const names = changingWeights(context);
      return {
        plan: {names},
        state: {count: 0, mean: valuesOf(context.initial, names)},
        recalibrate: true,
      };
    },
    collect: (epoch, {plan, state, weights, run}) => {
      if (!isAveraged(epoch, run.epochs, {start, every})) return undefined;
      const mean = swaUpdate(state.mean, valuesOf(weights, plan.names), state.count);
      return {count: state.count + 1, mean};
    },
    evaluation: ({plan, state, weights}) => (state.count > 0 ? byName(plan.names, state.mean) : weights),
  });
}

/** What {@link swa} says of itself. */
export const swaTechnique: Technique = defineTechnique({
  name: 'swa',
  title: 'Stochastic weight averaging',
  family: 'ensembles',
  about: 'Leaves the mean of the weights at the ends of the last epochs.',
  options: described,
  trials: [
    {options: {start: 0.5}, on: ['images']},
    {options: {start: 0}, on: ['composite']},
  ],
  create: swa,
});
