import * as tf from '@tensorflow/tfjs-core';
import {backendName, type NativeBackend} from '../backend.ts';
import {intAttribute, type NativeType, typeAttribute} from '../ops.ts';

interface GatherCall {
  readonly inputs: {readonly x: tf.TensorInfo; readonly indices: tf.TensorInfo};
  readonly attrs: {readonly axis: number; readonly batchDims: number};
  readonly backend: NativeBackend;
}

/**
 * `tf.gather` as one op. tfjs-node's own reads the indices back to check them, at each call, which TensorFlow does
 * anyway; a step that reads back cannot be captured.
 */
function gather({inputs: {x, indices}, attrs: {axis, batchDims}, backend}: GatherCall): tf.Tensor {
  const along = tf.scalar(axis, 'int32');
  const attributes = [
    intAttribute('batch_dims', batchDims),
    typeAttribute('Tparams', x.dtype as NativeType),
    typeAttribute('Tindices', indices.dtype as NativeType),
    typeAttribute('Taxis', 'int32'),
  ];
  const picked = backend.executeSingleOutput('GatherV2', attributes, [x, indices, along]);
  along.dispose();
  return picked;
}

/** Replaces tfjs-node's kernel. */
export const gatherKernel: tf.KernelConfig = {
  kernelName: tf.GatherV2,
  backendName,
  kernelFunc: gather as unknown as tf.KernelFunc,
};
