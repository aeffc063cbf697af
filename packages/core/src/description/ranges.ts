import {describeValue} from '../lib/describe-value.ts';
import {RegularizerError} from '../lib/errors.ts';
import {looking} from '../lib/given.ts';
import type {JsonSchema} from '../lib/json.ts';

/** The range that {@link checkNumber} holds an option to; a bound that is left out does not bind. */
export interface NumberRange {
  readonly min?: number;
  readonly max?: number;
  /** The minimum itself is refused. */
  readonly minExclusive?: boolean;
  /** The maximum itself is refused. */
  readonly maxExclusive?: boolean;
  readonly integer?: boolean;
}

/** A range in words: `an integer in [1, ∞)`. */
export function describeRange({min, max, minExclusive, maxExclusive, integer}: NumberRange): string {
  const noun = integer ? 'an integer' : 'a finite number';
  if (min === undefined && max === undefined) return noun;
  const low = min === undefined ? '(-∞' : `${minExclusive ? '(' : '['}${min}`;
  const high = max === undefined ? '∞)' : `${max}${maxExclusive ? ')' : ']'}`;
  return `${integer ? 'an integer ' : ''}in ${low}, ${high}`;
}

/** A range as a JSON Schema. */
export function rangeSchema({min, max, minExclusive, maxExclusive, integer}: NumberRange): JsonSchema {
  return {
    type: integer ? 'integer' : 'number',
    ...(min === undefined ? {} : {[minExclusive ? 'exclusiveMinimum' : 'minimum']: min}),
    ...(max === undefined ? {} : {[maxExclusive ? 'exclusiveMaximum' : 'maximum']: max}),
  };
}

/**
 * Checks one numeric option of a plugin.
 *
 * @param where the plugin's name, for the message
 * @param option the option's name, for the message
 * @throws RegularizerError with code `out-of-range`: `[dropout] rate must be in [0, 1); received 1.2`
 */
export function checkNumber(where: string, option: string, value: unknown, range: NumberRange = {}): number {
  return looking(where, option, () => checkedNumber(where, option, value, range));
}

function checkedNumber(where: string, option: string, value: unknown, range: NumberRange): number {
  const {min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY} = range;
  const fits =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (range.minExclusive ? value > min : value >= min) &&
    (range.maxExclusive ? value < max : value <= max) &&
    (!range.integer || Number.isInteger(value));
  if (fits) return value;
  throw new RegularizerError({
    where,
    code: 'out-of-range',
    message: `${option} must be ${describeRange(range)}; received ${describeValue(value)}`,
    option,
    received: value,
    allowed: rangeSchema(range),
  });
}

/** The name that every technique's options take. */
export interface Named<Name extends string> {
  /** Name of the plugin: two of one technique in a trainer need different ones. @defaultValue the technique's */
  readonly name?: Name;
}
