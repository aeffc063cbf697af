import {memberOf} from './given.ts';

/** A promise, of this realm or another, or what is awaited like one. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof memberOf(value, 'then') === 'function';
}
