import {defineTechnique, type Named, type OptionsOf, readTechnique, type Technique} from '@regularizers/core';
import {uniform} from '@regularizers/random';
import {colourOptions, colourPlugin, strengthOption} from './colour-plugin.ts';
import type {ImageRegularizer} from './image-plugin.ts';
import type {ImageOptions, RangeOptions} from './options.ts';
import {checkRgb, saturationMap} from './rgb.ts';

/** Options of {@link randomSaturation}. */
export interface RandomSaturationOptions extends RangeOptions, ImageOptions {
  /** Largest change of the saturation to either side, in [0, 1]: factors in 1 − strength … 1 + strength. @defaultValue 0.2 */
  readonly strength?: number;
}

const described = {
  strength: strengthOption('Largest change of the saturation to either side.'),
  ...colourOptions,
} satisfies OptionsOf<RandomSaturationOptions>;

/**
 * Makes each RGB image of a batch greyer or more colourful by a factor f of its own, uniform on
 * 1 − strength … 1 + strength: clip(y + f·(x − y)), with y = 0.299·R + 0.587·G + 0.114·B. So torchvision defines it;
 * TensorFlow and Keras scale the S of HSV, which is not linear.
 *
 * @param options strength, pixel range, and which inputs are images
 * @throws RegularizerError if an option is out of range or unknown, or images have no three channels
 *
 * @example
 * ```ts
 * randomSaturation({strength: 0.4});
 * ```
 *
 * @see Howard 2013, section 2.1, https://arxiv.org/abs/1312.5402
 */
export function randomSaturation<const Name extends string = 'randomSaturation'>(
  options: RandomSaturationOptions & Named<Name> = {},
): ImageRegularizer<Name> {
  const {name, settings, strength, range} = readTechnique('randomSaturation', options, described);
  return colourPlugin(options, {
    name,
    settings,
    amount: strength,
    range,
    check: (shape) => checkRgb(name, shape),
    map: (batch, keys) =>
      saturationMap(uniform([batch], keys('factor'), {min: 1 - strength, max: 1 + strength})),
  });
}

/** What {@link randomSaturation} says of itself. */
export const randomSaturationTechnique: Technique = defineTechnique({
  name: 'randomSaturation',
  family: 'augmentation',
  about: 'Changes how colourful each image is at random.',
  options: described,
  trials: [
    {options: {strength: 0.5}, on: ['composite']},
    {options: {imageShape: [1, 2, 3], range: [-9, 9]}, on: ['classifier']},
  ],
  create: randomSaturation,
});
