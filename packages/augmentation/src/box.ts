import {computed} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import type {ImageSize} from './matrix.ts';

/** A rectangle per image in whole pixels, `[batch, 2]` each: row and column. */
export interface Boxes {
  /** The first row and column inside. */
  readonly start: tf.Tensor2D;
  /** The first row and column after it. */
  readonly end: tf.Tensor2D;
}

/**
 * Which pixels lie in each image's rectangle; what reaches over the edge is cut off.
 *
 * @param boxes the rectangles
 * @param size sides of the images in pixels
 * @returns bool, `[batch, height, width, 1]`
 *
 * @example
 * ```ts
 * const mask = boxMask({start: tf.tensor2d([[0, 0]]), end: tf.tensor2d([[2, 3]])}, {height: 4, width: 4});
 * ```
 */
export function boxMask(boxes: Boxes, size: ImageSize): tf.Tensor4D {
  return computed('boxMask', {boxes, size}, () => {
    const {start, end} = boxes;
    const {height, width} = size;
    const [top, left] = tf.split(start, 2, 1);
    const [bottom, right] = tf.split(end, 2, 1);
    const rows = between(top!, bottom!, height);
    const columns = between(left!, right!, width);
    return tf.logicalAnd(tf.reshape(rows, [-1, height, 1, 1]), tf.reshape(columns, [-1, 1, width, 1]));
  });
}

function between(first: tf.Tensor, end: tf.Tensor, side: number): tf.Tensor {
  const places = tf.range(0, side);
  return tf.logicalAnd(tf.greaterEqual(places, first), tf.less(places, end));
}

/**
 * Images with their rectangles filled: x·(1 − m) + fill·m.
 *
 * @param images `[batch, height, width, channels]`
 * @param mask bool, 1 in the rectangles, `[batch, height, width, 1]`
 * @param fill a number, or a tensor of the images' shape
 * @returns the shape of `images`
 *
 * @example
 * ```ts
 * const size = {height: 32, width: 32};
 * const mask = boxMask(cutoutBoxes(64, size, key), size);
 * const erased = filledImages(images, mask, 0.5);
 * ```
 */
export function filledImages(
  images: tf.Tensor4D,
  mask: tf.Tensor4D,
  fill: number | tf.Tensor4D,
): tf.Tensor4D {
  return computed('filledImages', {images, mask, fill}, () => {
    if (typeof fill !== 'number') return tf.where(mask, fill, images);
    const kept: tf.Tensor4D = tf.mul(images, tf.cast(tf.logicalNot(mask), 'float32'));
    return fill === 0 ? kept : tf.add(kept, tf.mul(tf.cast(mask, 'float32'), fill));
  });
}
