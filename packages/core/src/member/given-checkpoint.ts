import {describeValue} from '../lib/describe-value.ts';
import {RegularizerError} from '../lib/errors.ts';
import {looking, memberOf} from '../lib/given.ts';
import {type Checkpoint, checkCheckpoint} from './checkpoint.ts';

/**
 * Checks a checkpoint that a caller gave.
 *
 * @throws RegularizerError with code `not-a-checkpoint` for what is none, `bad-checkpoint` for one that is not whole, or
 *   `unreadable`
 */
export function checkGiven(value: unknown): asserts value is Checkpoint {
  if (memberOf(value, 'format') === undefined) {
    throw new RegularizerError({
      where: 'checkpoint',
      code: 'not-a-checkpoint',
      message: `a checkpoint is what a trainer's save() resolves to; received ${describeValue(value)}`,
      ...hintOf(value),
    });
  }
  looking('checkpoint', 'the checkpoint', () => checkCheckpoint(value));
}

/**
 * The bytes that a caller gave: a view of them, or a buffer, as of `fetch`.
 *
 * @throws RegularizerError with code `not-bytes`, or `unreadable`
 */
export function bytesOf(value: unknown): Uint8Array {
  const bytes = looking('checkpoint', 'what a checkpoint is read from', () => viewOf(value));
  if (bytes) return bytes;
  throw new RegularizerError({
    where: 'checkpoint',
    code: 'not-bytes',
    message: `a checkpoint is read from a Uint8Array or an ArrayBuffer; received ${describeValue(value)}`,
    ...hintOf(value),
  });
}

function viewOf(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  // Of any realm, where instanceof knows only its own.
  const isBuffer = Object.prototype.toString.call(value) === '[object ArrayBuffer]';
  return isBuffer ? new Uint8Array(value as ArrayBuffer) : undefined;
}

function hintOf(value: unknown): {readonly hint?: string} {
  if (typeof value === 'string') {
    return {
      hint: 'Read the file by loadCheckpoint of @regularizers/core/node or @regularizers/core/browser.',
    };
  }
  if (isCallable(value, 'then')) return {hint: 'Await it first.'};
  if (isCallable(value, 'save')) return {hint: 'Pass what its save() resolves to: await trainer.save().'};
  if (isCallable(value, 'arrayBuffer')) return {hint: 'Pass what its arrayBuffer() resolves to.'};
  if (isBytes(value)) return {hint: 'Decode the bytes first, by decodeCheckpoint.'};
  return {};
}

const isCallable = (value: unknown, key: string): boolean => typeof memberOf(value, key) === 'function';

const isBytes = (value: unknown): boolean => typeof memberOf(value, 'byteLength') === 'number';
