import {isPlainObject} from '../lib/json.ts';

/** How deep a description may be nested: no state is, and what is circular has no end. */
const deepest = 200;

/** A key that stands for a number which JSON does not know. */
export const numberKey = '$number';

/**
 * What keeps a value from coming back from JSON as it is, as the rest of a sentence that begins with "it", such as
 * `holds a function at members/0/state`; undefined for null, texts, numbers, true, false, and lists and records of those.
 * A key that is undefined is one that is not there.
 */
export function notPlain(value: unknown, path: readonly string[] = []): string | undefined {
  const at = path.length > 0 ? ` at ${path.join('/')}` : '';
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return undefined;
  if (typeof value !== 'object') return `holds a ${typeof value}${at}`;
  if (path.length > deepest) return `is nested deeper than ${deepest} levels, or is a part of itself`;
  const keys = Object.keys(value);
  if (Array.isArray(value)) {
    if (keys.length !== value.length) return `holds a list${at} with holes, or with more than its items`;
  } else if (!isPlainObject(value) || Object.getOwnPropertySymbols(value).length > 0) {
    return `holds an object${at} that is no plain record`;
  } else if (keys.includes(numberKey)) {
    return `holds the key ${numberKey}${at}, which has a meaning of its own in files`;
  }
  for (const key of keys) {
    const child: unknown = Reflect.get(value, key);
    if (child === undefined && !Array.isArray(value)) continue;
    const found = notPlain(child, [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}
