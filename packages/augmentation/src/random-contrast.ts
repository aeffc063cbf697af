import {
  computed,
  defineTechnique,
  type Named,
  type OptionsOf,
  readTechnique,
  type Technique,
} from '@regularizers/core';
import {uniform} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {type ColourMap, mappedColours} from './colour.ts';
import {colourOptions, colourPlugin, strengthOption} from './colour-plugin.ts';
import type {ImageRegularizer} from './image-plugin.ts';
import type {ImageOptions, Interval, RangeOptions} from './options.ts';

/** Options of {@link randomContrast}. */
export interface RandomContrastOptions extends RangeOptions, ImageOptions {
  /** Largest change of the contrast to either side, in [0, 1]: factors in 1 − strength … 1 + strength. @defaultValue 0.2 */
  readonly strength?: number;
}

const described = {
  strength: strengthOption('Largest change of the contrast to either side.'),
  ...colourOptions,
} satisfies OptionsOf<RandomContrastOptions>;

/**
 * Images stretched about the mean of each channel, clipped to the pixel range: clip(μ + c·(x − μ)).
 *
 * @param images `[batch, height, width, channels]`
 * @param factor contrast of each image, `[batch]`; 0 is grey, 1 changes nothing
 * @param range the pixel range
 * @returns the shape of `images`
 *
 * @example
 * ```ts
 * const greyer = contrastedImages(images, tf.fill([64], 0.5));
 * ```
 */
export function contrastedImages(
  images: tf.Tensor4D,
  factor: tf.Tensor,
  range: Interval = [0, 1],
): tf.Tensor4D {
  return computed('contrastedImages', {images, factor, range}, () =>
    mappedColours(images, contrastMap(factor, tf.mean(images, [1, 2])), range),
  );
}

/**
 * The maps of {@link contrastedImages}, to compose with others: c·x + (1 − c)·μ.
 *
 * @param factor contrast of each image, `[batch]`
 * @param mean the mean colour of each image where the change comes in, `[batch, channels]`
 *
 * @example
 * ```ts
 * const maps = contrastMap(tf.fill([64], 0.5), tf.mean(images, [1, 2]));
 * ```
 */
export function contrastMap(factor: tf.Tensor, mean: tf.Tensor2D): ColourMap {
  return computed('contrastMap', {factor, mean}, () => {
    const scale = tf.reshape<tf.Rank.R2>(factor, [-1, 1]);
    return {scale, offset: tf.mul(tf.sub(1, scale), mean)};
  });
}

/**
 * Changes each image's contrast by a factor of its own, uniform on 1 − strength … 1 + strength. The mean is that of
 * each channel, as TensorFlow's `adjust_contrast` takes it; torchvision takes the grey mean.
 *
 * @param options strength, pixel range, and which inputs are images
 * @throws RegularizerError if an option is out of range or unknown
 *
 * @example
 * ```ts
 * randomContrast({strength: 0.3});
 * ```
 *
 * @see Howard 2013, section 2.1, https://arxiv.org/abs/1312.5402
 */
export function randomContrast<const Name extends string = 'randomContrast'>(
  options: RandomContrastOptions & Named<Name> = {},
): ImageRegularizer<Name> {
  const {name, settings, strength, range} = readTechnique('randomContrast', options, described);
  return colourPlugin(options, {
    name,
    settings,
    amount: strength,
    range,
    map: (batch, keys, mean) =>
      contrastMap(uniform([batch], keys('factor'), {min: 1 - strength, max: 1 + strength}), mean()),
  });
}

/** What {@link randomContrast} says of itself. */
export const randomContrastTechnique: Technique = defineTechnique({
  name: 'randomContrast',
  family: 'augmentation',
  about: "Changes each image's contrast at random.",
  options: described,
  trials: [{options: {strength: 0.5}, on: ['images', 'composite']}],
  create: randomContrast,
});
