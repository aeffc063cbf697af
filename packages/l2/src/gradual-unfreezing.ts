import {
  changedTensors,
  computed,
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

/** Options of {@link gradualUnfreezing}. */
export interface GradualUnfreezingOptions<Name extends string = string> extends Named<Name> {
  /** Epochs after which one more group is trained, an integer from 1. @defaultValue 1 */
  readonly every?: number;
  /**
   * Groups of weights, from the input's side to the output's; the last is trained from the start, and so are weights
   * that none selects. @defaultValue each layer's weights, in the model's order
   */
  readonly groups?: readonly Selector<WeightInfo>[];
}

const described = {
  every: option.integer({
    min: 1,
    default: 1,
    unit: 'epochs',
    about: 'Epochs after which one more group is trained.',
    search: {from: 1, to: 5, scale: 'linear'},
  }),
  groups: groupsOption,
} satisfies OptionsOf<GradualUnfreezingOptions>;

/** How many groups are trained in an epoch (from 1): the last one, and one more after every so many epochs. */
export function openGroups(epoch: number, every: number, groups: number): number {
  return computed('openGroups', {epoch, every, groups}, () =>
    Math.min(groups, 1 + Math.floor((epoch - 1) / every)),
  );
}

/**
 * Gradual unfreezing: only the last group is trained at first, then one more toward the input every so many epochs, so
 * that a new head's first gradients do not spoil what the layers below have learnt.
 *
 * A group that is not trained yet stays as it is to the bit: its gradients are zero, before they are clipped, so that
 * the optimizer learns nothing of it; and whatever else would change its weights (decay, noise, a constraint) is undone.
 * Moving statistics of batch normalization follow the data all the same; a layer with `trainable: false` keeps its own.
 *
 * @param options how often one more is trained, and which groups
 * @throws RegularizerError if an option is out of range, if a group selects nothing, or two the same weight
 *
 * @example
 * ```ts
 * gradualUnfreezing({every: 2, groups: ['base/block1/**', 'base/block2/**', 'head/**']});
 * ```
 *
 * @see Howard & Ruder (2018), Universal Language Model Fine-tuning for Text Classification, §3.3.
 * https://arxiv.org/abs/1801.06146
 */
export function gradualUnfreezing<const Name extends string = 'gradualUnfreezing'>(
  options: GradualUnfreezingOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, every, groups} = readTechnique('gradualUnfreezing', options, described);
  return defineRegularizer({
    name,
    settings,
    tags: ['partial-update'],
    before: ['clipping'],
    after: ['sharpness', 'gradient-noise', 'decay', 'shrinkage', 'constraint'],
    setup(context) {
      const found = layerGroups(name, context, groups);
      // How many groups have to be open for a weight to be trained.
      const needs = new Map(earlierWeights(found).map(([weight, behind]) => [weight, behind + 1]));
      return needs.size === 0 ? {idle: true} : {plan: {count: found.length, needs}};
    },
    scalars: ({epoch}, {count}) => ({open: openGroups(epoch, every, count)}),
    gradients: (gradients, {plan: {needs}, scalars}) =>
      changedTensors(gradients, [...needs.keys()], (g, weight) =>
        tf.mul(g, isOpen(scalars['open']!, needs.get(weight)!)),
      ),
    project: (weights, {plan: {needs}, scalars, previous}) =>
      changedTensors(weights, [...needs.keys()], (w, weight) =>
        either(isOpen(scalars['open']!, needs.get(weight)!), w, previous[weight]!),
      ),
  });
}

/** 1 where enough groups are open, else 0. */
function isOpen(open: tf.Scalar, needed: number): tf.Tensor {
  return tf.cast(tf.greaterEqual(open, needed), 'float32');
}

/** One tensor or the other, by a 1 or a 0: exactly so, of finite numbers. */
function either(one: tf.Tensor, first: tf.Tensor, second: tf.Tensor): tf.Tensor {
  return tf.add(tf.mul(first, one), tf.mul(second, tf.sub(1, one)));
}

/** What {@link gradualUnfreezing} says of itself. */
export const gradualUnfreezingTechnique: Technique = defineTechnique({
  name: 'gradualUnfreezing',
  family: 'fine-tuning',
  about: 'Trains the last layer first, then one more toward the input every so many epochs.',
  options: described,
  trials: [{options: {every: 1}, epochs: 3}],
  create: gradualUnfreezing,
});
