import {checkNumber} from '@regularizers/core';

/** Checks a standard deviation. */
export function checkSigma(where: string, sigma: unknown): number {
  return checkNumber(where, 'sigma', sigma, {min: 0});
}
