import {describeValue} from './describe-value.ts';
import {RegularizerError} from './errors.ts';
import {looking, memberOf} from './given.ts';

/** An option as Keras or TensorFlow.js has it. */
export interface Elsewhere {
  /** What the option of this name must be here; left out where there is none of this name. */
  readonly must?: string;
  /** The line to write instead, or undefined for a value that is not written so. */
  line(value: unknown): string | undefined;
}

/**
 * Refuses options that are written as elsewhere, with the line to write here.
 *
 * @throws RegularizerError with code `unknown-option` or `bad-option`
 */
export function refuseElsewhere(
  where: string,
  options: unknown,
  known: Readonly<Record<string, Elsewhere>>,
): void {
  for (const [key, {must, line}] of Object.entries(known)) {
    const value = memberOf(options, key);
    const instead = value === undefined ? undefined : looking(where, key, () => line(value));
    if (instead === undefined) continue;
    throw new RegularizerError({
      where,
      code: must === undefined ? 'unknown-option' : 'bad-option',
      message:
        must === undefined
          ? `unknown option ${key}`
          : `${key} must be ${must}; received ${describeValue(value)}`,
      hint: `Write ${instead}.`,
      option: key,
      received: value,
    });
  }
}
