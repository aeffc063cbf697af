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
import {homogeneousPenalty, includeOption} from './weights.ts';

/** Options of {@link l2}. */
export interface L2Options<Name extends string = string> extends Named<Name> {
  /** a in (a/2)·Σw², in [0, ∞); under plain SGD it is the rate of weight decay. @defaultValue 1e-4 */
  readonly strength?: number;
  /** Which trained weights. @defaultValue those of rank 2 or more: kernels and embeddings */
  readonly include?: Selector<WeightInfo>;
}

const described = {
  strength: option.number({
    min: 0,
    default: 1e-4,
    nothing: 0,
    about: 'Strength a of (a/2)·Σw².',
    search: {from: 1e-6, to: 1e-1, scale: 'log'},
  }),
  include: includeOption,
} satisfies OptionsOf<L2Options>;

/**
 * The L2 penalty of a set of weights, and its gradient.
 *
 * value = (a/2) · Σ w²,  ∂value/∂w = a · w
 *
 * @param weights tensors of any shape, by name
 * @param strength a, in [0, ∞)
 *
 * @example
 * ```ts
 * const {value, gradients} = l2Penalty({kernel: tf.tensor([3, -4])}, 0.1);
 * value.print(); // 0.1/2 · (9 + 16) = 1.25
 * gradients['kernel']?.print(); // [0.3, -0.4]
 * ```
 */
export function l2Penalty(weights: Tensors, strength: number): AnalyticPenalty {
  return computed('l2Penalty', {weights, strength}, () => {
    const a = tf.scalar(strength);
    return homogeneousPenalty(weights, 2, (w) => tf.mul(w, a));
  });
}

/**
 * Ridge: pulls every weight toward zero in proportion to its size.
 *
 * objective = loss + (a/2) · Σ w²
 *
 * The convention is the textbooks', so that under plain SGD the strength is the rate of weight decay, and a
 * linear model under a sum of ½·squared errors gives the ridge solution (XᵀX + aI)⁻¹Xᵀy. The `l2` of Keras
 * and of tfjs-layers has no ½: their `l2(s)` is `l2({strength: 2 * s})`.
 *
 * @param options how strongly, and which weights
 * @throws RegularizerError if an option is out of range, or if no weight is selected
 *
 * @example
 * ```ts
 * createTrainer({model, loss, optimizer, regularizers: [l2({strength: 1e-3, include: 'hidden/kernel'})]});
 * ```
 *
 * @see Hoerl, Kennard (1970), Ridge Regression: Biased Estimation for Nonorthogonal Problems, eq. 2.1.
 * https://doi.org/10.1080/00401706.1970.10488634
 */
export function l2<const Name extends string = 'l2'>(options: L2Options<Name> = {}): Regularizer<Name> {
  const {name, settings, strength, include} = readTechnique('l2', options, described);
  return defineRegularizer({
    name,
    settings,
    setup: (context) => (strength === 0 ? {idle: true} : {plan: namesOf(include(context))}),
    penalty: ({weights}, {plan}) => l2Penalty(pickTensors(weights, plan), strength),
  });
}

/** What {@link l2} says of itself. */
export const l2Technique: Technique = defineTechnique({
  name: 'l2',
  title: 'L2 penalty',
  family: 'penalties and constraints',
  about: 'Adds (strength/2)·Σw² to the objective.',
  options: described,
  trials: [
    {options: {strength: 0.1}},
    {label: 'inside recurrent cells', options: {strength: 0.1}, on: ['sequence']},
  ],
  create: l2,
});
