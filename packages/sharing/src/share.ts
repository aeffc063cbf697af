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
  type Tensors,
  type WeightInfo,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {
  checkGroupOptions,
  type GroupOptions,
  groupOptions,
  type WeightGroup,
  weightGroups,
} from './groups.ts';
import {savedParameters} from './parameters.ts';
import {checkDerivable, present} from './weights.ts';

/** Options of {@link share}. */
export interface ShareOptions<Name extends string = string> extends GroupOptions, Named<Name> {
  /**
   * The first value of the shared weights: that of the first of the layers, or the mean of all. The mean of k
   * independent draws has 1/√k of their standard deviation, so it suits layers that are trained already.
   *
   * @defaultValue 'first'
   */
  readonly initial?: 'first' | 'mean';
}

const described = {
  ...groupOptions,
  initial: option.choice(['first', 'mean'], {
    default: 'first',
    about: 'The first value of the shared weights: that of the first of the layers, or the mean of all.',
    rare: true,
  }),
} satisfies OptionsOf<ShareOptions>;

/** A trained weight, and those that are it. */
export interface SharedGroup {
  readonly first: WeightInfo;
  readonly others: readonly WeightInfo[];
}

/** What `share` works out from the model. */
export interface SharePlan {
  readonly groups: readonly SharedGroup[];
  /** Parameters that are no longer trained. */
  readonly savedParameters: number;
}

/**
 * The mean of tensors of one shape: (1/k)Σ wᵢ.
 *
 * @param weights k tensors of one shape
 *
 * @example
 * ```ts
 * meanWeight([tf.scalar(1), tf.scalar(2)]); // 1.5
 * ```
 */
export function meanWeight(weights: readonly tf.Tensor[]): tf.Tensor {
  return computed('meanWeight', {weights}, () => tf.div(tf.addN([...weights]), weights.length));
}

/**
 * Shares one set of weights among several layers of one shape.
 *
 * w₁ = w₂ = … = wₖ = w; ∂L/∂w = Σᵢ ∂L/∂wᵢ
 *
 * The first weight of a group is trained; the others are read as it, and written out as plain copies at the end.
 * Statistics of batch normalization stay with each layer, since they describe its input.
 *
 * @param options which layers or weights, and the first value
 * @throws RegularizerError if the layers' weights do not correspond, differ in shape, or are not trained
 *
 * @example
 * ```ts
 * share({layers: ['block1', 'block2', 'block3']});
 * share({layers: 'block*', include: '**\/kernel', initial: 'mean'});
 * share({include: ['left/kernel', 'right/kernel']});
 * ```
 *
 * @see Dehghani et al. 2019, Universal Transformers, https://arxiv.org/abs/1807.03819
 * @see Lan et al. 2020, ALBERT, section 3.1, https://arxiv.org/abs/1909.11942
 */
export function share<const Name extends string = 'share'>(
  options: ShareOptions<Name>,
): Regularizer<Name, SharePlan, null> {
  const {name, settings, initial, ...grouping} = readTechnique('share', options, described);
  checkGroupOptions(name, grouping);
  return defineRegularizer<Name, SharePlan, null>({
    name,
    settings,
    setup: (context) => {
      const groups = weightGroups(name, grouping, context);
      for (const weight of groups.flat()) checkDerivable(name, weight);
      const shared = groups.map(([first, ...others]) => ({first: first!, others}));
      return {
        plan: {
          groups: shared,
          savedParameters: savedParameters({derived: shared.flatMap(({others}) => others)}),
        },
        derived: shared.flatMap(({first, others}) => others.map(({name}) => ({name, from: [first.name]}))),
        ...(initial === 'mean' ? {initial: means(groups, context.initial)} : {}),
      };
    },
    derive: (weights, {groups}) =>
      Object.fromEntries(
        groups.flatMap(({first, others}) => others.map(({name}) => [name, present(weights, first.name)])),
      ),
  });
}

function means(groups: readonly WeightGroup[], initial: Tensors): Tensors {
  return Object.fromEntries(
    groups.map((group) => [group[0]!.name, meanWeight(group.map(({name}) => present(initial, name)))]),
  );
}

/** What {@link share} says of itself. */
export const shareTechnique: Technique = defineTechnique({
  name: 'share',
  title: 'Shared weights',
  family: 'sharing',
  about: 'Several weights become one, trained on the sum of their gradients.',
  options: described,
  example: {layers: ['block1_conv1', 'block1_conv2']},
  trials: [
    {options: {layers: ['block1_dense', 'block2_dense']}, on: ['residual']},
    {label: 'mean', options: {layers: ['block1_dense', 'block2_dense'], initial: 'mean'}, on: ['residual']},
    {options: {layers: ['hidden1', 'hidden2']}, on: ['composite']},
  ],
  create: share,
});
