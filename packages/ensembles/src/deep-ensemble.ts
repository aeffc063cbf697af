import {
  computed,
  defineTechnique,
  type Named,
  type OptionsOf,
  type Regularizer,
  readTechnique,
  type Technique,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {type CombineMode, combineOption, meanOutput} from './combine.ts';
import {memberPlugin, membersOption} from './members.ts';

/** Options of {@link deepEnsemble}. */
export interface DeepEnsembleOptions<Name extends string = string> extends Named<Name> {
  /** How many models are trained; 1 is ordinary training. @defaultValue 5 */
  readonly members?: number;
  /** How their outputs become one. @defaultValue 'mean' */
  readonly combine?: CombineMode;
}

const described = {
  members: membersOption({min: 1, nothing: 1}),
  combine: combineOption,
} satisfies OptionsOf<DeepEnsembleOptions>;

/** Normal distributions, one mean and variance per value. */
export interface Gaussian {
  readonly mean: tf.Tensor;
  /** The same shape, ≥ 0. */
  readonly variance: tf.Tensor;
}

/**
 * The mean and variance of an even mixture of normal distributions, for members that predict both.
 *
 * μ* = (1/k)Σ μₘ; σ*² = (1/k)Σ σₘ² + (1/k)Σ (μₘ − μ*)²
 *
 * The first part of the variance is the noise that the members see in the data, the second what they disagree on.
 * It equals the paper's (1/k)Σ(σₘ² + μₘ²) − μ*², without its cancellation.
 *
 * @param members one mean and variance per member, all of one shape
 *
 * @example
 * ```ts
 * // Means 1 and 3, variances 1 and 2: μ* = 2, σ*² = 1.5 + 1.
 * mixtureMoments([
 *   {mean: tf.scalar(1), variance: tf.scalar(1)},
 *   {mean: tf.scalar(3), variance: tf.scalar(2)},
 * ]);
 * ```
 *
 * @see Lakshminarayanan, Pritzel & Blundell 2017, Simple and Scalable Predictive Uncertainty Estimation using Deep
 *   Ensembles, section 2.4, https://arxiv.org/abs/1612.01474
 */
export function mixtureMoments(members: readonly Gaussian[]): Gaussian {
  return computed('mixtureMoments', {members}, () => {
    const means = members.map(({mean}) => mean);
    const mean = meanOutput(means);
    const spread = meanOutput(means.map((one) => tf.squaredDifference(one, mean)));
    return {mean, variance: tf.add(meanOutput(members.map(({variance}) => variance)), spread)};
  });
}

/**
 * A deep ensemble: members that differ in their initial weights and in the order in which they see the data.
 *
 * ȳ = (1/k)Σ yₘ
 *
 * @param options how many members, and how they are combined
 * @throws RegularizerError if an option is out of range, or the outputs cannot be combined that way
 *
 * @example
 * ```ts
 * const trainer = createTrainer({model, loss, optimizer, regularizers: [deepEnsemble({members: 5})], seed: 7});
 * const {model: ensemble} = await trainer.fit(data, {epochs: 20});
 * ```
 *
 * @see Lakshminarayanan, Pritzel & Blundell 2017, https://arxiv.org/abs/1612.01474
 */
export function deepEnsemble<const Name extends string = 'deepEnsemble'>(
  options: DeepEnsembleOptions<Name> = {},
): Regularizer<Name, undefined, null> {
  const read = readTechnique('deepEnsemble', options, described);
  return memberPlugin(read);
}

/** What {@link deepEnsemble} says of itself. */
export const deepEnsembleTechnique: Technique = defineTechnique({
  name: 'deepEnsemble',
  family: 'ensembles',
  about: 'Trains several models from different initial weights, and combines them.',
  options: described,
  trials: [{options: {members: 2, combine: 'logits'}}],
  create: deepEnsemble,
});
