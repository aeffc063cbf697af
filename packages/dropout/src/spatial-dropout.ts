import {
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
  type SiteInfo,
  type Technique,
} from '@regularizers/core';
import type {KeyLike} from '@regularizers/random';
import type * as tf from '@tensorflow/tfjs-core';
import {droppedValue} from './dropout.ts';
import {isHidden} from './hidden-sites.ts';
import {checkLayout, type Layout} from './layout.ts';
import {maskOrder} from './mask-order.ts';
import {dropRate} from './options.ts';

/** Options of {@link spatialDropout}. */
export interface SpatialDropoutOptions<Name extends string = string> extends Named<Name> {
  /** Probability p that a channel is dropped, in [0, 1). @defaultValue 0.5 */
  readonly rate?: number;
  /**
   * Sites whose channels are dropped: values of rank 3 to 5, channels last.
   *
   * @defaultValue outputs of hidden convolutions, after the activation layer where that is a layer of its own, and
   * after a batch normalization that would come next
   */
  readonly at?: Selector<SiteInfo>;
}

const convolutions = [
  'Conv1D',
  'Conv2D',
  'Conv3D',
  'Conv2DTranspose',
  'Conv3DTranspose',
  'DepthwiseConv2D',
  'SeparableConv2D',
];

const described = {
  rate: dropRate(0.5, 'Probability that a channel is dropped.'),
  at: option.sites({
    about: 'Sites whose values are changed.',
    default: isHidden(...convolutions),
    otherwise: 'outputs of hidden convolutions, after the activation layer where that is a layer of its own',
    rare: true,
  }),
} satisfies OptionsOf<SpatialDropoutOptions>;

const layout: Layout = {
  what: 'values [batch, ...positions, channels] of rank 3 to 5',
  ranks: [3, 5],
  hint: 'dropout takes a noiseShape for any other layout, such as [null, null, 1, 1].',
};

/**
 * Drops whole channels: {@link droppedValue} with one draw per example and channel.
 *
 * @param value `[batch, ...positions, channels]`, rank 3 to 5
 * @param key where the draw comes from
 * @param options `rate`: p, in [0, 1)
 * @returns a value of the same shape
 *
 * @example
 * ```ts
 * const dropped = droppedChannels(images, deriveKey(7, 'mask'), {rate: 0.2});
 * ```
 */
export function droppedChannels(value: tf.Tensor, key: KeyLike, options: {readonly rate: number}): tf.Tensor {
  return computed('droppedChannels', {value, key, options}, () => {
    const {rate} = options;
    const last = value.rank - 1;
    const noiseShape = value.shape.map((_, axis) => (axis === 0 || axis === last ? null : 1));
    return droppedValue(value, key, {rate, noiseShape});
  });
}

/**
 * Spatial dropout: drops whole channels of sequences, images and volumes. Neighbouring positions of a feature
 * map are so alike that dropping single ones takes little away.
 *
 * y ← y·m, m = b/(1 − p), b ~ Bernoulli(1 − p) for each example and channel; evaluation is the identity.
 *
 * @param options how often, and where
 * @throws RegularizerError if an option is out of range, `at` selects nothing, a value has another rank, or a
 * layer has its channels first
 *
 * @example
 * ```ts
 * const regularizers = [spatialDropout({rate: 0.2})];
 * ```
 *
 * @see Tompson, Goroshin, Jain, LeCun, Bregler (2015), Efficient Object Localization Using Convolutional Networks,
 * where it is named SpatialDropout. https://arxiv.org/abs/1411.4280
 */
export function spatialDropout<const Name extends string = 'spatialDropout'>(
  options: SpatialDropoutOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, rate, at} = readTechnique('spatialDropout', options, described);
  return defineRegularizer({
    name,
    settings,
    ...maskOrder,
    setup(context) {
      if (rate === 0) return {idle: true};
      const chosen = at(context);
      for (const site of chosen) checkLayout(name, site, layout);
      return {at: namesOf(chosen)};
    },
    activation: (value, site, step) => droppedChannels(value, step.key(`mask/${site.index}`), {rate}),
  });
}

/** What {@link spatialDropout} says of itself. */
export const spatialDropoutTechnique: Technique = defineTechnique({
  name: 'spatialDropout',
  family: 'dropout',
  about: 'Drops whole channels of convolutions.',
  options: described,
  trials: [
    {options: {rate: 0.3}, on: ['images']},
    {options: {at: 'block1_branch'}, on: ['composite']},
  ],
  create: spatialDropout,
});
