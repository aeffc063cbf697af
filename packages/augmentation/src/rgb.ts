import {computed, RegularizerError} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import type {ColourMap} from './colour.ts';
import {identity, linearMatrices} from './matrix.ts';
import type {OpenShape} from './plan.ts';

/** The brightness of red, green and blue, Y of YIQ: ITU-R BT.601. */
const luma: readonly number[] = [0.299, 0.587, 0.114];

/** The matrix that makes each channel the luma, row by row. */
export const toGrey: readonly number[] = [...luma, ...luma, ...luma];

/** The matrix that leaves what {@link toGrey} takes away, row by row. */
export const toChroma: readonly number[] = identity.map((entry, index) => entry - toGrey[index]!);

/**
 * Maps between each image's grey version and itself: y + f·(x − y), with y the luma.
 *
 * @param factor saturation of each image, `[batch]`; 0 is grey, 1 changes nothing, above 1 is more colourful
 *
 * @example
 * ```ts
 * const grey = mappedColours(images, saturationMap(tf.zeros([64])));
 * ```
 */
export function saturationMap(factor: tf.Tensor1D): ColourMap {
  return computed('saturationMap', {factor}, () => ({
    matrix: linearMatrices(tf.reshape(factor, [-1, 1]), [toChroma], toGrey),
  }));
}

/** Refuses images that are not red, green and blue. */
export function checkRgb(where: string, shape: OpenShape): void {
  const channels = shape[2];
  if (channels === 3 || channels === null) return;
  throw new RegularizerError({
    where,
    code: 'not-rgb',
    message: `images must have 3 channels, red, green and blue; received ${channels} in [${shape.join(', ')}]`,
    hint: 'For images of one channel there are randomBrightness and randomContrast.',
  });
}
