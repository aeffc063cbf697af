import {describeValue} from '../lib/describe-value.ts';
import {RegularizerError} from '../lib/errors.ts';
import {looking, memberOf} from '../lib/given.ts';
import {globMatcher} from '../lib/glob.ts';
import {isPromise} from '../lib/is-promise.ts';
import type {JsonSchema} from '../lib/json.ts';
import {printable} from '../lib/printable.ts';

/**
 * Which weights or sites a plugin touches: a name, a glob (`*` within a segment, `**` across segments, `?`),
 * a predicate, which is given one and all that there are, or a list of those (any of them).
 */
export type Selector<Info> =
  | string
  | ((info: Info, all: readonly Info[]) => boolean)
  | readonly Selector<Info>[];

/** A selector as a function of one thing, and all that there are. */
export type Predicate<Info> = (info: Info, all: readonly Info[]) => boolean;

/**
 * Turns a {@link Selector} into a predicate.
 *
 * @param where who asks, for messages
 * @param option what the selector is called there
 * @throws RegularizerError with code `not-a-selector`; the predicate does too, where one of the selector's throws, or
 *   gives something else than true or false, such as the promise of an asynchronous function
 */
export function toPredicate<Info extends {readonly name: string}>(
  selector: Selector<Info>,
  where: string,
  option: string,
): Predicate<Info> {
  checkSelector(where, option, selector);
  return predicateOf(selector, where, option);
}

function predicateOf<Info extends {readonly name: string}>(
  selector: Selector<Info>,
  where: string,
  option: string,
): Predicate<Info> {
  if (typeof selector === 'function') return checkedPredicate(selector, where, option);
  if (typeof selector === 'string') {
    const matches = globMatcher(selector);
    return (info) => info.name === selector || matches(info.name);
  }
  const any = selector.map((part) => predicateOf(part, where, option));
  return (info, all) => any.some((matches) => matches(info, all));
}

function checkedPredicate<Info extends {readonly name: string}>(
  predicate: Predicate<Info>,
  where: string,
  option: string,
): Predicate<Info> {
  return (info, all) => {
    const answer = answerOf(() => predicate(info, all), info, where, option);
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

function answerOf(
  predicate: () => unknown,
  info: {readonly name: string},
  where: string,
  option: string,
): unknown {
  try {
    return predicate();
  } catch (cause) {
    if (RegularizerError.isInstance(cause)) throw cause;
    throw new RegularizerError({
      where,
      code: 'not-a-selector',
      message: `the predicate of ${option} throws for ${info.name}: ${describeValue(memberOf(cause, 'message') ?? cause)}`,
      option,
      cause,
    });
  }
}

const name = {type: 'string'};

/** The selectors that JSON can hold. */
export const selectorSchema: JsonSchema = {
  anyOf: [name, {type: 'array', items: {anyOf: [name, {type: 'array', items: name}]}}],
};

/**
 * Checks the form of a {@link Selector}; what it selects is checked when there is a model, by `choosing`.
 *
 * @throws RegularizerError with code `not-a-selector`
 */
export function checkSelector(where: string, option: string, selector: unknown): void {
  if (looking(where, option, () => isSelector(selector))) return;
  throw new RegularizerError({
    where,
    code: 'not-a-selector',
    message: `${printable(option)} must be a name, a glob, a predicate or a list of those; received ${describeValue(selector)}`,
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
