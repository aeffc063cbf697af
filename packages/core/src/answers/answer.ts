import {describeValue} from '../lib/describe-value.ts';
import {RegularizerError} from '../lib/errors.ts';
import {isPromise} from '../lib/is-promise.ts';

/** Who answered. */
export interface Asked {
  /** The plugin's name. */
  readonly name: string;
  readonly hook: string;
  /** What is checked, if it is not what the hook returned but what it gave a function of its step's. */
  readonly argument?: string;
}

/**
 * Holds what a hook returned against what it may return. All hooks are called through this, so that what is wrong with
 * an answer is said where it was given, and not by what trips over it later. Nothing is read back from a device.
 *
 * @param expected what the hook may return, as the rest of a sentence: `a scalar`
 * @param differs what is wrong: a sentence on a part of the answer, or nothing but '' where it is something else
 *   altogether; undefined where nothing is wrong
 * @throws RegularizerError with code `bad-answer`
 */
export function checkAnswer(
  asked: Asked,
  expected: string,
  answer: unknown,
  differs: (answer: unknown) => string | undefined,
): void {
  const difference = isPromise(answer) ? '' : differenceIn(answer, differs);
  if (difference === undefined) return;
  refuseAnswer(asked, expected, answer, difference);
}

/**
 * Says that an answer is not what is expected.
 *
 * @throws RegularizerError with code `bad-answer`, always
 */
function refuseAnswer({name, hook, argument}: Asked, expected: string, answer: unknown, detail = ''): never {
  const hint = hintFor(answer);
  throw new RegularizerError({
    where: name,
    code: 'bad-answer',
    message: `${argument === undefined ? `${hook} must return` : `${argument} in ${hook} takes`} ${expected}; received ${describeValue(answer)}${detail === '' ? '' : `: ${detail}`}`,
    ...(hint === undefined ? {} : {hint}),
    hook,
    ...(argument === undefined ? {} : {option: argument}),
    received: answer,
    allowed: {description: expected},
  });
}

/** An answer may throw when it is looked at, which then is what is wrong with it. */
function differenceIn(answer: unknown, differs: (answer: unknown) => string | undefined): string | undefined {
  try {
    return differs(answer);
  } catch {
    return 'it cannot be read';
  }
}

function hintFor(answer: unknown): string | undefined {
  if (answer === undefined) return 'A hook whose function does not return gives undefined.';
  if (!isPromise(answer)) return undefined;
  // Nobody waits for it, so that nobody else would catch what it rejects with.
  Promise.resolve(answer).catch(() => undefined);
  return 'This hook may not be asynchronous.';
}
