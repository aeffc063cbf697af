import {describeValue} from '../lib/describe-value.ts';
import {RegularizerError} from '../lib/errors.ts';
import {globMatcher} from '../lib/glob.ts';
import {isPromise} from '../lib/is-promise.ts';
import type {JsonSchema} from '../lib/json.ts';

/**
 * Which weights or sites a plugin touches: a name, a glob (`*` within a segment, `**` across segments, `?`),
 * a predicate, or a list of those (any of them).
 */
export type Selector<Info> = string | ((info: Info) => boolean) | readonly Selector<Info>[];

/**
 * Turns a {@link Selector} into a predicate.
 *
 * @param where who asks, for messages
 * @param option what the selector is called there
 * @throws RegularizerError with code `not-a-selector`; the predicate does too, where one of the selector's gives
 *   something else than true or false, such as the promise of an asynchronous function
 */
export function toPredicate<Info extends {readonly name: string}>(
  selector: Selector<Info>,
  where = 'select',
  option = 'the selector',
): (info: Info) => boolean {
  checkSelector(where, option, selector);
  return predicateOf(selector, where, option);
}

function predicateOf<Info extends {readonly name: string}>(
  selector: Selector<Info>,
  where: string,
  option: string,
): (info: Info) => boolean {
  if (typeof selector === 'function') return checkedPredicate(selector, where, option);
  if (typeof selector === 'string') {
    const matches = globMatcher(selector);
    return (info) => info.name === selector || matches(info.name);
  }
  const any = selector.map((part) => predicateOf(part, where, option));
  return (info) => any.some((matches) => matches(info));
}

function checkedPredicate<Info extends {readonly name: string}>(
  predicate: (info: Info) => boolean,
  where: string,
  option: string,
): (info: Info) => boolean {
  return (info) => {
    const answer: unknown = predicate(info);
    if (typeof answer === 'boolean') return answer;
    // Nobody waits for it, so that nobody else would catch what it rejects with.
    if (isPromise(answer)) Promise.resolve(answer).catch(() => undefined);
    throw new RegularizerError({
      where,
      code: 'not-a-selector',
      message: `the predicate of ${option} must return true or false; it returned ${describeValue(answer)} for ${info.name}`,
      hint: 'It may not be asynchronous; Boolean(…) makes true or false of anything.',
      option,
    });
  };
}

const name = {type: 'string'};

/** The selectors that JSON can hold. */
export const selectorSchema: JsonSchema = {
  anyOf: [name, {type: 'array', items: {anyOf: [name, {type: 'array', items: name}]}}],
};

/**
 * Checks the form of a {@link Selector}; what it selects is checked against the model, by {@link select}.
 *
 * @throws RegularizerError with code `not-a-selector`
 */
export function checkSelector(where: string, option: string, selector: unknown): void {
  if (isSelector(selector)) return;
  throw new RegularizerError({
    where,
    code: 'not-a-selector',
    message: `${option} must be a name, a glob, a predicate or a list of those; received ${describeValue(selector)}`,
    option,
    received: selector,
    allowed: selectorSchema,
  });
}

// Lists of lists come of composing selectors, but never so deep that recursion would end in a stack overflow.
function isSelector(value: unknown, depth = 0): boolean {
  if (Array.isArray(value))
    return depth < 8 && Array.from(value).every((part) => isSelector(part, depth + 1));
  return typeof value === 'string' || typeof value === 'function';
}

/** What {@link select} needs for its messages and its default. */
export interface SelectOptions<Info> {
  /** The plugin's name. */
  readonly where: string;
  /** The option's name, such as `include` or `at`. */
  readonly option: string;
  /** What the user passed; undefined takes `otherwise`. */
  readonly selector: Selector<Info> | undefined;
  /** The default selection. */
  readonly otherwise: (info: Info) => boolean;
  /** May the default select nothing? A selector of the user's never may. @defaultValue false */
  readonly mayBeEmpty?: boolean;
}

/**
 * The chosen weights or sites, in the model's order.
 *
 * @throws RegularizerError with code `nothing-selected`, listing the names that there are
 */
export function select<Info extends {readonly name: string}>(
  all: readonly Info[],
  {where, option, selector, otherwise, mayBeEmpty = false}: SelectOptions<Info>,
): readonly Info[] {
  const chosen = all.filter(selector === undefined ? otherwise : toPredicate(selector, where, option));
  if (chosen.length > 0 || (selector === undefined && mayBeEmpty)) return chosen;
  const asked = selector === undefined ? 'the default' : `${option}: ${describeValue(selector)}`;
  const names = all.map((info) => info.name);
  throw new RegularizerError({
    where,
    code: 'nothing-selected',
    message: `${asked} selects nothing in this model`,
    hint: `There are: ${names.join(', ') || 'none'}.`,
    option,
    received: selector,
    allowed: {enum: names},
  });
}
