import {computed} from '../lib/computed.ts';
import type {AnyOption, OptionRecord} from './option.ts';

/** The condition of an option that the others do not meet: which of them, and what it would have to be. */
export function unmetBy(
  {when = {}}: AnyOption,
  given: Readonly<Record<string, unknown>>,
  fields: OptionRecord,
): readonly [key: string, values: readonly unknown[]] | undefined {
  return Object.entries(when).find(([key, values]) => !values.includes(given[key] ?? fields[key]?.default));
}

/**
 * Whether an option has a meaning beside the others that are given.
 *
 * @example
 * ```ts
 * import {inputNoiseTechnique} from '@regularizers/noise';
 *
 * const {options} = inputNoiseTechnique;
 * isMeant(options['sigma']!, {distribution: 'uniform'}, options); // false
 * ```
 */
export function isMeant(
  option: AnyOption,
  given: Readonly<Record<string, unknown>>,
  fields: OptionRecord,
): boolean {
  return computed('isMeant', {option, given, fields}, () => unmetBy(option, given, fields) === undefined);
}
