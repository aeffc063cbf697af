import type * as tf from '@tensorflow/tfjs-core';
import {memberOf} from '../lib/given.ts';
import type {Arrays, Values} from './data.ts';

/** A batch of a stream, in one of the forms in which people write it; its tensors are handed over. */
export type StreamElement =
  | {
      readonly xs: Arrays;
      readonly ys: Arrays;
      /** A weight for each example's loss, `[batch]`. */
      readonly sampleWeight?: Values;
    }
  | {readonly x: Arrays; readonly y: Arrays; readonly sampleWeight?: Values}
  | readonly [x: Arrays, y: Arrays, sampleWeight?: Values];

/** What `tf.data.Dataset` is: each call of `iterator` begins a new pass. Its elements are checked as they come. */
export interface Dataset {
  iterator(): Promise<{next(): Promise<IteratorResult<StreamElement | tf.TensorContainer>>}>;
}

/** Batches that are read one after another; of a generator there is one pass. */
export type StreamElements =
  | AsyncIterable<StreamElement>
  // A list has a length: all its batches are in memory at once, which is what {x, y} is for.
  | (Iterable<StreamElement> & {readonly length?: never});

/**
 * A stream of batches: a `tf.data.Dataset`, anything that can be iterated over, or a function that begins a new pass,
 * such as a generator function.
 */
export type StreamData =
  | Dataset
  | StreamElements
  | (() => Dataset | StreamElements | Promise<StreamElements>);

/** True for a stream of batches. */
export function isStream(data: unknown): data is StreamData {
  if (typeof data === 'function') return !/^class\b/.test(Function.prototype.toString.call(data));
  if (['iterator', Symbol.asyncIterator].some((key) => typeof memberOf(data, key) === 'function'))
    return true;
  if (typeof memberOf(data, Symbol.iterator) !== 'function') return false;
  return !Array.isArray(data) && !ArrayBuffer.isView(data);
}

/** True for what is being iterated over already, as a generator is: it has one pass. */
export function isSinglePass(data: StreamData): boolean {
  return typeof memberOf(data, 'next') === 'function';
}
