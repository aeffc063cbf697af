import type {Key} from '@regularizers/random';
import type * as tf from '@tensorflow/tfjs-core';
import {composedMatrices, type ImageSize} from './matrix.ts';
import type {FillOptions} from './options.ts';
import type {Place} from './plan.ts';
import {forContent, type Interpolation, resampledImages} from './resample.ts';

/** A key for each purpose. */
export type Keys = (purpose: string) => Key;

/** The largest shifts in pixels. */
export interface Reach {
  readonly horizontal: number;
  readonly vertical: number;
}

/** A geometric technique as matrices: what several of them have to tell to become one resample. */
export interface Motion {
  /** What comes in at the edges; left out, nothing does, and it goes with any. */
  readonly fill?: Required<FillOptions>;
  /** How values between pixels are found; left out, there are none to find, and it goes with any. */
  readonly interpolation?: Interpolation;
  /** Some images become mirror images. */
  readonly mirrors?: boolean;
  /** Draws from output to input places, `[batch, 3, 3]`. */
  matrices(batch: number, size: ImageSize, keys: Keys): tf.Tensor3D;
}

/** Whether two motions can share a resample: they leave open, or agree on, how it is done. */
export function canShareResample(one: Motion, other: Motion): boolean {
  return agree(one.interpolation, other.interpolation) && agreeOnFill(one.fill, other.fill);
}

function agree(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

function agreeOnFill(one: Motion['fill'], other: Motion['fill']): boolean {
  if (!one || !other) return true;
  const sameValue = one.fillMode !== 'constant' || one.fillValue === other.fillValue;
  return one.fillMode === other.fillMode && sameValue;
}

/** Two motions as one, the first coming first: the product of their matrices. */
export function joinMotions(first: Motion, then: Motion): Motion {
  const fill = first.fill ?? then.fill;
  const interpolation = first.interpolation ?? then.interpolation;
  return {
    ...(fill && {fill}),
    ...(interpolation && {interpolation}),
    mirrors: Boolean(first.mirrors || then.mirrors),
    matrices: (batch, size, keys) =>
      composedMatrices(first.matrices(batch, size, keys), then.matrices(batch, size, keys)),
  };
}

/** Draws a motion and resamples the images once; where there are no values between pixels, it is exact. */
export function movedImages(
  images: tf.Tensor4D,
  {fill, interpolation = 'nearest', matrices}: Motion,
  keys: Keys,
  content: Place['content'],
): tf.Tensor4D {
  const [batch, height, width] = images.shape;
  const drawn = matrices(batch, {height, width}, keys);
  return resampledImages(images, drawn, forContent(content, {...fill, interpolation}));
}
