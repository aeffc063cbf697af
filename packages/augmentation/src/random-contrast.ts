import {checkKnown, checkNumber, type Regularizer} from '@regularizers/core';
import {uniform} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {imagePlugin} from './image-plugin.ts';
import type {ImagePlan} from './images.ts';
import {
  checkImageOptions,
  checkRange,
  type ImageOptions,
  type Interval,
  imageOptionNames,
} from './options.ts';

/** Options of {@link randomContrast}. */
export interface RandomContrastOptions extends ImageOptions {
  /** Largest change of the contrast to either side, in [0, 1]: factors in 1 − strength … 1 + strength. @defaultValue 0.2 */
  readonly strength?: number;
  /** The images' pixel range, which the result is clipped to. @defaultValue [0, 1] */
  readonly range?: Interval;
}

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
 * const greyer = contrastImages(images, tf.fill([64], 0.5));
 * ```
 */
export function contrastImages(
  images: tf.Tensor4D,
  factor: tf.Tensor,
  range: Interval = [0, 1],
): tf.Tensor4D {
  const mean = tf.mean(images, [1, 2], true);
  const stretched = tf.mul(tf.sub(images, mean), tf.reshape(factor, [-1, 1, 1, 1]));
  return tf.clipByValue(tf.add(stretched, mean), range[0], range[1]);
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
  options: RandomContrastOptions & {readonly name?: Name} = {},
): Regularizer<Name, ImagePlan, null> {
  const {name = 'randomContrast' as Name, strength = 0.2, range = [0, 1]} = options;
  checkKnown(name, options, ['name', 'strength', 'range', ...imageOptionNames]);
  checkImageOptions(name, options);
  checkNumber(name, 'strength', strength, {min: 0, max: 1});
  checkRange(name, range);
  return imagePlugin({
    name,
    stage: 'augmentation',
    touch: 'values',
    idle: strength === 0,
    options,
    change: (images, key) => {
      const [batch] = images.shape;
      const factor = uniform([batch], key('factor'), {min: 1 - strength, max: 1 + strength});
      return contrastImages(images, factor, range);
    },
  });
}
