import {
  computed,
  defineTechnique,
  type Named,
  type OptionsOf,
  option,
  readTechnique,
  type Technique,
} from '@regularizers/core';
import {type Key, uniform} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {type ImageRegularizer, imagePlugin} from './image-plugin.ts';
import {composedMatrices, type ImageSize, linearMatrices} from './matrix.ts';
import {
  bothAxes,
  type FillOptions,
  fillOptions,
  type ImageOptions,
  type Interval,
  imageOptions,
  type PerAxis,
  perAxisOption,
} from './options.ts';
import {shiftMatrix} from './random-shift.ts';
import type {Interpolation} from './resample.ts';

/** How far {@link randomAffine} goes; every number is drawn uniformly, for each image by itself. */
export interface AffineSettings {
  /** Largest rotation to either side, in degrees, in [0, 180]. @defaultValue 10 */
  readonly rotation?: number;
  /** Largest translation as a fraction of the side, in [0, 1]. @defaultValue 0.1 */
  readonly translation?: PerAxis;
  /** Smallest and largest magnification, above 0. @defaultValue [0.9, 1.1] */
  readonly scale?: Interval;
  /** Largest horizontal shear to either side, in degrees, in [0, 90). @defaultValue 5 */
  readonly shear?: number;
}

/** Options of {@link randomAffine}. */
export interface RandomAffineOptions extends AffineSettings, FillOptions, ImageOptions {
  /** @defaultValue 'bilinear' */
  readonly interpolation?: Interpolation;
}

const described = {
  rotation: option.number({
    min: 0,
    max: 180,
    default: 10,
    nothing: 0,
    unit: 'degrees',
    about: 'Largest rotation to either side.',
    search: {from: 1, to: 30, scale: 'linear'},
  }),
  translation: perAxisOption(
    {min: 0, max: 1},
    {
      default: 0.1,
      about: 'Largest translation as a fraction of the side.',
      search: {from: 0.02, to: 0.25, scale: 'linear'},
    },
  ),
  scale: option.interval(
    {min: 0, minExclusive: true},
    {
      default: [0.9, 1.1],
      nothing: [1, 1],
      about: 'Smallest and largest magnification.',
      search: {
        values: [
          [0.95, 1.05],
          [0.9, 1.1],
          [0.85, 1.15],
          [0.8, 1.2],
        ],
      },
    },
  ),
  shear: option.number({
    min: 0,
    max: 90,
    maxExclusive: true,
    default: 5,
    nothing: 0,
    unit: 'degrees',
    about: 'Largest horizontal shear to either side.',
    search: {from: 0, to: 20, scale: 'linear'},
  }),
  interpolation: option.choice(['nearest', 'bilinear'], {
    default: 'bilinear',
    about: 'How values between pixels are read.',
    rare: true,
  }),
  ...fillOptions,
  ...imageOptions,
} satisfies OptionsOf<RandomAffineOptions>;

/** The parameters of an affine change, `[batch]` each. */
export interface AffineParameters {
  /** Radians; positive is clockwise as seen. */
  readonly rotation: tf.Tensor;
  /** Radians; positive moves rows below the centre to the left. */
  readonly shear: tf.Tensor;
  /** Above 1 magnifies. */
  readonly scale: tf.Tensor;
  /** Pixels to the right. */
  readonly right: tf.Tensor;
  /** Pixels down. */
  readonly down: tf.Tensor;
}

/**
 * One matrix per example that scales, shears, rotates about the centre, then translates:
 *
 * input = c + (1/s)·Sh(φ)⁻¹·R(θ)⁻¹·(output − c − t)
 *
 * with R(θ) = [cos θ, −sin θ; sin θ, cos θ], Sh(φ) = [1, −tan φ; 0, 1] and the image's centre
 * c = ((width − 1)/2, (height − 1)/2), for pixel centres at whole numbers and y downwards. The convention, signs
 * included, is that of torchvision's `affine`.
 *
 * @param parameters `[batch]` each
 * @param size sides of the images in pixels
 * @returns from output to input places, `[batch, 3, 3]`
 *
 * @example
 * ```ts
 * const [zero, one] = [tf.zeros([1]), tf.ones([1])];
 * const quarter = {rotation: tf.tensor1d([Math.PI / 2]), shear: zero, scale: one, right: zero, down: zero};
 * const turned = resampledImages(tf.zeros([1, 28, 28, 1]), affineMatrix(quarter, {height: 28, width: 28}));
 * ```
 */
