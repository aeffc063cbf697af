import {
  type AnalyticPenalty,
  computed,
  defineRegularizer,
  defineTechnique,
  type Named,
  namesOf,
  type OptionsOf,
  option,
  pickTensors,
  type Regularizer,
  readTechnique,
  type Selector,
  type Technique,
  type Tensors,
  type WeightInfo,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {shrink, shrinkageOrder} from './soft-threshold.ts';
import {homogeneousPenalty, includeOption} from './weights.ts';

/** Options of {@link l1}. */
export interface L1Options<Name extends string = string> extends Named<Name> {
  /** a in a·Σ|w|, in [0, ∞). @defaultValue 1e-4 */
  readonly strength?: number;
  /**
   * Soft threshold after the update, in place of a gradient: weights become exactly zero. @defaultValue false
   */
  readonly proximal?: boolean;
  /** Which trained weights. @defaultValue those of rank 2 or more: kernels and embeddings */
  readonly include?: Selector<WeightInfo>;
}

const described = {
  strength: option.number({
    min: 0,
    default: 1e-4,
    nothing: 0,
    about: 'Strength a of a·Σ|w|.',
    search: {from: 1e-6, to: 1e-2, scale: 'log'},
  }),
  proximal: option.flag({
    default: false,
    about: 'Soft threshold after the update, in place of a gradient: weights become exactly zero.',
  }),
  include: includeOption,
} satisfies OptionsOf<L1Options>;

/**
 * The L1 penalty of a set of weights, and its subgradient, zero at zero.
 *
 * value = a · Σ|w|,  ∂value/∂w = a · sign(w)
 *
 * @param weights tensors of any shape, by name
 * @param strength a, in [0, ∞)
 *
 * @example
 * ```ts
 * const {value, gradients} = l1Penalty({kernel: tf.tensor([3, 0, -4])}, 0.1);
 * value.print(); // 0.1 · (3 + 0 + 4) = 0.7
 * gradients['kernel']?.print(); // [0.1, 0, -0.1]
 * ```
 */
export function l1Penalty(weights: Tensors, strength: number): AnalyticPenalty {
  return computed('l1Penalty', {weights, strength}, () => {
    const a = tf.scalar(strength);
    return homogeneousPenalty(weights, 1, (w) => tf.mul(tf.sign(w), a));
  });
}

/**
 * Lasso: pulls every weight toward zero by the same amount, so that small ones vanish.
 *
 * objective = loss + a · Σ|w|
 *
 * By its subgradient, weights hover around zero. With `proximal: true` the penalty gives no gradient;
 * instead each step ends with w ← S(w, learningRate · a), which makes exact zeros (iterative shrinkage and
 * thresholding under plain SGD; under an adaptive optimizer the threshold is still learningRate · a, not
 * divided by the optimizer's estimate of scale). The penalty is reported either way.
 *
 * @param options how strongly, how, and which weights
 * @throws RegularizerError if an option is out of range, or if no weight is selected
 *
 * @example
 * ```ts
 * createTrainer({model, loss, optimizer, regularizers: [l1({strength: 1e-3, proximal: true})]});
 * ```
 *
 * @see Tibshirani (1996), Regression Shrinkage and Selection via the Lasso, eq. 1.
 * https://doi.org/10.1111/j.2517-6161.1996.tb02080.x
 * @see Beck, Teboulle (2009), A Fast Iterative Shrinkage-Thresholding Algorithm, eq. 1.4.
 * https://doi.org/10.1137/080716542
 */
export function l1<const Name extends string = 'l1'>(options: L1Options<Name> = {}): Regularizer<Name> {
  const {name, settings, strength, proximal, include} = readTechnique('l1', options, described);
  const plugin = defineRegularizer({
    name,
    settings,
    ...(proximal ? shrinkageOrder : {}),
    setup: (context) => (strength === 0 ? {idle: true} : {plan: namesOf(include(context))}),
    penalty({weights}, {plan}) {
      const penalty = l1Penalty(pickTensors(weights, plan), strength);
      return proximal ? {...penalty, gradients: {}} : penalty;
    },
  });
  if (!proximal) return plugin;
  return defineRegularizer({
    ...plugin,
    project: (weights, {plan, learningRate}) => shrink(weights, plan, learningRate, strength),
  });
}

/** What {@link l1} says of itself. */
export const l1Technique: Technique = defineTechnique({
  name: 'l1',
  title: 'L1 penalty',
  family: 'penalties and constraints',
  about: 'Adds strength·Σ|w| to the objective.',
  options: described,
  trials: [
    {options: {strength: 0.1}},
    {label: 'proximal', options: {strength: 1, proximal: true}, on: ['images', 'composite']},
  ],
  create: l1,
});
