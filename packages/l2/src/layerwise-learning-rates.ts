import {
  changedTensors,
  defineRegularizer,
  defineTechnique,
  type Named,
  type OptionsOf,
  option,
  type Regularizer,
  readTechnique,
  type Selector,
  type Technique,
  type WeightInfo,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {earlierWeights, groupsOption, layerGroups} from './layer-groups.ts';

/** Options of {@link layerwiseLearningRates}. */
export interface LayerwiseLearningRatesOptions<Name extends string = string> extends Named<Name> {
  /** What a group's rate is of that of the next one toward the output, in (0, 1]. @defaultValue 1 / 2.6 */
  readonly factor?: number;
  /**
   * Groups of weights, from the input's side to the output's, which have the full rate at the last one; weights that
   * none selects have it too. @defaultValue each layer's weights, in the model's order
   */
  readonly groups?: readonly Selector<WeightInfo>[];
}

const described = {
  factor: option.number({
    min: 0,
    minExclusive: true,
    max: 1,
    default: 1 / 2.6,
    nothing: 1,
    about: "What a group's learning rate is of that of the next one toward the output.",
    search: {from: 0.1, to: 1, scale: 'linear'},
  }),
  groups: groupsOption,
} satisfies OptionsOf<LayerwiseLearningRatesOptions>;

/**
 * Discriminative fine-tuning: the nearer to the input a layer is, the more general is what it has learnt, and the more
 * slowly it is trained.
 *
 * w ← w + factor^(G − g) · Δw, for group g of G, counted from the input
 *
 * Δw is what the optimizer and weight decay make of it, so that the same holds for each of them; for all whose steps
 * are in proportion to the learning rate, as those of core are, it is training with the rate η·factor^(G − g). The
 * paper's η of a layer is that of the next one over 2.6.
 *
 * @param options how much more slowly, and which groups
 * @throws RegularizerError if an option is out of range, if a group selects nothing, or two the same weight
 *
 * @example
 * ```ts
 * layerwiseLearningRates({factor: 0.1, groups: ['base/**', 'head/**']});
 * ```
 *
 * @see Howard & Ruder (2018), Universal Language Model Fine-tuning for Text Classification, §3.2.
 * https://arxiv.org/abs/1801.06146
 */
export function layerwiseLearningRates<const Name extends string = 'layerwiseLearningRates'>(
  options: LayerwiseLearningRatesOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, factor, groups} = readTechnique('layerwiseLearningRates', options, described);
  return defineRegularizer({
    name,
    settings,
    tags: ['partial-update'],
    before: ['constraint'],
    after: ['decay', 'shrinkage'],
    setup(context) {
      const slowed = earlierWeights(layerGroups(name, context, groups));
      if (factor === 1 || slowed.length === 0) return {idle: true};
      return {plan: new Map(slowed.map(([weight, behind]) => [weight, factor ** behind]))};
    },
    project: (weights, {plan, previous}) =>
      changedTensors(weights, [...plan.keys()], (w, weight) => {
        const before = previous[weight]!;
        return tf.add(before, tf.mul(tf.sub(w, before), plan.get(weight)!));
      }),
  });
}

/** What {@link layerwiseLearningRates} says of itself. */
export const layerwiseLearningRatesTechnique: Technique = defineTechnique({
  name: 'layerwiseLearningRates',
  title: 'Layer-wise learning rates',
  family: 'fine-tuning',
  about: 'Trains layers the more slowly the nearer to the input they are.',
  options: described,
  trials: [{options: {factor: 0.5}}],
  create: layerwiseLearningRates,
});
