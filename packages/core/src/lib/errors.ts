import {describeValue} from './describe-value.ts';
import {isPlainObject, type JsonSchema, type JsonValue, toJson} from './json.ts';
import {printable} from './printable.ts';

const brand: unique symbol = Symbol.for('regularizers.error') as never;

/** What a {@link RegularizerError} says, as plain JSON: what another one is made from in another process. */
export interface RegularizerErrorData {
  /** Who complains: a plugin's name, or a part of the trainer such as `'trainer'` or `'checkpoint'`. */
  readonly where: string;
  /** A stable, machine-readable code in kebab case, such as `'out-of-range'`. */
  readonly code: string;
  /** What is wrong, in one sentence that holds the value received. */
  readonly message: string;
  /** What to do instead. */
  readonly hint?: string;
  /** The option that it is about, or the part of a plugin, by its place: `rate`, `scale[0]`, `affine.rotation`, `owns`. */
  readonly option?: string;
  /** The hook that gave what was refused. */
  readonly hook?: string;
  /** The plugins that it is about, by name. */
  readonly plugins?: readonly string[];
  /** The value that was refused; one that JSON can't hold is given in words. */
  readonly received?: JsonValue;
  /**
   * What would not be refused, as a JSON Schema: `{type: 'number', minimum: 0, exclusiveMaximum: 1}`. Of what JSON can't
   * hold, it describes it in words: `{description: 'a scalar'}`.
   */
  readonly allowed?: JsonSchema;
}

/** What a {@link RegularizerError} is made from. */
export interface RegularizerErrorOptions extends Omit<RegularizerErrorData, 'received'> {
  /** The value that was refused: any value at all. */
  readonly received?: unknown;
  /** The error underneath, if any. */
  readonly cause?: unknown;
}

/**
 * The one error type of the project: says what is wrong, where, and what to do instead. `message` is all of it, for
 * people; programs read the fields. Its texts are safe to print, whatever names are in them: see {@link printable};
 * `received` and `allowed` are data, as they came.
 *
 * @example
 * ```ts
 * import {dropout} from '@regularizers/dropout';
 *
 * try {
 *   dropout({rate: 1.2});
 * } catch (error) {
 *   if (RegularizerError.isInstance(error)) console.log(error.code, error.option, error.allowed);
 * }
 * ```
 */
export class RegularizerError extends Error {
  override readonly name = 'RegularizerError';
  readonly where: string;
  readonly code: string;
  /** What is wrong, alone: the message without where and without the hint. */
  readonly problem: string;
  readonly hint: string | undefined;
  readonly option: string | undefined;
  readonly hook: string | undefined;
  readonly plugins: readonly string[] | undefined;
  readonly received: JsonValue | undefined;
  readonly allowed: JsonSchema | undefined;

  /** @throws RegularizerError with code `not-an-error`, if what it is to say is no text */
  constructor(options: RegularizerErrorOptions) {
    const {where, code, message, hint, option, hook, plugins, received, allowed, cause} = readParts(options);
    super(
      `[${printable(where)}] ${printable(message)}${hint ? `\n  ${printable(hint)}` : ''}`,
      cause === undefined ? undefined : {cause},
    );
    this.where = printable(where);
    this.code = code;
    this.problem = printable(message);
    this.hint = hint === undefined ? undefined : printable(hint);
    this.option = option === undefined ? undefined : printable(option);
    this.hook = hook === undefined ? undefined : printable(hook);
    this.plugins = plugins?.map(printable);
    this.received = received === undefined ? undefined : toJson(received);
    this.allowed = allowed;
    Object.defineProperty(this, brand, {value: true});
  }

  /** True for errors of any installed copy of this package, where `instanceof` is not. */
  static isInstance(error: unknown): error is RegularizerError {
    try {
      return typeof error === 'object' && error !== null && brand in error;
    } catch {
      // Anything can be thrown, also what cannot be looked at.
      return false;
    }
  }

  /** What it says, to be sent as JSON: `new RegularizerError(JSON.parse(text))` says the same. */
  toJSON(): RegularizerErrorData {
    const {where, code, problem, hint, option, hook, plugins, received, allowed} = this;
    return {
      where,
      code,
      message: problem,
      ...(hint === undefined ? {} : {hint}),
      ...(option === undefined ? {} : {option}),
      ...(hook === undefined ? {} : {hook}),
      ...(plugins === undefined ? {} : {plugins}),
      ...(received === undefined ? {} : {received}),
      ...(allowed === undefined ? {} : {allowed}),
    };
  }
}

/** What an error is made from is often read out of JSON, which may hold anything. */
function readParts(given: RegularizerErrorOptions): RegularizerErrorOptions {
  const parts = partsOf(given);
  if (parts) return parts;
  throw new RegularizerError({
    where: 'RegularizerError',
    code: 'not-an-error',
    message: `an error is made from {where, code, message}, which are texts; received ${describeValue(given)}`,
    received: given,
  });
}

function partsOf(given: RegularizerErrorOptions): RegularizerErrorOptions | undefined {
  const isText = (value: unknown): boolean => typeof value === 'string';
  try {
    // Each is read once: what stands behind it may be another value the next time.
    const {where, code, message, hint, option, hook, plugins, received, allowed, cause} = given;
    const said = [where, code, message, hint ?? '', option ?? '', hook ?? '', ...(plugins ?? [])];
    if (!said.every(isText) || (plugins !== undefined && !Array.isArray(plugins))) return undefined;
    if (allowed !== undefined && !isPlainObject(allowed)) return undefined;
    return {
      where,
      code,
      message,
      ...(hint === undefined ? {} : {hint}),
      ...(option === undefined ? {} : {option}),
      ...(hook === undefined ? {} : {hook}),
      ...(plugins === undefined ? {} : {plugins: [...plugins]}),
      received,
      ...(allowed === undefined ? {} : {allowed}),
      cause,
    };
  } catch {
    return undefined;
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
