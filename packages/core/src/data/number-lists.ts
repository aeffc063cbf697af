import {RegularizerError} from '../lib/errors.ts';
import type {HostRows, HostValues} from './rows.ts';

/** Numbers in lists, or in lists of lists; rows may be typed arrays. */
export type NumberList = readonly (number | boolean)[] | readonly HostValues[] | readonly NumberList[];

/** True for numbers in lists, or in lists of lists; rows may be typed arrays. */
export function isNumberList(value: unknown): value is readonly unknown[] {
  if (!Array.isArray(value)) return false;
  const [first]: readonly unknown[] = value;
  return isNumber(first) || isValueArray(first) || isNumberList(first);
}

/** True for a typed array of numbers, of any realm. */
export function isValueArray(value: unknown): value is HostValues {
  return ArrayBuffer.isView(value) && /^(Ui|I)nt|^Float/.test(String(Reflect.get(value, Symbol.toStringTag)));
}

/**
 * Numbers in lists, one after another, with the shape that the lists make.
 *
 * @param what what they are, for the message
 * @throws RegularizerError with code `data-shape` for lists of different lengths, `data-type` for what is no number
 */
export function flattened(where: string, what: string, list: readonly unknown[]): HostRows {
  const shape = shapeOf(list);
  const values = new Float32Array(shape.reduce((size, side) => size * side, 1));
  let at = 0;
  const visit = (value: unknown, depth: number, path: string): void => {
    const side = shape[depth];
    if (side === undefined) {
      if (!isNumber(value)) refuseEntry(where, 'data-type', `${path} is no number`);
      values[at++] = Number(value);
    } else if (isValueArray(value) || Array.isArray(value)) {
      if (value.length !== side) {
        const other = `${what}${'[0]'.repeat(depth)}`;
        refuseEntry(where, 'data-shape', `${path} has ${value.length} entries, but ${other} has ${side}`);
      }
      for (let i = 0; i < side; i++) visit(value[i], depth + 1, `${path}[${i}]`);
    } else {
      refuseEntry(where, 'data-type', `${path} is no list, as ${what}${'[0]'.repeat(depth)} is`);
    }
  };
  visit(list, 0, what);
  return {values, shape};
}

function shapeOf(value: unknown): readonly number[] {
  if (!Array.isArray(value) && !isValueArray(value)) return [];
  return [value.length, ...shapeOf(value[0])];
}

const isNumber = (value: unknown): boolean => typeof value === 'number' || typeof value === 'boolean';

function refuseEntry(where: string, code: string, message: string): never {
  throw new RegularizerError({
    where,
    code,
    message,
    hint: 'Examples are lists of numbers, all of one length: cut or pad those that are not.',
  });
}
