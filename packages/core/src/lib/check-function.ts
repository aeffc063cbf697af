import {describeValue} from './describe-value.ts';
import {RegularizerError} from './errors.ts';

/**
 * Checks something that is to be called back; what it throws when it is called is its own.
 *
 * @param where who is going to call it
 * @param what what it is, for the message
 * @throws RegularizerError with code `not-a-function`
 */
export function checkFunction(where: string, what: string, value: unknown): void {
  if (typeof value === 'function') return;
  throw new RegularizerError({
    where,
    code: 'not-a-function',
    message: `${what} must be a function; received ${describeValue(value)}`,
    received: value,
  });
}
