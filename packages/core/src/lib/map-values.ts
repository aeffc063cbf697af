import {checkFunction} from './check-function.ts';
import {looking} from './given.ts';

/** A record of the same names with other values. */
export function mapValues<Name extends string, T, U>(
  record: Readonly<Record<Name, T>>,
  change: (value: T, name: Name) => U,
): Readonly<Record<Name, U>> {
  checkFunction('mapValues', 'the change', change);
  const entries = looking('mapValues', 'the record', () => Object.entries<T>(record));
  return Object.fromEntries(entries.map(([name, value]) => [name, change(value, name as Name)])) as never;
}
