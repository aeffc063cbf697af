import {describeValue, RegularizerError} from '@regularizers/core';

/**
 * Checks an option that is true or false.
 *
 * @throws RegularizerError with code `not-a-flag`
 */
export function checkFlag(where: string, option: string, value: unknown): void {
  if (typeof value === 'boolean') return;
  throw new RegularizerError({
    where,
    code: 'not-a-flag',
    message: `${option} must be true or false; received ${describeValue(value)}`,
  });
}

/**
 * Checks the form of `include`; what it selects is checked against the model.
 *
 * @throws RegularizerError with code `not-a-selector`
 */
export function checkSelector(where: string, include: unknown): void {
  if (include === undefined || isSelector(include)) return;
  throw new RegularizerError({
    where,
    code: 'not-a-selector',
    message: `include must be a name, a glob, a predicate or a list of those; received ${describeValue(include)}`,
  });
}

function isSelector(value: unknown): boolean {
  return Array.isArray(value)
    ? value.every(isSelector)
    : typeof value === 'string' || typeof value === 'function';
}
