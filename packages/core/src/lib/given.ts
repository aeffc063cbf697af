import {describeNames, describeValue, isTensorLike} from './describe-value.ts';
import {RegularizerError} from './errors.ts';
import {printable} from './printable.ts';

/**
 * Checks that something a caller gave is an object with no key but those that are known, and that it can be read at
 * all: what is left of it are values, whatever stood behind them.
 *
 * @param what what it is, for the message: `options`, `data`
 * @throws RegularizerError with code `not-an-object` or `unknown-option`
 */
export function givenObject<const Key extends string>(
  where: string,
  what: string,
  value: unknown,
  known: readonly Key[],
): Readonly<Partial<Record<Key, unknown>>> {
  const read = readObject(value, known);
  if (!read) {
    throw new RegularizerError({
      where,
      code: 'not-an-object',
      message: `${what} must be an object {${known.join(', ')}}; received ${describeValue(value)}`,
      received: value,
    });
  }
  const [first] = read.unknown;
  if (first === undefined) return read.values;
  throw new RegularizerError({
    where,
    code: 'unknown-option',
    message: `unknown key ${describeNames(read.unknown)} in ${what}`,
    hint: `The keys are: ${known.join(', ')}.`,
    received: first,
    allowed: {enum: known},
  });
}

function readObject<Key extends string>(
  value: unknown,
  known: readonly Key[],
): {values: Partial<Record<Key, unknown>>; unknown: readonly string[]} | undefined {
  try {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    if (isTensorLike(value) || ArrayBuffer.isView(value) || value instanceof Promise) return undefined;
    const unknown = Object.keys(value).filter((key) => !known.some((one) => one === key));
    const values: Partial<Record<Key, unknown>> = {};
    for (const key of known) {
      const part: unknown = Reflect.get(value, key);
      if (part !== undefined) values[key] = part;
    }
    return {values, unknown};
  } catch {
    return undefined;
  }
}

/** Anything but a primitive or a function. */
export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** One member of anything at all; undefined where there is none, or where asking for it throws. */
export function memberOf(value: unknown, key: PropertyKey): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  try {
    return Reflect.get(value, key);
  } catch {
    return undefined;
  }
}

/**
 * Looks at what a caller gave: objects may throw when they are looked at, which then is what is wrong with them.
 *
 * @param what what it is, for the message
 * @throws RegularizerError with code `unreadable`, or what `look` itself throws of that kind
 */
export function looking<T>(where: string, what: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (RegularizerError.isInstance(error)) throw error;
    throw new RegularizerError({
      where,
      code: 'unreadable',
      message: `${printable(what)} cannot be read`,
      hint: 'The cause of this error says why.',
      cause: error,
    });
  }
}
