import type * as tf from '@tensorflow/tfjs-core';
import {type NativeBinding, nativeBackend, type OpAttribute} from './backend.ts';

const typeNumbers = {
  bool: 'TF_BOOL',
  complex64: 'TF_COMPLEX64',
  float32: 'TF_FLOAT',
  int32: 'TF_INT32',
  int64: 'TF_INT64',
  resource: 'TF_RESOURCE',
  string: 'TF_STRING',
} as const;

/** A TensorFlow data type that the addon knows: tfjs's own and two that only ops' attributes name. */
export type NativeType = (tf.DataType & keyof typeof typeNumbers) | 'int64' | 'resource';

/**
 * An attribute whose value is a data type, as `T` of nearly every op.
 *
 * @param name - the attribute's name
 * @param dtype - the data type
 * @returns the attribute
 *
 * @example
 * ```ts
 * const [sum] = executeOp('AddV2', [typeAttribute('T', 'float32')], [a, b]);
 * ```
 */
export function typeAttribute(name: string, dtype: NativeType): OpAttribute {
  const {binding} = nativeBackend();
  return {name, type: binding.TF_ATTR_TYPE, value: typeNumber(binding, dtype)};
}

/** The addon's number of a data type. */
export function typeNumber(binding: NativeBinding, dtype: NativeType): number {
  return binding[typeNumbers[dtype]];
}

/**
 * An attribute whose value is one whole number or a list of them, as `strides`.
 *
 * @param name - the attribute's name
 * @param value - the number or numbers
 * @returns the attribute
 */
export function intAttribute(name: string, value: number | readonly number[]): OpAttribute {
  return {name, type: nativeBackend().binding.TF_ATTR_INT, value};
}

/**
 * An attribute whose value is one number or a list of them, as `epsilon`.
 *
 * @param name - the attribute's name
 * @param value - the number or numbers
 * @returns the attribute
 */
export function floatAttribute(name: string, value: number | readonly number[]): OpAttribute {
  return {name, type: nativeBackend().binding.TF_ATTR_FLOAT, value};
}

/**
 * An attribute whose value is true or false or a list of these, as `transpose_a`.
 *
 * @param name - the attribute's name
 * @param value - the truth value or values
 * @returns the attribute
 */
export function boolAttribute(name: string, value: boolean | readonly boolean[]): OpAttribute {
  return {name, type: nativeBackend().binding.TF_ATTR_BOOL, value};
}

/**
 * An attribute whose value is a string, as `padding`.
 *
 * @param name - the attribute's name
 * @param value - the string
 * @returns the attribute
 */
export function stringAttribute(name: string, value: string): OpAttribute {
  return {name, type: nativeBackend().binding.TF_ATTR_STRING, value};
}

/**
 * An attribute whose value is a shape, as that of `VarHandleOp`.
 *
 * @param name - the attribute's name
 * @param value - the shape
 * @returns the attribute
 */
export function shapeAttribute(name: string, value: readonly number[]): OpAttribute {
  return {name, type: nativeBackend().binding.TF_ATTR_SHAPE, value};
}

/**
 * Runs one TensorFlow op by name, as TensorFlow's list of ops defines it. Not differentiated: wrap it in
 * `tf.customGrad` where a gradient has to pass.
 *
 * @param name - the op, e.g. `StatelessRandomUniform`
 * @param attributes - its attributes, made with the functions of this file
 * @param inputs - its inputs
 * @param outputs - how many outputs it has; @defaultValue 1
 * @returns its outputs, owned by the caller (or by the `tf.tidy` around the call)
 * @throws NativeError if the native backend isn't the current one
 *
 * @example
 * ```ts
 * const int32 = 'int32';
 * const [draws] = executeOp(
 *   'StatelessRandomUniform',
 *   [typeAttribute('T', int32), typeAttribute('Tseed', int32), typeAttribute('dtype', 'float32')],
 *   [tf.tensor1d([8], int32), tf.tensor1d([1, 2], int32)],
 * );
 * ```
 */
export function executeOp(
  name: string,
  attributes: readonly OpAttribute[],
  inputs: readonly tf.TensorInfo[],
  outputs: number = 1,
): tf.Tensor[] {
  return nativeBackend().executeMultipleOutputs(name, attributes, inputs, outputs);
}
