import {computed} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';

/** Sides of an image in pixels. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** The nine entries of the identity, row by row. */
export const identity: readonly number[] = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/**
 * Matrices that are linear in a few coefficients, one matrix per example, in one product: offset + Σₖ cₖ·basisₖ.
 *
 * @param coefficients `[batch, k]`
 * @param basis k rows of nine entries
 * @param offset nine entries
 * @returns `[batch, 3, 3]`
 */
export function linearMatrices(
  coefficients: tf.Tensor2D,
  basis: readonly (readonly number[])[],
  offset: readonly number[],
): tf.Tensor3D {
  const rows = tf.tensor2d(basis.flat(), [basis.length, 9]);
  return tf.reshape(tf.add(tf.matMul(coefficients, rows), tf.tensor1d([...offset])), [-1, 3, 3]);
}

/**
 * One matrix for several geometric changes in a row, per example: T = T₁·T₂·…·Tₙ.
 *
 * A matrix maps a pixel of the output to the place in the input that it shows, so the first change comes first in
 * the product. One resample with the product loses less than one resample per change, and costs less.
 *
 * @param first matrices of the change that the images go through first, `[batch, 3, 3]`
 * @param then matrices of the changes after it, `[batch, 3, 3]` each
 * @returns `[batch, 3, 3]`
 *
 * @example
 * ```ts
 * const size = {height: 32, width: 32};
 * const offsets = randomOffsets(64, key, {horizontal: 4, vertical: 4});
 * const both = composedMatrices(shiftMatrix(offsets), randomAffineMatrix(64, size, key));
 * const moved = resampledImages(images, both, {interpolation: 'bilinear'});
 * ```
 */
export function composedMatrices(first: tf.Tensor3D, ...then: readonly tf.Tensor3D[]): tf.Tensor3D {
  return computed('composedMatrices', {first, then}, () =>
    then.reduce((product, matrix) => tf.matMul(product, matrix), first),
  );
}
