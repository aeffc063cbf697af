import {defineTechnique, type Named, type OptionsOf, readTechnique, type Technique} from '@regularizers/core';
import {bernoulli} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {colourOptions, colourPlugin} from './colour-plugin.ts';
import type {ImageRegularizer} from './image-plugin.ts';
import {type ImageOptions, probabilityOption, type RangeOptions} from './options.ts';
import {checkRgb, saturationMap} from './rgb.ts';

/** Options of {@link randomGrayscale}. */
export interface RandomGrayscaleOptions extends RangeOptions, ImageOptions {
  /** Probability that an image turns grey, in [0, 1]. @defaultValue 0.1 */
  readonly probability?: number;
}

const described = {
  probability: probabilityOption(0.1, 'Probability that an image turns grey.', [0.05, 0.5]),
  ...colourOptions,
} satisfies OptionsOf<RandomGrayscaleOptions>;

/**
 * Turns some RGB images of a batch grey, of three equal channels: y = 0.299·R + 0.587·G + 0.114·B.
 *
 * @param options how often, pixel range, and which inputs are images
 * @throws RegularizerError if an option is out of range or unknown, or images have no three channels
 *
 * @example
 * ```ts
 * randomGrayscale({probability: 0.2});
 * ```
 *
 * @see Chen, Kornblith, Norouzi and Hinton 2020, appendix A, https://arxiv.org/abs/2002.05709
 */
export function randomGrayscale<const Name extends string = 'randomGrayscale'>(
  options: RandomGrayscaleOptions & Named<Name> = {},
): ImageRegularizer<Name> {
  const {name, settings, probability, range} = readTechnique('randomGrayscale', options, described);
  return colourPlugin(options, {
    name,
    settings,
    amount: probability,
    range,
    check: (shape) => checkRgb(name, shape),
    map: (batch, keys) =>
      saturationMap(tf.sub<tf.Tensor1D>(1, bernoulli([batch], keys('grey'), {probability}))),
  });
}

/** What {@link randomGrayscale} says of itself. */
export const randomGrayscaleTechnique: Technique = defineTechnique({
  name: 'randomGrayscale',
  family: 'augmentation',
  about: 'Takes the colours out of some images.',
  options: described,
  trials: [
    {options: {probability: 0.5}, on: ['composite']},
    {options: {probability: 0.5, imageShape: [1, 2, 3], range: [-9, 9]}, on: ['classifier']},
  ],
  create: randomGrayscale,
});
