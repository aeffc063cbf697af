import {describeValue} from '../lib/describe-value.ts';
import {RegularizerError} from '../lib/errors.ts';
import {givenObject, looking, memberOf} from '../lib/given.ts';
import {type CheckedArrays, checkedArrays, type DataShape} from './data.ts';
import type {StreamData} from './stream.ts';

/** What reads a pass. */
export interface StreamIterator {
  next(): Promise<IteratorResult<unknown>> | IteratorResult<unknown>;
  return?(): unknown;
}

function isIterator(value: unknown): value is StreamIterator {
  return typeof memberOf(value, 'next') === 'function';
}

/**
 * Begins a pass.
 *
 * @throws RegularizerError with code `bad-stream`; what the stream throws comes through as it is
 */
export async function openStream(where: string, stream: StreamData): Promise<StreamIterator> {
  const opened: unknown = typeof stream === 'function' ? await stream() : stream;
  const key = ['iterator', Symbol.asyncIterator, Symbol.iterator].find(
    (one) => typeof memberOf(opened, one) === 'function',
  );
  if (key === undefined) {
    refuseStream(
      where,
      `a function that begins a pass must give something to iterate over; received ${describeValue(opened)}`,
      'Pass a generator function: async function* () {yield {xs, ys};}.',
    );
  }
  const iterator: unknown = await (opened as Record<PropertyKey, () => unknown>)[key]?.();
  if (isIterator(iterator)) return iterator;
  return refuseStream(
    where,
    `the stream's iterator() must give an object with a method next; received ${describeValue(iterator)}`,
    'A tf.data.Dataset is a stream, and so is a generator function.',
  );
}

/**
 * The next element of a pass, undefined at its end.
 *
 * @throws RegularizerError with code `bad-stream`; what the stream throws comes through as it is
 */
export async function readStream(
  where: string,
  iterator: StreamIterator,
): Promise<{readonly element: unknown} | undefined> {
  const result: unknown = await iterator.next();
  const done = memberOf(result, 'done');
  const element = memberOf(result, 'value');
  if (typeof done === 'boolean' || element !== undefined) return done ? undefined : {element};
  return refuseStream(
    where,
    `the stream's next() must give {done, value}; received ${describeValue(result)}`,
    'The value is a batch, {xs, ys}.',
  );
}

/**
 * Checks an element of a stream as data in memory is checked.
 *
 * @throws RegularizerError as `checkArrays`
 */
export function checkElement(where: string, element: unknown, shape: DataShape): CheckedArrays {
  const what = 'an element of the stream';
  const {inputs, targets, parts} = looking(where, what, () => partsOf(where, what, element));
  const unbatched = 'A stream gives batches: of a tf.data.Dataset, dataset.batch(32) makes them.';
  return looking(where, what, () => checkedArrays(where, parts, shape, {inputs, targets, unbatched}));
}

interface ElementParts {
  readonly inputs: string;
  readonly targets: string;
  readonly parts: {readonly x?: unknown; readonly y?: unknown; readonly sampleWeight?: unknown};
}

function partsOf(where: string, what: string, element: unknown): ElementParts {
  if (Array.isArray(element)) {
    const [x, y, sampleWeight, ...others]: readonly unknown[] = element;
    if (element.length < 2 || others.length > 0) {
      refuseStream(
        where,
        `${what} holds ${element.length} values in a list`,
        'It is [x, y], [x, y, sampleWeight], {x, y} or {xs, ys}.',
      );
    }
    return {inputs: 'x', targets: 'y', parts: {x, y, sampleWeight}};
  }
  if (memberOf(element, 'x') !== undefined) {
    const parts = givenObject(where, what, element, ['x', 'y', 'sampleWeight']);
    return {inputs: 'x', targets: 'y', parts};
  }
  const {xs, ys, sampleWeight} = givenObject(where, what, element, ['xs', 'ys', 'sampleWeight']);
  return {inputs: 'xs', targets: 'ys', parts: {x: xs, y: ys, sampleWeight}};
}

/** An epoch without a batch would be reported as a loss of zero. */
export function refuseEmpty(where: string): never {
  return refuseStream(
    where,
    'the stream gave no batch',
    'It is empty, or does not start a new pass each time one begins, as a tf.data.Dataset and a generator function do.',
  );
}

/** Says what is wrong with a stream. */
function refuseStream(where: string, message: string, hint: string): never {
  throw new RegularizerError({where, code: 'bad-stream', message, hint});
}
