import {
  computed,
  defineTechnique,
  type Named,
  type OptionsOf,
  readTechnique,
  type Technique,
} from '@regularizers/core';
import {bernoulli} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import type {ColourMap} from './colour.ts';
import {colourOptions, colourPlugin} from './colour-plugin.ts';
import type {ImageRegularizer} from './image-plugin.ts';
import {type ImageOptions, type Interval, probabilityOption, type RangeOptions} from './options.ts';

/** Options of {@link randomInvert}. */
export interface RandomInvertOptions extends RangeOptions, ImageOptions {
  /** Probability that an image becomes its negative, in [0, 1]. @defaultValue 0.5 */
  readonly probability?: number;
}

const described = {
  probability: probabilityOption(0.5, 'Probability that an image becomes its negative.', [0.1, 0.5]),
  ...colourOptions,
} satisfies OptionsOf<RandomInvertOptions>;

/**
 * Maps that turn the chosen images into negatives: max − (x − min).
 *
 * @param inverted which images, `[batch]`, 1 or 0 each
 * @param range the pixel range
 *
 * @example
 * ```ts
 * const negatives = mappedColours(images, inversionMap(tf.ones([64])));
 * ```
 */
export function inversionMap(inverted: tf.Tensor1D, range: Interval = [0, 1]): ColourMap {
  return computed('inversionMap', {inverted, range}, () => {
    const chosen = tf.reshape<tf.Rank.R2>(inverted, [-1, 1]);
    return {scale: tf.sub(1, tf.mul(chosen, 2)), offset: tf.mul(chosen, range[0] + range[1])};
  });
}

/**
 * Turns some images of a batch into negatives: min + max − x.
 *
 * @param options how often, pixel range, and which inputs are images
 * @throws RegularizerError if an option is out of range or unknown
 *
 * @example
 * ```ts
 * randomInvert({probability: 0.2, range: [0, 255]});
 * ```
 *
 * @see Cubuk, Zoph, Mané, Vasudevan and Le 2019, table 6, https://arxiv.org/abs/1805.09501
 */
export function randomInvert<const Name extends string = 'randomInvert'>(
  options: RandomInvertOptions & Named<Name> = {},
): ImageRegularizer<Name> {
  const {name, settings, probability, range} = readTechnique('randomInvert', options, described);
  return colourPlugin(options, {
    name,
    settings,
    amount: probability,
    range,
    map: (batch, keys, _, range) => inversionMap(bernoulli([batch], keys('inverted'), {probability}), range),
  });
}

/** What {@link randomInvert} says of itself. */
export const randomInvertTechnique: Technique = defineTechnique({
  name: 'randomInvert',
  title: 'Random negative',
  family: 'augmentation',
  about: 'Turns some images into negatives.',
  options: described,
  trials: [{on: ['images', 'composite']}],
  create: randomInvert,
});
