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
import {type Boxes, boxMask, filledImages} from './box.ts';
import {type ImageRegularizer, imagePlugin} from './image-plugin.ts';
import type {ImageSize} from './matrix.ts';
import {type ImageOptions, imageOptions, probabilityOption} from './options.ts';
import {type EraseOptions, eraseFill, eraseOptions, eraseRange} from './random-erasing.ts';

/** The squares that {@link cutout} draws. */
export interface CutoutSettings {
  /** Side of the square in pixels, at least 1. @defaultValue half the image's shorter side */
  readonly size?: number;
  /** Probability that an image gets one, in [0, 1]. @defaultValue 1 */
  readonly probability?: number;
}

/** Options of {@link cutout}. */
export interface CutoutOptions extends CutoutSettings, EraseOptions, ImageOptions {}

/**
 * Draws a square for each image, its centre uniform over the pixels, so that it may reach over the edge: then less
 * than the square is erased, which the authors found to matter.
 *
 * @param batch number of images
 * @param image sides of the images in pixels
 * @param key the key to draw with
 * @param settings the square's side, and how often
 * @returns the squares, which may reach outside the image; empty for images that are spared
 *
 * @example
 * ```ts
 * const size = {height: 32, width: 32};
 * const erased = filledImages(images, boxMask(cutoutBoxes(64, size, key), size), 0);
 * ```
 */
export function cutoutBoxes(batch: number, image: ImageSize, key: Key, settings: CutoutSettings = {}): Boxes {
  return computed('cutoutBoxes', {batch, image, key, settings}, () => {
    const {height, width} = image;
    const {size = Math.max(1, Math.floor(Math.min(height, width) / 2)), probability = 1} = settings;
    const [chance, place] = tf.split(uniform<tf.Rank.R2>([batch, 3], key), [1, 2], 1);
    const centre: tf.Tensor2D = tf.floor(tf.mul(place!, tf.tensor1d([height, width])));
    const start = tf.sub<tf.Tensor2D>(centre, Math.floor(size / 2));
    const erased = tf.cast(tf.less(chance!, probability), 'float32');
    return {start, end: tf.add(start, tf.mul(erased, size))};
  });
}

const described = {
  size: option.integer({
    min: 1,
    unit: 'pixels',
    about: 'Side of the square.',
    search: {from: 4, to: 20, scale: 'linear'},
    otherwise: "half the image's shorter side",
  }),
  probability: {...probabilityOption(1, 'Probability that an image gets a square.'), rare: true},
  ...eraseOptions,
  ...imageOptions,
} satisfies OptionsOf<CutoutOptions>;

/**
 * Erases a square from each image of a batch. Runs after flips and the like, and before mixing.
 *
 * The paper fills with 0 on images of mean 0; for others give their mean as `fill`.
 *
 * @param options how large, what with, and which inputs are images
 * @throws RegularizerError if an option is out of range or unknown
 *
 * @example
 * ```ts
 * cutout({size: 16, fill: 0.5});
 * ```
 *
 * @see DeVries and Taylor 2017, section 3, https://arxiv.org/abs/1708.04552
 */
export function cutout<const Name extends string = 'cutout'>(
  options: CutoutOptions & Named<Name> = {},
): ImageRegularizer<Name> {
  const {name, settings, size, probability, fill, range} = readTechnique('cutout', options, described);
  const drawn = {probability, ...(size !== undefined && {size})};
  return imagePlugin({
    kind: 'erasing',
    name,
    settings,
    idle: probability === 0,
    options,
    ...eraseRange(fill, range),
    change: (images, key, range) => {
      const [batch, height, width] = images.shape;
      const boxes = cutoutBoxes(batch, {height, width}, key('box'), drawn);
      return filledImages(images, boxMask(boxes, {height, width}), eraseFill(images, key, fill, range));
    },
  });
}

/** What {@link cutout} says of itself. */
export const cutoutTechnique: Technique = defineTechnique({
  name: 'cutout',
  family: 'augmentation',
  about: 'Blanks a square of each image.',
  options: described,
  trials: [{options: {fill: 0.5}, on: ['images', 'composite']}],
  create: cutout,
});
