import * as tf from '@tensorflow/tfjs-core';
import {describeValue} from '../lib/describe-value.ts';
import {isPlainObject} from '../lib/json.ts';

/** Type and shape that a tensor of an answer must have; null stands for any size, undefined for any type of number. */
export interface Wanted {
  readonly shape: readonly (number | null)[];
  readonly dtype?: string | undefined;
}

/** What is wrong with a value in the place of a tensor; undefined where it is one that fits. */
export function wrongTensor(value: unknown, {shape, dtype}: Wanted): string | undefined {
  if (!(value instanceof tf.Tensor)) {
    return `${describeValue(value)} stands where ${named({shape, dtype})} belongs`;
  }
  if (value.isDisposed) return 'the tensor is disposed of';
  const isOfType = dtype === undefined ? isNumeric(value) : value.dtype === dtype;
  if (isOfType && isOfShape(value.shape, shape)) return undefined;
  return `${named(value)} stands where ${named({shape, dtype})} belongs`;
}

/** True for a tensor that can be computed with. */
function isNumeric({dtype}: tf.Tensor): boolean {
  return dtype !== 'string' && dtype !== 'complex64';
}

function isOfShape(shape: readonly number[], wanted: Wanted['shape']): boolean {
  return (
    shape.length === wanted.length && wanted.every((size, axis) => size === null || size === shape[axis])
  );
}

function named({shape, dtype}: Wanted): string {
  return `a ${dtype === undefined ? '' : `${dtype} `}tensor [${shape.map((n) => n ?? 'any').join(', ')}]`;
}

/** What is wrong with tensors by name, each of which takes the place of the one of that name. */
export function wrongTensors(value: unknown, like: Readonly<Record<string, Wanted>>): string | undefined {
  return wrongChanges(value, {}, like);
}

/**
 * What is wrong with tensors by name that take the place of others.
 *
 * @param before those that there are, which may stand in the answer as they are
 * @param changeable those that may be others
 */
export function wrongChanges(
  value: unknown,
  before: Readonly<Record<string, unknown>>,
  changeable: Readonly<Record<string, Wanted>>,
): string | undefined {
  if (!isPlainObject(value)) return '';
  for (const [name, tensor] of Object.entries(value)) {
    const isThere = Object.hasOwn(before, name);
    if (isThere && tensor === before[name]) continue;
    const wanted = Object.hasOwn(changeable, name) ? changeable[name] : undefined;
    if (wanted === undefined) {
      return `${isThere ? `it may not change ${name}, but` : `there is no ${name} among`} ${someOf(changeable)}`;
    }
    const wrong = wrongTensor(tensor, wanted);
    if (wrong !== undefined) return `at ${name} ${wrong}`;
  }
  return undefined;
}

/** The first of some names that an answer lacks. */
export function missingFrom(value: unknown, like: Readonly<Record<string, Wanted>>): string | undefined {
  const missing = Object.keys(like).find((name) => !isPlainObject(value) || !Object.hasOwn(value, name));
  return missing === undefined ? undefined : `${missing} is missing`;
}

function someOf(like: Readonly<Record<string, Wanted>>): string {
  const names = Object.keys(like);
  return names.length > 6 ? `${names.slice(0, 6).join(', ')}, …` : names.join(', ') || 'none';
}
