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
