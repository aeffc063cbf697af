import * as tf from '@tensorflow/tfjs-core';
import {type NativeType, stringAttribute, typeAttribute} from '../ops.ts';
import {type Call, kernel} from './kernel.ts';

interface Attributes {
  readonly interpolation: 'nearest' | 'bilinear';
  readonly fillMode: 'constant' | 'reflect' | 'wrap' | 'nearest';
  readonly fillValue: number;
  readonly outputShape?: [height: number, width: number];
}

/** `tf.image.transform` of images [batch, height, width, channels], as TensorFlow's own op. */
function transform({
  inputs: {image, transforms},
  attrs,
  backend,
}: Call<'image' | 'transforms', Attributes>): tf.Tensor {
  const [, height = 0, width = 0] = image.shape;
  const outputShape = tf.tensor1d(attrs.outputShape ?? [height, width], 'int32');
  const fillValue = tf.scalar(attrs.fillValue, 'float32');
  const output = backend.executeSingleOutput(
    'ImageProjectiveTransformV3',
    [
      typeAttribute('dtype', image.dtype as NativeType),
      stringAttribute('interpolation', attrs.interpolation.toUpperCase()),
      stringAttribute('fill_mode', attrs.fillMode.toUpperCase()),
    ],
    [image, transforms, outputShape, fillValue],
  );
  outputShape.dispose();
  fillValue.dispose();
  return output;
}

/** The kernel of `tf.image.transform`. */
export const transformKernel: tf.KernelConfig = kernel(tf.Transform, transform);
