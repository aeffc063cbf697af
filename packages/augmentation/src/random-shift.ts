import {
  computed,
  defineTechnique,
  type Named,
  type OptionsOf,
  RegularizerError,
  readTechnique,
  type Technique,
} from '@regularizers/core';
import {type Key, uniform} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {type ImageRegularizer, imagePlugin} from './image-plugin.ts';
import {identity, linearMatrices} from './matrix.ts';
import type {Reach} from './motion.ts';
import {
  bothAxes,
  type FillOptions,
  fillOptions,
  type ImageOptions,
  imageOptions,
  type PerAxis,
  perAxisOption,
} from './options.ts';
import type {OpenShape} from './plan.ts';
import {resampledImages} from './resample.ts';

/** How far {@link randomShift} moves an image. */
export interface ShiftSettings {
  /** The largest shift in pixels, a whole number; each from −pixels to pixels is as likely. @defaultValue 4 */
  readonly pixels?: PerAxis;
}

/** Options of {@link randomShift}. */
export interface RandomShiftOptions extends ShiftSettings, FillOptions, ImageOptions {}

const described = {
  pixels: perAxisOption(
    {min: 0, integer: true},
    {
      default: 4,
      unit: 'pixels',
      about: 'Largest shift to either side.',
      search: {from: 1, to: 8, scale: 'linear'},
    },
  ),
  ...fillOptions,
  ...imageOptions,
} satisfies OptionsOf<RandomShiftOptions>;

/**
 * Moves each image by whole pixels: output(x, y) = input(x − right, y − down). Exact.
 *
 * @param images `[batch, height, width, channels]`
 * @param offsets pixels down and to the right, `[batch, 2]`, whole numbers
 * @param fill what lies outside the image
 * @returns the shape of `images`
 *
 * @example
 * ```ts
 * const two = tf.zeros<tf.Rank.R4>([2, 28, 28, 1]);
 * const moved = shiftedImages(two, tf.tensor2d([[0, 2], [-3, 0]]), {fillMode: 'nearest'});
 * ```
 */
export function shiftedImages(
  images: tf.Tensor4D,
  offsets: tf.Tensor2D,
  fill: FillOptions = {},
): tf.Tensor4D {
  return computed('shiftedImages', {images, offsets, fill}, () =>
    resampledImages(images, shiftMatrix(offsets), {...fill, interpolation: 'nearest'}),
  );
}

/**
 * The matrices of {@link shiftedImages}, to compose with others; fractions of pixels are allowed.
 *
 * @param offsets pixels down and to the right, `[batch, 2]`
 * @returns from output to input places, `[batch, 3, 3]`
 *
 * @example
 * ```ts
 * const matrices = shiftMatrix(tf.tensor2d([[0, 2.5], [-1, 0]]));
 * ```
 */
export function shiftMatrix(offsets: tf.Tensor2D): tf.Tensor3D {
  return computed('shiftMatrix', {offsets}, () =>
    linearMatrices(
      offsets,
      [
        [0, 0, 0, 0, 0, -1, 0, 0, 0],
        [0, 0, -1, 0, 0, 0, 0, 0, 0],
      ],
      identity,
    ),
  );
}

/**
 * Draws whole-pixel shifts, uniform on −reach … reach.
 *
 * @param batch number of images
 * @param key the key to draw with
 * @param reach the largest shifts in pixels
 * @returns pixels down and to the right, `[batch, 2]`
 *
 * @example
 * ```ts
 * const moved = shiftedImages(images, randomOffsets(64, key, {horizontal: 4, vertical: 4}));
 * ```
 */
export function randomOffsets(batch: number, key: Key, reach: Reach): tf.Tensor2D {
  return computed('randomOffsets', {batch, key, reach}, () =>
    tf.sub(randomCorners(batch, key, reach), tf.tensor1d([reach.vertical, reach.horizontal])),
  );
}

/**
 * Draws corners of windows in images padded by `reach`, uniform on 0 … 2·reach.
 *
 * @param batch number of images
 * @param key the key to draw with
 * @param reach pixels added at every side
 * @returns top and left, `[batch, 2]`
 *
 * @example
 * ```ts
 * const reach = {horizontal: 4, vertical: 4};
 * const cut = croppedImages(images, randomCorners(64, key, reach), reach);
 * ```
 */
export function randomCorners(batch: number, key: Key, reach: Reach): tf.Tensor2D {
  return computed('randomCorners', {batch, key, reach}, () => {
    const {horizontal, vertical} = reach;
    const counts = tf.tensor1d([2 * vertical + 1, 2 * horizontal + 1]);
    return tf.floor(tf.mul(uniform<tf.Rank.R2>([batch, 2], key), counts));
  });
}

/** Refuses shifts that could leave next to nothing of an image, where wrapping around would be wrong as well. */
export function checkReach(
  where: string,
  option: string,
  {horizontal, vertical}: Reach,
  shape: OpenShape,
): void {
  const [height, width] = shape;
  const fits = (reach: number, side: number | null | undefined): boolean =>
    reach === 0 || side == null || reach <= side - 2;
  if (fits(horizontal, width) && fits(vertical, height)) return;
  throw new RegularizerError({
    where,
    code: 'out-of-range',
    message: `${option} must be at most an image's side minus 2; received ${horizontal} across and ${vertical} down for images of [${shape.join(', ')}]`,
    option,
  });
}

/**
 * Moves each image of a batch by a whole number of pixels of its own, up to `pixels` in each direction.
 *
 * @param options reach, what comes in at the edges, and which inputs are images
 * @throws RegularizerError if an option is out of range or unknown
 *
 * @example
 * ```ts
 * randomShift({pixels: {horizontal: 3, vertical: 0}, fillMode: 'nearest'});
 * ```
 *
 * @see Simard, Steinkraus and Platt 2003, https://doi.org/10.1109/ICDAR.2003.1227801
 */
export function randomShift<const Name extends string = 'randomShift'>(
  options: RandomShiftOptions & Named<Name> = {},
): ImageRegularizer<Name> {
  const {name, settings, pixels, ...fill} = readTechnique('randomShift', options, described);
  const reach = bothAxes(pixels);
  return imagePlugin({
    kind: 'moving',
    name,
    settings,
    idle: reach.horizontal === 0 && reach.vertical === 0,
    options,
    check: (shape) => checkReach(name, 'pixels', reach, shape),
    reach,
    motion: {fill, matrices: (batch, _, keys) => shiftMatrix(randomOffsets(batch, keys('shift'), reach))},
  });
}

/** What {@link randomShift} says of itself. */
export const randomShiftTechnique: Technique = defineTechnique({
  name: 'randomShift',
  family: 'augmentation',
  about: 'Shifts each image by whole pixels at random.',
  options: described,
  trials: [{options: {pixels: 2}, on: ['images', 'composite']}],
  create: randomShift,
});
