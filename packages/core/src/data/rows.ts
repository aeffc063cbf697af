import * as tf from '@tensorflow/tfjs-core';
import type {PortInfo} from '../info.ts';
import {itemAt} from '../lib/item.ts';

/** Numbers in a row, of any type: bytes take a quarter of the memory. */
export type HostValues =
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** Numbers and the shape of what they are: `[examples, ...]`. */
export interface HostRows {
  readonly values: HostValues;
  readonly shape: readonly number[];
}

/** The values of all examples. What is on the host stays there, and of its type, until a batch is made of it. */
export type Rows = tf.Tensor | HostRows;

/** True for numbers on the host, false for a tensor. */
export function isOnHost(rows: Rows): rows is HostRows {
  return !(rows instanceof tf.Tensor);
}

/** How many examples checked inputs are of. */
export function examplesIn(inputs: readonly Rows[]): number {
  return inputs[0]?.shape[0] ?? 0;
}

/** Examples in a row, as a tensor of the caller's. */
export function slicedRows(rows: Rows, start: number, size: number, dtype: PortInfo['dtype']): tf.Tensor {
  if (!isOnHost(rows)) return tf.slice(rows, [start], [size]);
  const perExample = sizeOf(rows);
  const values = typed(size * perExample, dtype);
  values.set(rows.values.subarray(start * perExample, (start + size) * perExample));
  return tf.tensor(values, [size, ...rows.shape.slice(1)], dtype);
}

/** The examples of these indices, as a tensor of the caller's. */
export function pickedRows(rows: HostRows, indices: Int32Array, dtype: PortInfo['dtype']): tf.Tensor {
  const perExample = sizeOf(rows);
  const values = typed(indices.length * perExample, dtype);
  for (const [at, example] of indices.entries()) {
    const picked = rows.values.subarray(example * perExample, (example + 1) * perExample);
    values.set(picked, at * perExample);
  }
  return tf.tensor(values, [indices.length, ...rows.shape.slice(1)], dtype);
}

/** The examples of these indices, of the kind that the rows are; a tensor is the caller's. */
export function someRows(rows: Rows, indices: Int32Array): Rows {
  if (!isOnHost(rows)) return tf.tidy(() => tf.gather(rows, tf.tensor1d(indices, 'int32')));
  const perExample = sizeOf(rows);
  const values = sameType(rows.values, indices.length * perExample);
  for (const [at, example] of indices.entries()) {
    values.set(rows.values.subarray(example * perExample, (example + 1) * perExample), at * perExample);
  }
  return {values, shape: [indices.length, ...rows.shape.slice(1)]};
}

/** One input's batch of the examples of these indices, as the model reads it; call it inside a tidy. */
export function inputAt(rows: Rows, indices: Int32Array, port: PortInfo): tf.Tensor {
  if (isOnHost(rows)) return asInput(pickedRows(rows, indices, port.dtype), port);
  return asInput(tf.gather(rows, tf.tensor1d(indices, 'int32')), port);
}

/** Some of a list's numbers, by their places. */
export function numbersAt(numbers: Int32Array, places: ArrayLike<number>): Int32Array {
  return Int32Array.from(places, (place) => itemAt(numbers, place));
}

function sizeOf({shape: [, ...shape]}: HostRows): number {
  return tf.util.sizeFromShape(shape);
}

function typed(length: number, dtype: PortInfo['dtype'] = 'float32'): Float32Array | Int32Array {
  return dtype === 'int32' ? new Int32Array(length) : new Float32Array(length);
}

/** A batch of one input, of the type that the model wants. */
export function asInput(tensor: tf.Tensor, {dtype = 'float32'}: PortInfo): tf.Tensor {
  return tensor.dtype === dtype ? tensor : tf.cast(tensor, dtype);
}

function sameType(values: HostValues, length: number): HostValues {
  // Node's Buffer is one too, and cannot be made so.
  if (values instanceof Uint8Array) return new Uint8Array(length);
  const Type = values.constructor as new (length: number) => HostValues;
  return new Type(length);
}
