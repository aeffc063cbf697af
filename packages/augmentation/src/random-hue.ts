import {
  computed,
  defineTechnique,
  type Named,
  type OptionsOf,
  option,
  readTechnique,
  type Technique,
} from '@regularizers/core';
import {uniform} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import type {ColourMap} from './colour.ts';
import {colourOptions, colourPlugin} from './colour-plugin.ts';
import type {ImageRegularizer} from './image-plugin.ts';
import {linearMatrices} from './matrix.ts';
import type {ImageOptions, RangeOptions} from './options.ts';
import {checkRgb, toChroma, toGrey} from './rgb.ts';

/** Options of {@link randomHue}. */
export interface RandomHueOptions extends RangeOptions, ImageOptions {
  /** Largest turn to either side, as a fraction of the full circle, in [0, 0.5]. @defaultValue 0.05 */
  readonly strength?: number;
}

const described = {
  strength: option.number({
    min: 0,
    max: 0.5,
    default: 0.05,
    nothing: 0,
    about: 'Largest turn to either side, as a fraction of the full circle.',
    search: {from: 0.025, to: 0.4, scale: 'linear'},
  }),
  ...colourOptions,
} satisfies OptionsOf<RandomHueOptions>;

// I and Q of YIQ (FCC, 1953), and how red, green and blue follow from them.
const i = [0.59590059, -0.27455667, -0.32134392];
const q = [0.21153661, -0.52273617, 0.31119955];
const fromI = [0.95598634, -0.27201283, -1.10674021];
const fromQ = [0.6208248, -0.64720424, 1.70423049];

/** A quarter turn of the chroma, from red by way of yellow to green: I ← Q, Q ← −I. */
const quarterTurn = fromI.flatMap((red, row) =>
  q.map((entry, column) => red * entry - fromQ[row]! * i[column]!),
);

/**
 * Maps that turn the hue, in the plane of YIQ's chroma, about the grey axis: grey and the luma stay.
 *
 * @param turns fractions of the full circle, `[batch]`; a third takes red to green
 *
 * @example
 * ```ts
 * const red = tf.tensor4d([1, 0, 0], [1, 1, 1, 3]);
 * const green = mappedColours(red, hueMap(tf.tensor1d([1 / 3])));
 * ```
 */
export function hueMap(turns: tf.Tensor1D): ColourMap {
  return computed('hueMap', {turns}, () => {
    const angle: tf.Tensor2D = tf.mul(tf.reshape<tf.Rank.R2>(turns, [-1, 1]), 2 * Math.PI);
    const coefficients: tf.Tensor2D = tf.concat([tf.cos(angle), tf.sin(angle)], 1);
    return {matrix: linearMatrices(coefficients, [toChroma, quarterTurn], toGrey)};
  });
}

/**
 * Turns the hue of each RGB image of a batch by an amount of its own, uniform on −strength … strength of the full
 * circle, clipped to the pixel range. A rotation of the chroma in YIQ, which is linear and keeps the luma; torchvision,
 * TensorFlow and Keras turn the H of HSV, which is not and does not.
 *
 * @param options strength, pixel range, and which inputs are images
 * @throws RegularizerError if an option is out of range or unknown, or images have no three channels
 *
 * @example
 * ```ts
 * randomHue({strength: 0.1});
 * ```
 *
 * @see Howard 2013, section 2.1, https://arxiv.org/abs/1312.5402
 */
export function randomHue<const Name extends string = 'randomHue'>(
  options: RandomHueOptions & Named<Name> = {},
): ImageRegularizer<Name> {
  const {name, settings, strength, range} = readTechnique('randomHue', options, described);
  return colourPlugin(options, {
    name,
    settings,
    amount: strength,
    range,
    check: (shape) => checkRgb(name, shape),
    map: (batch, keys) => hueMap(uniform([batch], keys('turn'), {min: -strength, max: strength})),
  });
}

/** What {@link randomHue} says of itself. */
export const randomHueTechnique: Technique = defineTechnique({
  name: 'randomHue',
  family: 'augmentation',
  about: "Turns each image's colours round the circle at random.",
  options: described,
  trials: [
    {options: {strength: 0.5}, on: ['composite']},
    {options: {imageShape: [1, 2, 3], range: [-9, 9]}, on: ['classifier']},
  ],
  create: randomHue,
});
