import {
  computed,
  defineTechnique,
  type Named,
  type OptionsOf,
  readTechnique,
  type Technique,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {type ImageRegularizer, imagePlugin} from './image-plugin.ts';
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
import {checkReach, randomCorners, shiftedImages, shiftMatrix} from './random-shift.ts';

/** Options of {@link randomCrop}. */
export interface RandomCropOptions extends FillOptions, ImageOptions {
  /** Pixels added at every side before a window of the old size is cut out, a whole number. @defaultValue 4 */
  readonly padding?: PerAxis;
}

const described = {
  padding: perAxisOption(
    {min: 0, integer: true},
    {
      default: 4,
      unit: 'pixels',
      about: 'Pixels added at every side before a window of the old size is cut out.',
      search: {from: 1, to: 8, scale: 'linear'},
    },
  ),
  ...fillOptions,
  ...imageOptions,
} satisfies OptionsOf<RandomCropOptions>;

/**
 * Pads images and cuts a window of the old size out of each: output(x, y) = padded(x + left, y + top). Exact.
 *
 * The padded images are never made: cutting at a corner is a shift by padding − corner.
 *
 * @param images `[batch, height, width, channels]`
 * @param corners top and left of each window in the padded image, `[batch, 2]`, whole numbers
 * @param padding pixels added at every side
 * @param fill what the padding is made of
 * @returns the shape of `images`
 *
 * @example
 * ```ts
 * const two = tf.zeros<tf.Rank.R4>([2, 28, 28, 1]);
 * const cut = croppedImages(two, tf.tensor2d([[0, 0], [8, 8]]), {horizontal: 4, vertical: 4});
 * ```
 */
export function croppedImages(
  images: tf.Tensor4D,
  corners: tf.Tensor2D,
  padding: Reach,
  fill: FillOptions = {},
): tf.Tensor4D {
  return computed('croppedImages', {images, corners, padding, fill}, () =>
    shiftedImages(images, cropOffsets(corners, padding), fill),
  );
}

/** Pixels down and to the right that cutting at these corners moves an image by, `[batch, 2]`. */
function cropOffsets(corners: tf.Tensor2D, {horizontal, vertical}: Reach): tf.Tensor2D {
  return tf.sub(tf.tensor1d([vertical, horizontal]), corners);
}

/**
 * Pads each image of a batch and cuts a window of the old size out of it, at a place of its own: the augmentation
 * that residual networks on CIFAR are trained with, beside flips.
 *
 * The corner is uniform on 0 … 2·padding, so this draws from the same distribution as `randomShift`.
 *
 * @param options padding, what it is made of, and which inputs are images
 * @throws RegularizerError if an option is out of range or unknown
 *
 * @example
 * ```ts
 * const regularizers = [randomFlip(), randomCrop({padding: 4, fillMode: 'reflect'})];
 * ```
 *
 * @see He, Zhang, Ren and Sun 2016, section 4.2, https://arxiv.org/abs/1512.03385
 */
export function randomCrop<const Name extends string = 'randomCrop'>(
  options: RandomCropOptions & Named<Name> = {},
): ImageRegularizer<Name> {
  const {name, settings, padding, ...fill} = readTechnique('randomCrop', options, described);
  const reach = bothAxes(padding);
  return imagePlugin({
    kind: 'moving',
    name,
    settings,
    idle: reach.horizontal === 0 && reach.vertical === 0,
    options,
    check: (shape) => checkReach(name, 'padding', reach, shape),
    reach,
    motion: {
      fill,
      matrices: (batch, _, keys) =>
        shiftMatrix(cropOffsets(randomCorners(batch, keys('crop'), reach), reach)),
    },
  });
}

/** What {@link randomCrop} says of itself. */
export const randomCropTechnique: Technique = defineTechnique({
  name: 'randomCrop',
  family: 'augmentation',
  about: 'Pads each image and cuts a window of the old size out of it at random.',
  options: described,
  trials: [{options: {padding: 2}, on: ['images', 'composite']}],
  create: randomCrop,
});
