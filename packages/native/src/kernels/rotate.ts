import * as tf from '@tensorflow/tfjs-core';
import {type Call, kernel} from './kernel.ts';

interface Attributes {
  readonly radians: number;
  readonly fillValue: number | readonly [number, number, number];
  readonly center: number | [number, number];
}

const opaque = 255; // tfjs fills an alpha channel with it, whatever the fill value

/**
 * `tf.image.rotateWithOffset` of images [batch, height, width, channels], one angle for the whole batch. Which
 * pixel goes where is the same for every image, so it is worked out once, in the double precision of tfjs's
 * own kernel, and TensorFlow gathers: both kernels round alike, and give the same bits.
 */
function rotate({inputs, attrs: {radians, fillValue, center}}: Call<'image', Attributes>): tf.Tensor {
  const image = inputs.image as tf.Tensor4D;
  const [batch, height, width, channels] = image.shape;
  return tf.tidy(() => {
    const pixels = tf.reshape(image, [batch, height * width, channels]);
    const outside = fillPixel(image, fillValue);
    const sources = tf.tensor1d(sourcePixels(height, width, radians, center), 'int32');
    return tf.reshape(tf.gather(tf.concat([pixels, outside], 1), sources, 1), image.shape);
  });
}

/** One pixel per image, [batch, 1, channels], for what the rotation brings in from outside. */
function fillPixel(image: tf.Tensor4D, value: Attributes['fillValue']): tf.Tensor {
  const [batch, , , channels] = image.shape;
  if (typeof value === 'number') return tf.fill([batch, 1, channels], value, image.dtype);
  const perChannel = Array.from({length: channels}, (_, channel) => value[channel] ?? opaque);
  return tf.tile(tf.tensor3d(perChannel, [1, 1, channels], image.dtype), [batch, 1, 1]);
}

/** For each pixel of the output, which pixel of the input it shows; height·width stands for none. */
function sourcePixels(
  height: number,
  width: number,
  radians: number,
  center: number | [number, number],
): Int32Array {
  const [centerX, centerY] = tf.backend_util.getImageCenter(center, height, width);
  const sin = Math.sin(radians);
  const cos = Math.cos(radians);
  const sources = new Int32Array(height * width);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const fromX = Math.round((x - centerX) * cos - (y - centerY) * sin + centerX);
      const fromY = Math.round((x - centerX) * sin + (y - centerY) * cos + centerY);
      const inside = fromX >= 0 && fromX < width && fromY >= 0 && fromY < height;
      sources[at] = inside ? fromY * width + fromX : height * width;
    }
  }
  return sources;
}

/** The kernel of `tf.image.rotateWithOffset`. */
export const rotateWithOffsetKernel: tf.KernelConfig = kernel(tf.RotateWithOffset, rotate);
