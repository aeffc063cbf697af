import util from 'node:util';

/** The tests that Node 23 removed from `util` and that tfjs-node 4.22 calls, or may. */
const removed = {
  isArray: (value: unknown): boolean => Array.isArray(value),
  isBoolean: (value: unknown): boolean => typeof value === 'boolean',
  isFunction: (value: unknown): boolean => typeof value === 'function',
  isNull: (value: unknown): boolean => value === null,
  isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
  isNumber: (value: unknown): boolean => typeof value === 'number',
  isObject: (value: unknown): boolean => typeof value === 'object' && value !== null,
  isString: (value: unknown): boolean => typeof value === 'string',
  isUndefined: (value: unknown): boolean => value === undefined,
};

/**
 * Node's `util` with the functions that were removed from it. Only tfjs-node is given it, so that nothing
 * else in the process sees a changed `util`. It also spares Node 22's users a deprecation warning.
 */
export const utilWithRemoved: typeof util = Object.assign(Object.create(util), removed);

/**
 * Puts the removed functions where they are missing from Node's own `util`. Needed only for a tfjs-node that
 * the program loaded by itself, before this package.
 */
export function polyfillUtil(): void {
  for (const [name, test] of Object.entries(removed)) {
    if (!(name in util)) Object.defineProperty(util, name, {value: test, configurable: true, writable: true});
  }
}
