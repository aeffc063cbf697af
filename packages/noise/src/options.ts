import {checkNumber, describeValue, RegularizerError} from '@regularizers/core';

/** The name that every technique's options take. */
export interface Named<Name extends string> {
  /** Name of the plugin: two of one technique in a trainer need different ones. @defaultValue the technique's */
  readonly name?: Name;
}

/** The plugin's name: the user's, or that of the technique, which is what `Name` is where none is given. */
export function nameOf<Name extends string>({name}: Named<Name>, technique: string): Name {
  return name ?? (technique as Name);
}

/** Checks a standard deviation. */
export function checkSigma(where: string, sigma: unknown): number {
  return checkNumber(where, 'sigma', sigma, {min: 0});
}

/** Checks the form of a selector; what it selects is checked against the model. */
export function checkSelector(where: string, option: string, selector: unknown): void {
  if (isSelector(selector)) return;
  throw new RegularizerError({
    where,
    code: 'not-a-selector',
    message: `${option} must be a name, a glob, a predicate or a list of those; received ${describeValue(selector)}`,
  });
}

function isSelector(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isSelector);
  return typeof value === 'string' || typeof value === 'function';
}
