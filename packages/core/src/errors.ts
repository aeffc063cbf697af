import {printable} from './printable.ts';

const brand: unique symbol = Symbol.for('regularizers.error') as never;

/** What a {@link RegularizerError} is made from. */
export interface RegularizerErrorOptions {
  /** Who complains: a plugin's name, or a part of the trainer such as `'trainer'` or `'checkpoint'`. */
  readonly where: string;
  /** A stable, machine-readable code in kebab case, such as `'out-of-range'`. */
  readonly code: string;
  /** What is wrong, in one sentence that holds the value received. */
  readonly message: string;
  /** What to do instead. */
  readonly hint?: string;
  /** The error underneath, if any. */
  readonly cause?: unknown;
}

/**
 * The one error type of the project: says what is wrong, where, and what to do instead. Its texts are safe to print,
 * whatever names are in them: see {@link printable}.
 *
 * @example
 * ```ts
 * try {
 *   dropout({rate: 1.2});
 * } catch (error) {
 *   if (RegularizerError.isInstance(error)) console.log(error.code, error.hint);
 * }
 * ```
 */
export class RegularizerError extends Error {
  override readonly name = 'RegularizerError';
  readonly where: string;
  readonly code: string;
  readonly hint: string | undefined;

  constructor({where, code, message, hint, cause}: RegularizerErrorOptions) {
    super(
      printable(`[${where}] ${message}${hint ? `\n  ${hint}` : ''}`),
      cause === undefined ? undefined : {cause},
    );
    this.where = printable(where);
    this.code = code;
    this.hint = hint === undefined ? undefined : printable(hint);
    Object.defineProperty(this, brand, {value: true});
  }

  /** True for errors of any installed copy of this package, where `instanceof` is not. */
  static isInstance(error: unknown): error is RegularizerError {
    return typeof error === 'object' && error !== null && brand in error;
  }
}

/**
 * Throws in the trainer's name.
 *
 * @throws RegularizerError always
 */
export function fail(code: string, message: string, hint?: string): never {
  throw new RegularizerError({where: 'trainer', code, message, ...(hint ? {hint} : {})});
}