export function affineMatrix(parameters: AffineParameters, size: ImageSize): tf.Tensor3D {
  return computed('affineMatrix', {parameters, size}, () => {
    const {rotation, shear, scale, right, down} = parameters;
    const {height, width} = size;
    const column = (values: tf.Tensor): tf.Tensor2D => tf.reshape(values, [-1, 1]);
    const cos = column(tf.div(tf.cos(rotation), scale));
    const sin = column(tf.div(tf.sin(rotation), scale));
    const slope = column(tf.tan(shear));
    const x = (width - 1) / 2;
    const y = (height - 1) / 2;
    const aboutCentre = linearMatrices(
      tf.concat([cos, sin, tf.mul(slope, cos), tf.mul(slope, sin)], 1),
      [
        [1, 0, -x, 0, 1, -y, 0, 0, 0],
        [0, 1, -y, -1, 0, x, 0, 0, 0],
        [0, 1, -y, 0, 0, 0, 0, 0, 0],
        [-1, 0, x, 0, 0, 0, 0, 0, 0],
      ],
      [0, 0, x, 0, 0, y, 0, 0, 1],
    );
    return composedMatrices(aboutCentre, shiftMatrix(tf.concat([column(down), column(right)], 1)));
  });
}

/**
 * Draws the matrices of {@link affineMatrix}, one per image, to compose with others.
 *
 * @param batch number of images
 * @param size sides of the images in pixels
 * @param key the key to draw with
 * @param settings the largest changes
 * @returns from output to input places, `[batch, 3, 3]`
 *
 * @example
 * ```ts
 * const matrices = randomAffineMatrix(64, {height: 32, width: 32}, key, {rotation: 15});
 * const turned = resampledImages(images, matrices);
 * ```
 */
export function randomAffineMatrix(
  batch: number,
  size: ImageSize,
  key: Key,
  settings: AffineSettings = {},
): tf.Tensor3D {
  return computed('randomAffineMatrix', {batch, size, key, settings}, () => {
    const {rotation = 10, translation = 0.1, scale = [0.9, 1.1], shear = 5} = settings;
    const {horizontal, vertical} = bothAxes(translation);
    const reach = [radians(rotation), radians(shear), horizontal * size.width, vertical * size.height];
    const spans = tf.tensor1d([...reach.map((most) => 2 * most), scale[1] - scale[0]]);
    const lows = tf.tensor1d([...reach.map((most) => -most), scale[0]]);
    const draws = tf.add(tf.mul(uniform<tf.Rank.R2>([batch, 5], key), spans), lows);
    const [angle, slant, right, down, magnification] = tf.split(draws, 5, 1);
    return affineMatrix(
      {rotation: angle!, shear: slant!, scale: magnification!, right: right!, down: down!},
      size,
    );
  });
}

function isIdentity({rotation, translation, scale, shear}: Required<AffineSettings>): boolean {
  const {horizontal, vertical} = bothAxes(translation);
  return (
    [rotation, shear, horizontal, vertical].every((most) => most === 0) && scale.every((one) => one === 1)
  );
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

/**
 * Rotates, moves, scales and shears each image of a batch by amounts of its own: one matrix per image, and one
 * resample for the batch.
 *
 * @param options the largest changes, what lies outside the image, and which inputs are images
 * @throws RegularizerError if an option is out of range or unknown
 *
 * @example
 * ```ts
 * randomAffine({rotation: 15, imageShape: [28, 28, 1]}); // for MNIST as vectors
 * ```
 *
 * @see Simard, Steinkraus and Platt 2003, section 2, https://doi.org/10.1109/ICDAR.2003.1227801
 */
export function randomAffine<const Name extends string = 'randomAffine'>(
  options: RandomAffineOptions & Named<Name> = {},
): ImageRegularizer<Name> {
  const {name, settings, rotation, translation, scale, shear, interpolation, fillMode, fillValue} =
    readTechnique('randomAffine', options, described);
  const drawn = {rotation, translation: bothAxes(translation), scale, shear};
  return imagePlugin({
    kind: 'moving',
    name,
    settings,
    idle: isIdentity(drawn),
    options,
    motion: {
      fill: {fillMode, fillValue},
      interpolation,
      matrices: (batch, size, keys) => randomAffineMatrix(batch, size, keys('affine'), drawn),
    },
  });
}

/** What {@link randomAffine} says of itself. */
export const randomAffineTechnique: Technique = defineTechnique({
  name: 'randomAffine',
  family: 'augmentation',
  about: 'Rotates, shifts, scales and shears each image at random.',
  options: described,
  trials: [{options: {rotation: 45}, on: ['images', 'composite']}],
  create: randomAffine,
});
