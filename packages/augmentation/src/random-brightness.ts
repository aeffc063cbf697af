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

/** Options of {@link randomBrightness}. */
export interface RandomBrightnessOptions extends ImageOptions {
  /** Largest change to either side, as a fraction of the range's width, in [0, 1]. @defaultValue 0.2 */
  readonly strength?: number;
  /** The images' pixel range, which the result is clipped to. @defaultValue [0, 1] */
  readonly range?: Interval;
}

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
 * const brighter = brightenImages(images, tf.fill([64], 0.1));
 * ```
 */
export function brightenImages(images: tf.Tensor4D, delta: tf.Tensor, range: Interval = [0, 1]): tf.Tensor4D {
  const added = tf.mul(tf.reshape(delta, [-1, 1, 1, 1]), range[1] - range[0]);
  return tf.clipByValue(tf.add(images, added), range[0], range[1]);
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
  options: RandomBrightnessOptions & {readonly name?: Name} = {},
): Regularizer<Name, ImagePlan, null> {
  const {name = 'randomBrightness' as Name, strength = 0.2, range = [0, 1]} = options;
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
      const delta = uniform([batch], key('delta'), {min: -strength, max: strength});
      return brightenImages(images, delta, range);
    },
  });
}
