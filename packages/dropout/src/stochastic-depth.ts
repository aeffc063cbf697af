import {
  computed,
  defineRegularizer,
  defineTechnique,
  type Named,
  namesOf,
  type OptionsOf,
  option,
  type Regularizer,
  RegularizerError,
  readTechnique,
  type Selector,
  type SiteInfo,
  type Technique,
} from '@regularizers/core';
import type {KeyLike} from '@regularizers/random';
import type * as tf from '@tensorflow/tfjs-core';
import {droppedValue} from './dropout.ts';
import {dropRate} from './options.ts';

/** Options of {@link stochasticDepth}. */
export interface StochasticDepthOptions<Name extends string = string> extends Named<Name> {
  /**
   * The last site of each residual branch: what is added to the skip connection, before the addition. A site
   * behind the addition would take the skip connection along.
   */
  readonly at: Selector<SiteInfo>;
  /** Probability p_L that the last branch is dropped, in [0, 1); one less its survival. @defaultValue 0.2 */
  readonly rate?: number;
  /** How the rate runs over the branches: from near 0 up to `rate`, or `rate` for all. @defaultValue 'linear' */
  readonly schedule?: 'linear' | 'uniform';
}

const described = {
  at: option.sites({
    about:
      'The last site of each residual branch: what is added to the skip connection, before the addition.',
    required: true,
  }),
  rate: dropRate(0.2, 'Probability that the last branch is dropped; one less its survival.'),
  schedule: option.choice(['linear', 'uniform'], {
    about: 'How the rate runs over the branches: from near 0 up to the rate, or the rate for all.',
    default: 'linear',
    search: {values: ['linear', 'uniform']},
  }),
} satisfies OptionsOf<StochasticDepthOptions>;

/**
 * The drop rate of each of L branches, the first one first.
 *
 * p_l = (l/L)·p_L for `linear`, p_L for `uniform`; the survival is 1 − p_l.
 *
 * @param count L, the number of branches
 * @param options `rate`: p_L; `schedule`
 *
 * @example
 * ```ts
 * stochasticDepthRates(4, {rate: 0.2}); // [0.05, 0.1, 0.15, 0.2]
 * ```
 */
export function stochasticDepthRates(
  count: number,
  options: {readonly rate: number; readonly schedule?: 'linear' | 'uniform'},
): readonly number[] {
  return computed('stochasticDepthRates', {count, options}, () => {
    const {rate, schedule = 'linear'} = options;
    return Array.from({length: count}, (_, l) => (schedule === 'linear' ? ((l + 1) / count) * rate : rate));
  });
}

/**
 * Drops a branch for whole examples: {@link droppedValue} with one draw per example.
 *
 * @param branch the branch's value, `[batch, ...]`
 * @param key where the draw comes from
 * @param options `rate`: p, in [0, 1)
 * @returns a value of the same shape
 *
 * @example
 * ```ts
 * const sum = tf.add(x, droppedBranch(tf.relu(x), deriveKey(7, 'mask'), {rate: 0.2}));
 * ```
 */
export function droppedBranch(branch: tf.Tensor, key: KeyLike, options: {readonly rate: number}): tf.Tensor {
  return computed('droppedBranch', {branch, key, options}, () => {
    const {rate} = options;
    const noiseShape = branch.shape.map((_, axis) => (axis === 0 ? null : 1));
    return droppedValue(branch, key, {rate, noiseShape});
  });
}

/**
 * Stochastic depth: drops residual branches, each example its own, so that a deep network trains as an ensemble
 * of shallower ones.
 *
 * x + f(x)·m, m = b/(1 − p_l), b ~ Bernoulli(1 − p_l) for each example, p_l = (l/L)·p_L; evaluation is the
 * identity. The paper scales by 1 − p_l in evaluation instead, and drops a branch for the whole batch.
 *
 * @param options which branches, how often, and how that runs over them
 * @throws RegularizerError if an option is out of range, `at` selects nothing, or it selects an output
 *
 * @example
 * ```ts
 * const regularizers = [stochasticDepth({at: 'block_*_conv2'})];
 * ```
 *
 * @see Huang, Sun, Liu, Sedra, Weinberger (2016), Deep Networks with Stochastic Depth, eq. 2 and 4.
 * https://arxiv.org/abs/1603.09382
 */
export function stochasticDepth<const Name extends string = 'stochasticDepth'>(
  options: StochasticDepthOptions<Name>,
): Regularizer<Name> {
  const {name, settings, at: branches, rate, schedule} = readTechnique('stochasticDepth', options, described);
  return defineRegularizer({
    name,
    settings,
    // What is dropped is the branch as it would be added, whatever else is done to it.
    tags: ['branch-mask'],
    after: ['declared-activation', 'activation-noise', 'activation-mask'],
    setup(context) {
      if (rate === 0) return {idle: true};
      const chosen = branches(context);
      for (const site of chosen) refuseOutput(name, site);
      const rates = stochasticDepthRates(chosen.length, {rate, schedule});
      const at = namesOf(chosen);
      return {at, plan: new Map(at.map((site, l) => [site, rates[l]!]))};
    },
    activation: (value, site, step) =>
      droppedBranch(value, step.key(`mask/${site.index}`), {rate: step.plan.get(site.name)!}),
  });
}

function refuseOutput(where: string, {name, isOutput}: SiteInfo): void {
  if (!isOutput) return;
  throw new RegularizerError({
    where,
    code: 'not-a-branch',
    message: `${name} is an output of the model, not a residual branch`,
    hint: 'Choose the last layer of each branch, before the skip connection is added.',
  });
}

/** What {@link stochasticDepth} says of itself. */
export const stochasticDepthTechnique: Technique = defineTechnique({
  name: 'stochasticDepth',
  family: 'dropout',
  about: 'Skips residual branches of some examples.',
  options: described,
  example: {at: 'block*_residual'},
  trials: [
    {options: {at: '*_branch', rate: 0.5}, on: ['residual']},
    {
      options: {at: ['block1_branch', 'hidden*', 'declared_*'], rate: 0.5, schedule: 'uniform'},
      on: ['composite'],
    },
  ],
  create: stochasticDepth,
});
