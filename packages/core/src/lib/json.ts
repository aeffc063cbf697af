import {describeValue} from './describe-value.ts';

/** What JSON can hold. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | {readonly [key: string]: JsonValue};

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const longest = {text: 1000, list: 100, depth: 4} as const;

/** Any value as JSON; one that is none, or is too large to be read by anyone, in the words of {@link describeValue}. */
export function toJson(value: unknown): JsonValue {
  try {
    const json = jsonOf(value, 0);
    if (json !== undefined) return json;
  } catch {
    // It throws when it is looked at.
  }
  return describeValue(value);
}

function jsonOf(value: unknown, depth: number): JsonValue | undefined {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'number':
      // JSON writes −0 as 0, which is another value where what was refused is a zero's sign.
      return Number.isFinite(value) && !Object.is(value, -0) ? value : undefined;
    case 'string':
      return value.length <= longest.text ? value : undefined;
    case 'object':
      if (value === null) return null;
      if (depth >= longest.depth) return undefined;
      if (Array.isArray(value)) return listOf(value, depth);
      return isPlainObject(value) ? recordOf(value, depth) : undefined;
    default:
      return undefined;
  }
}

function listOf(values: readonly unknown[], depth: number): JsonValue | undefined {
  if (values.length > longest.list) return undefined;
  // Array.from gives holes as undefined, where map passes over them.
  const entries = Array.from(values, (value) => jsonOf(value, depth + 1));
  return isWhole(entries) ? entries : undefined;
}

function recordOf(record: Readonly<Record<string, unknown>>, depth: number): JsonValue | undefined {
  const keys = Object.keys(record);
  if (keys.length > longest.list) return undefined;
  const values = keys.map((key) => jsonOf(record[key], depth + 1));
  if (!isWhole(values)) return undefined;
  return Object.fromEntries(keys.map((key, index): [string, JsonValue] => [key, values[index] ?? null]));
}

function isWhole(values: readonly (JsonValue | undefined)[]): values is readonly JsonValue[] {
  return values.every((value) => value !== undefined);
}

/** An object literal, of this realm or another: no list, no instance of a class, and none of `Math`, `JSON` and their like. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  // What the language itself brings has a name of its own, `[object Math]`.
  if (Object.prototype.toString.call(value) !== '[object Object]') return false;
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype === null || (Object.getPrototypeOf(prototype) === null && isObjectPrototype(prototype));
}

/** That of any realm. A class may extend null, whose prototype then has none either. */
function isObjectPrototype(prototype: object): boolean {
  return Object.hasOwn(prototype, 'isPrototypeOf');
}
