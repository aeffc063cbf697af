import {printable} from '@regularizers/core';

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
   */
  constructor(problem: string, details: NativeErrorDetails) {
    super(
      printable(`[native] ${problem} ${details.hint}`), // what programs wrote is in it, and paths
      details.cause === undefined ? undefined : {cause: details.cause},
    );
    this.code = details.code;
    this.hint = printable(details.hint);
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
