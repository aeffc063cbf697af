import {checkNumber} from '@regularizers/core';

/** Checks a drop rate: 1 would drop everything, and 1/(1 − rate) would be infinite. */
export function checkRate(where: string, rate: unknown): number {
  return checkNumber(where, 'rate', rate, {min: 0, max: 1, maxExclusive: true});
}
