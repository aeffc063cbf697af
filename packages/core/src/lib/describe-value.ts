import {showShape} from './shapes.ts';

const longest = 200;

/**
 * How a value that was refused is shown in a message: any value at all, also circular ones, tensors that are disposed
 * of, and objects that throw when they are looked at.
 */
export function describeValue(value: unknown): string {
  try {
    const text = show(value, 0);
    return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
  } catch {
    return typeof value === 'function' ? 'a function' : 'an object';
  }
}

/** Names in a row, not all of them where there are many. */
export function describeNames(names: readonly string[]): string {
  const most = 12;
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

function show(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length <= longest ? value : `${value.slice(0, longest)}…`);
    case 'function':
      return value.name ? `the function ${value.name}` : 'a function';
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'object':
      return value === null ? 'null' : showObject(value, depth);
    default:
      return String(value);
  }
}

function showObject(value: object, depth: number): string {
  if (isTensorLike(value)) return `a tensor ${showShape(value.shape)}`;
  if (ArrayBuffer.isView(value)) return `${nameOf(value)}(${value.byteLength} bytes)`;
  // What is deep is not read by anyone, and what is circular has no end.
  if (Array.isArray(value)) {
    if (depth > 2) return '[…]';
    const shown = Array.from(value.slice(0, 20), (entry) => show(entry, depth + 1));
    return `[${shown.join(', ')}${value.length > 20 ? ', …' : ''}]`;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return `a ${nameOf(value)}`;
  if (depth > 2) return '{…}';
  const entries = Object.entries(value).slice(0, 20);
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${show(entry, depth + 1)}`).join(',')}}`;
}

function nameOf(value: object): string {
  return value.constructor?.name || 'object';
}

/** A tensor of any copy of tfjs, disposed of or not. */
export function isTensorLike(value: object): value is {readonly shape: readonly number[]} {
  return 'dataId' in value && 'shape' in value && Array.isArray(value.shape);
}
