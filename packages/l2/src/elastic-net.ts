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
import {l1Penalty} from './l1.ts';
import {l2Penalty} from './l2.ts';
import {shrink, shrinkageOrder} from './soft-threshold.ts';
import {includeOption} from './weights.ts';

/** The two strengths of an elastic net. */
export interface ElasticNetStrengths {
  /** a in a·Σ|w|, in [0, ∞). */
  readonly l1: number;
  /** b in (b/2)·Σw², in [0, ∞). */
  readonly l2: number;
}

/** Options of {@link elasticNet}. */
export interface ElasticNetOptions<Name extends string = string> extends Named<Name> {
  /** a in a·Σ|w|, in [0, ∞). @defaultValue 1e-4 */
  readonly l1?: number;
  /** b in (b/2)·Σw², in [0, ∞). @defaultValue 1e-4 */
  readonly l2?: number;
  /** Soft threshold after the update for the L1 part: weights become exactly zero. @defaultValue false */
  readonly proximal?: boolean;
  /** Which trained weights. @defaultValue those of rank 2 or more: kernels and embeddings */
  readonly include?: Selector<WeightInfo>;
}

const described = {
  l1: option.number({
    min: 0,
    default: 1e-4,
    nothing: 0,
    about: 'Strength a of a·Σ|w|.',
    search: {from: 1e-6, to: 1e-2, scale: 'log'},
  }),
  l2: option.number({
    min: 0,
    default: 1e-4,
    nothing: 0,
    about: 'Strength b of (b/2)·Σw².',
    search: {from: 1e-6, to: 1e-1, scale: 'log'},
  }),
  proximal: option.flag({
    default: false,
    about: 'Soft threshold after the update, in place of a gradient: weights become exactly zero.',
  }),
  include: includeOption,
} satisfies OptionsOf<ElasticNetOptions>;

/**
 * The elastic net penalty of a set of weights, and its subgradient.
 *
 * value = a · Σ|w| + (b/2) · Σ w²,  ∂value/∂w = a · sign(w) + b · w
 *
 * @param weights tensors of any shape, by name
 * @param strengths `l1` is a, `l2` is b
 *
 * @example
 * ```ts
 * const {value} = elasticNetPenalty({kernel: tf.tensor([3, -4])}, {l1: 0.1, l2: 0.2});
 * value.print(); // 0.1 · 7 + 0.1 · 25 = 3.2
 * ```
 */
export function elasticNetPenalty(weights: Tensors, strengths: ElasticNetStrengths): AnalyticPenalty {
  return computed('elasticNetPenalty', {weights, strengths}, () => {
    if (strengths.l1 === 0) return l2Penalty(weights, strengths.l2);
    if (strengths.l2 === 0) return l1Penalty(weights, strengths.l1);
    const first = l1Penalty(weights, strengths.l1);
    const second = l2Penalty(weights, strengths.l2);
    return {
      value: tf.add(first.value, second.value),
      gradients: Object.fromEntries(
        Object.entries(first.gradients).map(([name, gradient]) => [
          name,
          tf.add(gradient, second.gradients[name]!),
        ]),
      ),
    };
  });
}

/**
 * Lasso and ridge at once: sparse, and correlated inputs stay in or leave together.
 *
 * objective = loss + a · Σ|w| + (b/2) · Σ w²
 *
 * With `proximal: true` the L1 part is a soft threshold after the update, w ← S(w, learningRate · a), and the
 * L2 part stays a gradient: the same as an `l2` and a proximal `l1` side by side. Keras's
 * `l1_l2(l1=a, l2=s)` is `elasticNet({l1: a, l2: 2 * s})`.
 *
 * @param options both strengths, how, and which weights
 * @throws RegularizerError if an option is out of range, or if no weight is selected
 *
 * @example
 * ```ts
 * createTrainer({model, loss, optimizer, regularizers: [elasticNet({l1: 1e-4, l2: 1e-3})]});
 * ```
 *
 * @see Zou, Hastie (2005), Regularization and variable selection via the elastic net, eq. 3.
 * https://doi.org/10.1111/j.1467-9868.2005.00503.x
 */
export function elasticNet<const Name extends string = 'elasticNet'>(
  options: ElasticNetOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, l1, l2, proximal, include} = readTechnique('elasticNet', options, described);
  const plugin = defineRegularizer({
    name,
    settings,
    ...(proximal ? shrinkageOrder : {}),
    setup: (context) => (l1 === 0 && l2 === 0 ? {idle: true} : {plan: namesOf(include(context))}),
    penalty({weights}, {plan}) {
      const touched = pickTensors(weights, plan);
      if (!proximal) return elasticNetPenalty(touched, {l1, l2});
      const {value, gradients} = l2Penalty(touched, l2);
      return {value: tf.add(value, l1Penalty(touched, l1).value), gradients};
    },
  });
  if (!proximal) return plugin;
  return defineRegularizer({
    ...plugin,
    project: (weights, {plan, learningRate}) => shrink(weights, plan, learningRate, l1),
  });
}

/** What {@link elasticNet} says of itself. */
export const elasticNetTechnique: Technique = defineTechnique({
  name: 'elasticNet',
  family: 'penalties and constraints',
  about: 'Adds l1·Σ|w| + (l2/2)·Σw² to the objective.',
  options: described,
  trials: [{options: {l1: 0.1, l2: 0.1}}, {label: 'proximal', options: {l1: 1, l2: 0.1, proximal: true}}],
  create: elasticNet,
});
