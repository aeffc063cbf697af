import * as tf from '@tensorflow/tfjs-core';
import {type ColourMap, composedColours, mappedColour, mappedColours} from './colour.ts';
import type {Keys} from './motion.ts';
import type {Interval} from './options.ts';

/** A linear colour technique as maps: what several of them have to tell to become one. */
export interface Recolouring {
  /**
   * Draws one map per image.
   *
   * @param batch number of images
   * @param keys a key for each purpose
   * @param mean the images' mean colours where this technique comes in, `[batch, channels]`
   * @param range the pixel range, which the result is clipped to
   */
  map(batch: number, keys: Keys, mean: () => tf.Tensor2D, range: Interval): ColourMap;
}

/** Two techniques as one, the first coming first; the second sees the mean colours that the first leaves. */
export function joinRecolourings(first: Recolouring, then: Recolouring): Recolouring {
  return {
    map: (batch, keys, mean, range) => {
      const map = first.map(batch, keys, mean, range);
      return composedColours(
        map,
        then.map(batch, keys, () => mappedColour(mean(), map), range),
      );
    },
  };
}

/** Draws the maps and sends the images through them, clipping once. */
export function recolouredImages(
  images: tf.Tensor4D,
  {map}: Recolouring,
  keys: Keys,
  range: Interval,
): tf.Tensor4D {
  let colours: tf.Tensor2D | undefined;
  const mean = (): tf.Tensor2D => {
    colours ??= tf.mean<tf.Tensor2D>(images, [1, 2]);
    return colours;
  };
  return mappedColours(images, map(images.shape[0], keys, mean, range), range);
}
