import * as tf from '@tensorflow/tfjs-core';
import type {OpAttribute} from '../backend.ts';
import {boolAttribute, type NativeType, typeAttribute} from '../ops.ts';
import {type Call, kernel} from './kernel.ts';

const typeOf = (name: string, {dtype}: tf.TensorInfo): OpAttribute =>
  typeAttribute(name, dtype as NativeType);

function searchSorted(call: Call<'sortedSequence' | 'values', {side: 'left' | 'right'}>): tf.Tensor {
  const {sortedSequence, values} = call.inputs;
  const op = call.attrs.side === 'left' ? 'LowerBound' : 'UpperBound';
  const attributes = [typeOf('T', sortedSequence), typeAttribute('out_type', 'int32')];
  return call.backend.executeSingleOutput(op, attributes, [sortedSequence, values]);
}

function denseBincount(call: Call<'x' | 'weights', {size: number; binaryOutput: boolean}>): tf.Tensor {
  const {x, weights} = call.inputs;
  const size = tf.scalar(call.attrs.size, 'int32');
  const attributes = [
    typeOf('Tidx', x),
    typeOf('T', weights),
    boolAttribute('binary_output', call.attrs.binaryOutput),
  ];
  const counts = call.backend.executeSingleOutput('DenseBincount', attributes, [x, size, weights]);
  size.dispose();
  return counts;
}

function bitwiseAnd({inputs: {a, b}, backend}: Call<'a' | 'b', unknown>): tf.Tensor {
  return backend.executeSingleOutput('BitwiseAnd', [typeOf('T', a)], [a, b]);
}

/** Kernels that TensorFlow has under another name, with the inputs that tfjs gives them. */
export const renamedKernels: readonly tf.KernelConfig[] = [
  kernel(tf.SearchSorted, searchSorted),
  kernel(tf.DenseBincount, denseBincount),
  kernel(tf.BitwiseAnd, bitwiseAnd),
];
