import {
  computed,
  defineTechnique,
  type Named,
  type OptionsOf,
  readTechnique,
  type Technique,
} from '@regularizers/core';
import {bernoulli, type Key} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {type ImageRegularizer, imagePlugin} from './image-plugin.ts';
import {type ImageSize, identity, linearMatrices} from './matrix.ts';
import {type ImageOptions, imageOptions, probabilityOption} from './options.ts';

/** How often {@link randomFlip} mirrors an image. */
export interface FlipSettings {
  /** Probability that an image is mirrored left to right, in [0, 1]. @defaultValue 0.5 */
  readonly horizontal?: number;
  /** Probability that it is mirrored upside down, in [0, 1]. @defaultValue 0 */
  readonly vertical?: number;
}

/** Options of {@link randomFlip}. */
export interface RandomFlipOptions extends FlipSettings, ImageOptions {}

/** Which images of a batch to mirror, `[batch]`, 1 or 0 each; an axis that is left out is never mirrored. */
export interface Flips {
  readonly horizontal?: tf.Tensor1D;
  readonly vertical?: tf.Tensor1D;
}

const described = {
  horizontal: probabilityOption(0.5, 'Probability that an image is mirrored left to right.', [0.1, 0.5]),
  vertical: probabilityOption(0, 'Probability that it is mirrored upside down.', [0, 0.5]),
  ...imageOptions,
} satisfies OptionsOf<RandomFlipOptions>;

/**
 * Mirrors the chosen images: output(x, y) = input(width − 1 − x, y) for `horizontal`. Exact.
 *
 * @param images `[batch, height, width, channels]`
 * @param flips which images to mirror
 * @returns the shape of `images`
 *
 * @example
 * ```ts
 * const mirrored = flippedImages(tf.zeros([3, 28, 28, 1]), {horizontal: tf.tensor1d([1, 0, 1])});
 * ```
 */
export function flippedImages(images: tf.Tensor4D, flips: Flips): tf.Tensor4D {
  return computed('flippedImages', {images, flips}, () => {
    const {horizontal, vertical} = flips;
    const mirrored = horizontal ? flipAxis(images, horizontal, 2) : images;
    return vertical ? flipAxis(mirrored, vertical, 1) : mirrored;
  });
}

function flipAxis(images: tf.Tensor4D, chosen: tf.Tensor1D, axis: number): tf.Tensor4D {
  const condition = tf.cast(tf.reshape(chosen, [-1, 1, 1, 1]), 'bool');
  return tf.where(condition, tf.reverse(images, axis), images);
}

/**
 * The matrices of {@link flippedImages}, to compose with others: x ← x + h·(width − 1 − 2x), with h 1 or 0.
 *
 * @param flips which images to mirror
 * @param size sides of the images in pixels
 * @returns from output to input places, `[batch, 3, 3]`
 * @throws TypeError if both axes are left out: there would be no batch
 *
 * @example
 * ```ts
 * const matrices = flipMatrix({horizontal: tf.tensor1d([1, 0])}, {height: 28, width: 28});
 * ```
 */
export function flipMatrix(flips: Flips, size: ImageSize): tf.Tensor3D {
  return computed('flipMatrix', {flips, size}, () => {
    const {horizontal, vertical} = flips;
    const {height, width} = size;
    const some = horizontal ?? vertical;
    if (!some) throw new TypeError('[augmentation] flipMatrix needs the flips of an axis');
    const column = (chosen = tf.zerosLike(some)): tf.Tensor2D => tf.expandDims(chosen, 1);
    return linearMatrices(
      tf.concat([column(horizontal), column(vertical)], 1),
      [
        [-2, 0, width - 1, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, -2, height - 1, 0, 0, 0],
      ],
      identity,
    );
  });
}

/**
 * Draws which images to mirror.
 *
 * @param batch number of images
 * @param key a key for each purpose
 * @param settings the probabilities
 *
 * @example
 * ```ts
 * const mirrored = flippedImages(images, randomFlips(64, keyFor));
 * ```
 */
export function randomFlips(
  batch: number,
  key: (purpose: string) => Key,
  settings: FlipSettings = {},
): Flips {
  return computed('randomFlips', {batch, key, settings}, () => {
    const {horizontal = 0.5, vertical = 0} = settings;
    const draw = (axis: 'horizontal' | 'vertical', probability: number): tf.Tensor1D =>
      bernoulli([batch], key(`flip/${axis}`), {probability});
    return {
      ...(horizontal > 0 && {horizontal: draw('horizontal', horizontal)}),
      ...(vertical > 0 && {vertical: draw('vertical', vertical)}),
    };
  });
}

/**
 * Mirrors each image of a batch with a probability of its own.
 *
 * Leave out what changes the label: a mirrored 2 is no 2.
 *
 * @param options probabilities, and which inputs are images
 * @throws RegularizerError if an option is out of range or unknown
 *
 * @example
 * ```ts
 * const regularizers = [randomFlip()];
 * ```
 *
 * @see Simard, Steinkraus and Platt 2003, https://doi.org/10.1109/ICDAR.2003.1227801
 */
export function randomFlip<const Name extends string = 'randomFlip'>(
  options: RandomFlipOptions & Named<Name> = {},
): ImageRegularizer<Name> {
  const {name, settings, horizontal, vertical} = readTechnique('randomFlip', options, described);
  const flips = {horizontal, vertical};
  return imagePlugin({
    kind: 'moving',
    name,
    settings,
    idle: horizontal === 0 && vertical === 0,
    options,
    motion: {
      mirrors: true,
      matrices: (batch, size, keys) => flipMatrix(randomFlips(batch, keys, flips), size),
    },
    alone: (images, keys) => flippedImages(images, randomFlips(images.shape[0], keys, flips)),
  });
}

/** What {@link randomFlip} says of itself. */
export const randomFlipTechnique: Technique = defineTechnique({
  name: 'randomFlip',
  family: 'augmentation',
  about: 'Mirrors images at random.',
  options: described,
  trials: [{on: ['images', 'composite']}],
  create: randomFlip,
});
