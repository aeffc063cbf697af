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

/** Options of {@link randomBrightness}. */
export interface RandomBrightnessOptions extends RangeOptions, ImageOptions {
  /** Largest change to either side, as a fraction of the range's width, in [0, 1]. @defaultValue 0.2 */
  readonly strength?: number;
}

const described = {
  strength: strengthOption("Largest change to either side, as a fraction of the range's width."),
  ...colourOptions,
} satisfies OptionsOf<RandomBrightnessOptions>;

/**
 * Images with a number added to each, clipped to the pixel range: clip(x + δ·(max − min)).
 *
 * @param images `[batch, height, width, channels]`
 * @param delta fractions of the range's width, `[batch]`
 * @param range the pixel range
 * @returns the shape of `images`
 *
 * @example
 * ```ts
 * const brighter = brightenedImages(images, tf.fill([64], 0.1));
 * ```
 */
export function brightenedImages(
  images: tf.Tensor4D,
  delta: tf.Tensor,
  range: Interval = [0, 1],
): tf.Tensor4D {
  return computed('brightenedImages', {images, delta, range}, () =>
    mappedColours(images, brightnessMap(delta, range), range),
  );
}

/**
 * The maps of {@link brightenedImages}, to compose with others: x + δ·(max − min).
 *
 * @param delta fractions of the range's width, `[batch]`
 * @param range the pixel range
 *
 * @example
 * ```ts
 * const brighter = brightnessMap(tf.fill([64], 0.1));
 * const mean = mappedColour(tf.mean(images, [1, 2]), brighter);
 * const both = composedColours(brighter, contrastMap(tf.fill([64], 0.5), mean));
 * ```
 */
export function brightnessMap(delta: tf.Tensor, range: Interval = [0, 1]): ColourMap {
  return computed('brightnessMap', {delta, range}, () => ({
    offset: tf.mul(tf.reshape<tf.Rank.R2>(delta, [-1, 1]), range[1] - range[0]),
  }));
}

/**
 * Makes each image of a batch brighter or darker by an amount of its own, δ uniform on −strength … strength. The
 * additive convention of TensorFlow's `random_brightness` and Keras; torchvision multiplies.
 *
 * @param options strength, pixel range, and which inputs are images
 * @throws RegularizerError if an option is out of range or unknown
 *
 * @example
 * ```ts
 * randomBrightness({strength: 0.1, range: [0, 255]});
 * ```
 *
 * @see Krizhevsky, Sutskever and Hinton 2012, section 4.1, https://papers.nips.cc/paper/4824
 */
export function randomBrightness<const Name extends string = 'randomBrightness'>(
  options: RandomBrightnessOptions & Named<Name> = {},
): ImageRegularizer<Name> {
  const {name, settings, strength, range} = readTechnique('randomBrightness', options, described);
  return colourPlugin(options, {
    name,
    settings,
    amount: strength,
    range,
    map: (batch, keys, _, range) =>
      brightnessMap(uniform([batch], keys('delta'), {min: -strength, max: strength}), range),
  });
}

/** What {@link randomBrightness} says of itself. */
export const randomBrightnessTechnique: Technique = defineTechnique({
  name: 'randomBrightness',
  family: 'augmentation',
  about: 'Makes each image brighter or darker at random.',
  options: described,
  trials: [{options: {strength: 0.5}, on: ['images', 'composite']}],
  create: randomBrightness,
});
