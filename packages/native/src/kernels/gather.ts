import * as tf from '@tensorflow/tfjs-core';
import {intAttribute, type NativeType, typeAttribute} from '../ops.ts';
import {type Call, kernel} from './kernel.ts';

/**
 * `tf.gather` as one op. tfjs-node's own reads the indices back to check them, at each call, which TensorFlow does
 * anyway; a step that reads back cannot be captured.
 */
function gather({
  inputs: {x, indices},
  attrs: {axis, batchDims},
  backend,
}: Call<'x' | 'indices', {axis: number; batchDims: number}>): tf.Tensor {
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
export const gatherKernel: tf.KernelConfig = kernel(tf.GatherV2, gather);
