import * as tf from '@tensorflow/tfjs-core';
import {backendName, type NativeBackend} from '../backend.ts';
import {type NativeType, stringAttribute, typeAttribute} from '../ops.ts';

interface TransformArguments {
  readonly inputs: {readonly image: tf.TensorInfo; readonly transforms: tf.TensorInfo};
  readonly attrs: {
    readonly interpolation: 'nearest' | 'bilinear';
    readonly fillMode: 'constant' | 'reflect' | 'wrap' | 'nearest';
    readonly fillValue: number;
    readonly outputShape?: [height: number, width: number];
  };
  readonly backend: NativeBackend;
}

/** `tf.image.transform` of images [batch, height, width, channels], as TensorFlow's own op. */
function transform({inputs: {image, transforms}, attrs, backend}: TransformArguments): tf.Tensor {
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
export const transformKernel: tf.KernelConfig = {
  kernelName: tf.Transform,
  backendName,
  kernelFunc: transform as unknown as tf.KernelFunc,
};
