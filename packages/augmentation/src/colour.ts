import {computed} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import type {Interval} from './options.ts';

/**
 * A linear change of colours, one per image: x ← A·x + b over the channels of every pixel. A is either a factor for
 * all channels alike or a matrix; what is left out changes nothing.
 */
export interface ColourMap {
  /** A = scale · 1, `[batch, 1]`; not beside `matrix`. */
  readonly scale?: tf.Tensor2D;
  /** A, `[batch, channels, channels]`. */
  readonly matrix?: tf.Tensor3D;
  /** b, `[batch, channels]`, or `[batch, 1]` for all channels alike; in the images' units. */
  readonly offset?: tf.Tensor2D;
}

/**
 * One map for two in a row, per image: A = A₂·A₁ and b = A₂·b₁ + b₂. Nothing is clipped in between.
 *
 * @param first the map that the images go through first
 * @param then the map after it
 * @returns both; a scale as long as both are scales
 *
 * @example
 * ```ts
 * const both = composedColours(brightnessMap(tf.fill([64], 0.1)), saturationMap(tf.fill([64], 0.5)));
 * const changed = mappedColours(images, both);
 * ```
 */
export function composedColours(first: ColourMap, then: ColourMap): ColourMap {
  return computed('composedColours', {first, then}, () => {
    const offset = sum(first.offset && linearPart(then, first.offset), then.offset);
    const {scale, matrix} = composeLinear(first, then);
    return {...(scale && {scale}), ...(matrix && {matrix}), ...(offset && {offset})};
  });
}

function composeLinear(first: ColourMap, then: ColourMap): Pick<ColourMap, 'scale' | 'matrix'> {
  const {matrix} = then;
  if (matrix) return {matrix: first.matrix ? tf.matMul(matrix, first.matrix) : scaled(matrix, first.scale)};
  if (first.matrix) return {matrix: scaled(first.matrix, then.scale)};
  const scale = first.scale && then.scale ? tf.mul<tf.Tensor2D>(first.scale, then.scale) : undefined;
  const one = scale ?? first.scale ?? then.scale;
  return one ? {scale: one} : {};
}

function scaled(matrix: tf.Tensor3D, scale: tf.Tensor2D | undefined): tf.Tensor3D {
  return scale ? tf.mul(matrix, tf.expandDims(scale, 2)) : matrix;
}

/** A·v for one vector per image, `[batch, channels]` or `[batch, 1]`. */
function linearPart({scale, matrix}: ColourMap, vectors: tf.Tensor2D): tf.Tensor2D {
  if (matrix) return tf.sum(tf.mul(matrix, tf.expandDims(vectors, 1)), 2);
  return scale ? tf.mul(vectors, scale) : vectors;
}

function sum(one: tf.Tensor2D | undefined, other: tf.Tensor2D | undefined): tf.Tensor2D | undefined {
  return one && other ? tf.add(one, other) : (one ?? other);
}

/** One colour per image sent through a map, `[batch, channels]`: a mean, since the map is linear. */
export function mappedColour(colour: tf.Tensor2D, map: ColourMap): tf.Tensor2D {
  return computed('mappedColour', {colour, map}, () => {
    const linear = linearPart(map, colour);
    return map.offset ? tf.add(linear, map.offset) : linear;
  });
}

/**
 * Images sent through one colour map per image, clipped to the pixel range: clip(A·x + b).
 *
 * @param images `[batch, height, width, channels]`
 * @param map one per image
 * @param range the pixel range
 * @returns the shape of `images`
 *
 * @example
 * ```ts
 * const brighter = mappedColours(images, brightnessMap(tf.fill([64], 0.1)));
 * ```
 */
export function mappedColours(images: tf.Tensor4D, map: ColourMap, range: Interval = [0, 1]): tf.Tensor4D {
  return computed('mappedColours', {images, map, range}, () => {
    const {scale, matrix, offset} = map;
    const [batch, height, width, channels] = images.shape;
    let mapped = images;
    if (matrix) {
      const pixels = tf.reshape<tf.Rank.R3>(images, [batch, -1, channels]);
      mapped = tf.reshape(tf.matMul(pixels, matrix, false, true), images.shape);
    } else if (scale) {
      mapped = tf.mul(images, tf.reshape(scale, [batch, 1, 1, 1]));
    }
    if (offset) {
      // By whole rows: TensorFlow adds a handful of channels to every pixel half as fast.
      const row = tf.tile(offset, [1, (width * channels) / offset.shape[1]]);
      const rows = tf.reshape<tf.Rank.R3>(mapped, [batch, height, width * channels]);
      mapped = tf.reshape(tf.add(rows, tf.expandDims(row, 1)), images.shape);
    }
    return tf.clipByValue(mapped, range[0], range[1]);
  });
}
