import {looking, printable, RegularizerError} from '@regularizers/core';

const brand = Symbol.for('@regularizers/native/NativeError');

/** What went wrong, for programs. The message and the hint say it to people. */
export type NativeErrorCode =
  | 'aborted'
  | 'build-failed'
  | 'cache-not-trusted'
  | 'cache-unusable'
  | 'download-failed'
  | 'no-compiler'
  | 'no-npm'
  | 'no-python'
  | 'not-native'
  | 'not-set-up'
  | 'op-failed'
  | 'two-copies'
  | 'unsupported-platform'
  | 'will-not-load'
  | 'wrong-wheel';

/** What a {@link NativeError} is made from. */
export interface NativeErrorDetails {
  /** What went wrong, for programs. */
  readonly code: NativeErrorCode;
  /** What to do about it: a command wherever one command fixes it. */
  readonly hint: string;
  /** The error underneath, if there was one. */
  readonly cause?: unknown;
}

/**
 * The native backend is missing or broken. Its message says what is missing, and `hint` how to get it.
 *
 * @example
 * ```ts
 * try {
 *   await registerNative();
 * } catch (error) {
 *   if (NativeError.isInstance(error)) console.error(error.code, error.hint);
 *   throw error;
 * }
 * ```
 */
export class NativeError extends Error {
  override readonly name: string = 'NativeError';
  /** What went wrong, for programs. */
  readonly code: NativeErrorCode;
  /** What to do about it. */
  readonly hint: string;

  /**
   * @param problem - one sentence that says what is wrong; the hint is appended to make the message
   * @param details - the code, the hint and the cause
   * @throws RegularizerError if one of them is no text
   */
  constructor(problem: string, details: NativeErrorDetails) {
    const {code, hint, cause} = readDetails(problem, details);
    // What programs wrote is in it, and paths.
    super(printable(`[native] ${problem} ${hint}`), cause === undefined ? undefined : {cause});
    this.code = code;
    this.hint = printable(hint);
    Object.defineProperty(this, brand, {value: true});
  }

  /**
   * Whether a value is a NativeError, also one from another installed copy of this package.
   *
   * @param value - anything
   * @returns whether it is one
   */
  static isInstance(value: unknown): value is NativeError {
    try {
      return typeof value === 'object' && value !== null && brand in value;
    } catch {
      // Anything can be thrown, also what cannot be looked at.
      return false;
    }
  }
}

function readDetails(problem: string, details: NativeErrorDetails): NativeErrorDetails {
  return looking('NativeError', 'what it is made from', () => {
    const {code, hint, cause} = details;
    if ([problem, code, hint].every((text) => typeof text === 'string')) return {code, hint, cause};
    throw new RegularizerError({
      where: 'NativeError',
      code: 'not-an-error',
      message: 'it is made from a problem and {code, hint}, which are texts',
      received: details,
    });
  });
}
