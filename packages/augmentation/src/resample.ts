import {computed} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import type {FillMode, FillOptions} from './options.ts';

/** How the value between pixels is found. */
export type Interpolation = 'nearest' | 'bilinear';

/** What {@link resampledImages} needs to know beside the matrices. */
export interface ResampleOptions extends FillOptions {
  /** `nearest` is exact for flips and whole pixels. @defaultValue 'bilinear' */
  readonly interpolation?: Interpolation;
}

/**
 * Images seen through one matrix per example: output(x, y) = input(T·(x, y, 1)ᵀ).
 *
 * Pixel centres are at whole numbers: x counts columns from 0 to width − 1, y counts rows from 0 to height − 1.
 * One kernel for the whole batch. `fillMode: 'wrap'` holds for places less than a side (minus one pixel) outside the
 * image, and doesn't blend across the seam: so TensorFlow defines it.
 *
 * @param images `[batch, height, width, channels]`
 * @param matrices from output to input places, `[batch, 3, 3]`, last row (0, 0, 1)
 * @param options interpolation, and what lies outside the image
 * @returns the shape of `images`
 *
 * @example
 * ```ts
 * const mirror = flipMatrix({horizontal: tf.ones([64])}, {height: 32, width: 32});
 * const mirrored = resampledImages(images, mirror, {interpolation: 'nearest'});
 * ```
 */
export function resampledImages(
  images: tf.Tensor4D,
  matrices: tf.Tensor3D,
  options: ResampleOptions = {},
): tf.Tensor4D {
  return computed('resampledImages', {images, matrices, options}, () => {
    const {interpolation = 'bilinear', fillMode = 'constant', fillValue = 0} = options;
    const rows = transformRows(matrices, images.shape, fillMode);
    const resample = (some: tf.Tensor4D, their: tf.Tensor2D): tf.Tensor4D =>
      tf.image.transform(some, their, interpolation, fillMode, fillValue);
    const [batch] = images.shape;
    // The cpu backend of tfjs 4.22 returns after the first image of a batch and leaves the others blank.
    if (tf.getBackend() !== 'cpu' || batch === 1) return resample(images, rows);
    return tf.concat(
      Array.from({length: batch}, (_, example) =>
        resample(tf.slice(images, [example], [1]), tf.slice(rows, [example], [1])),
      ),
    );
  });
}

/** The first eight entries of each matrix, `[batch, 8]`. */
function transformRows(
  matrices: tf.Tensor3D,
  [batch, height, width]: tf.Tensor4D['shape'],
  fillMode: FillMode,
): tf.Tensor2D {
  const rows = tf.slice(tf.reshape<tf.Rank.R2>(matrices, [batch, 9]), [0, 0], [batch, 8]);
  if (tf.getBackend() !== 'wasm' || fillMode !== 'reflect') return rows;
  // The wasm backend of tfjs 4.22 reflects at the far edges only; a period of two sides further on is the same place.
  return tf.add(rows, tf.tensor1d([0, 0, 2 * width, 0, 0, 2 * height, 0, 0]));
}

/** Labels of pixels are never blended, and pixels from outside have none. */
export function forContent(content: 'pixels' | 'labels', options: ResampleOptions): ResampleOptions {
  return content === 'pixels' ? options : {...options, interpolation: 'nearest', fillValue: 0};
}
