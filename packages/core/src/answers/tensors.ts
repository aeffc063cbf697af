import {Tensor} from '@tensorflow/tfjs-core';
import {describeValue} from '../lib/describe-value.ts';
import {isPlainObject} from '../lib/json.ts';

/** Type and shape that a tensor of an answer must have; null stands for any size, undefined for any type of number. */
export interface Wanted {
  readonly shape: readonly (number | null)[];
  readonly dtype?: string | undefined;
}

/** What is wrong with a value in the place of a tensor; undefined where it is one that fits. */
export function wrongTensor(value: unknown, {shape, dtype}: Wanted): string | undefined {
  if (!(value instanceof Tensor)) {
    return `${describeValue(value)} stands where ${named({shape, dtype})} belongs`;
  }
  if (value.isDisposed) return 'the tensor is disposed of';
  const isOfType = dtype === undefined ? isNumeric(value) : value.dtype === dtype;
  if (isOfType && isOfShape(value.shape, shape)) return undefined;
  return `${named(value)} stands where ${named({shape, dtype})} belongs`;
}

/** True for a tensor that can be computed with. */
export function isNumeric({dtype}: Tensor): boolean {
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

/**
 * What is wrong with tensors by name, each of which takes the place of the one of that name.
 *
 * @param all none may be missing
 */
export function wrongTensors(
  value: unknown,
  like: Readonly<Record<string, Wanted>>,
  all = false,
): string | undefined {
  if (!isPlainObject(value)) return '';
  for (const name of Object.keys(value)) {
    const tensor: unknown = value[name];
    const model = Object.hasOwn(like, name) ? like[name] : undefined;
    if (model === undefined) return `there is no ${name} among ${someOf(like)}`;
    const wrong = tensor === model ? undefined : wrongTensor(tensor, model);
    if (wrong !== undefined) return `at ${name} ${wrong}`;
  }
  const missing = all ? Object.keys(like).find((name) => !Object.hasOwn(value, name)) : undefined;
  return missing === undefined ? undefined : `${missing} is missing`;
}

function someOf(like: Readonly<Record<string, Wanted>>): string {
  const names = Object.keys(like);
  return names.length > 6 ? `${names.slice(0, 6).join(', ')}, …` : names.join(', ') || 'none';
}
