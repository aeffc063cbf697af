import {computed, describeValue, RegularizerError} from '@regularizers/core';
import {tBelow} from './distributions.ts';

/** How two ways to train differ over the same instances: seeds, or seeds and folds. */
export interface PairedDifference {
  /** Instances that both were run on. */
  readonly instances: number;
  /** Mean of the differences: below 0 where the first has less error; 0 where all are 0 but for rounding. */
  readonly mean: number;
  /** 0 where both have the same error on each instance, and only there. */
  readonly standardError: number;
  /** Degrees of freedom of the t statistic: instances less one. */
  readonly degrees: number;
  /** Probability of a mean as far from 0 as this, or farther, if there were no difference. */
  readonly p: number;
}

/**
 * The paired difference of errors, with what a t test says of it. Where all differences are one number, which errors that
 * are counted often show, it is known to a step of such errors and no better: the step's variance of rounding, q²/6 for a
 * difference, stands in for theirs, where q is the smallest step between any two of the errors.
 *
 * @param errors of one way to train, an instance each
 * @param others of the other, on the same instances in the same order
 * @param heldOut examples that an instance is judged on over those that it trains on, where instances are folds or
 *   splits of one data set: they share training data, so that their variance is s²·(1/n + heldOut) and not s²/n
 *   (Nadeau and Bengio 2003). @defaultValue 0: instances are seeds alone
 * @throws RegularizerError with code `too-few-instances` for fewer than two, `unpaired` for lists of different length,
 *   `not-errors` for what are no finite numbers
 *
 * @example
 * ```ts
 * pairedDifference([0.12, 0.1, 0.11], [0.19, 0.18, 0.2]).mean; // -0.08
 * ```
 */
export function pairedDifference(
  errors: readonly number[],
  others: readonly number[],
  heldOut = 0,
): PairedDifference {
  return computed('pairedDifference', {errors, others, heldOut}, () => {
    checkErrors(errors, 'errors');
    checkErrors(others, 'others');
    checkHeldOut(heldOut);
    if (errors.length !== others.length) {
      throw refused(
        'unpaired',
        `errors on ${errors.length} instances cannot be paired with those on ${others.length}`,
        'Give the errors of both on the same instances, in the same order.',
      );
    }
    const instances = errors.length;
    if (instances < 2) {
      throw refused(
        'too-few-instances',
        `a difference on ${instances} instance says nothing of its spread`,
        'Run both on two instances or more: on other seeds, or folds.',
      );
    }
    const all = [...errors, ...others];
    const rounding = Math.max(smallestPart * Math.max(...all.map(Math.abs)), smallest);
    const differences = errors.map((error, i) => withoutRounding(error - others[i]!, rounding));
    const mean = meanOf(differences);
    const squares = differences.reduce((sum, difference) => sum + (difference - mean) ** 2, 0);
    const degrees = instances - 1;
    const isOne = differences.every((difference) => Math.abs(difference - mean) <= rounding);
    const variance = isOne && mean !== 0 ? stepIn(all, rounding) ** 2 / 6 : squares / degrees;
    const standardError = isOne && mean === 0 ? 0 : Math.sqrt(variance * (1 / instances + heldOut));
    return {instances, mean, standardError, degrees, p: twoSided(mean, standardError, degrees)};
  });
}

/**
 * The standard error that a share of wrong answers has by itself, from the number of examples: √(e(1 − e)/n). With 200
 * examples an error of 10 % is known to 2.1 points, whatever the seeds say.
 *
 * @param error a share in [0, 1]
 * @param examples that it was counted on, 1 or more
 * @throws RegularizerError with code `not-errors`
 */
export function proportionError(error: number, examples: number): number {
  return computed('proportionError', {error, examples}, () => {
    const isShare = typeof error === 'number' && error >= 0 && error <= 1;
    if (!isShare || !Number.isInteger(examples) || examples < 1) {
      throw refused(
        'not-errors',
        `there is no share of ${describeValue(error)} among ${describeValue(examples)} examples`,
        'Give a share in [0, 1], and how many examples it was counted on.',
      );
    }
    return Math.sqrt((error * (1 - error)) / examples);
  });
}

/** What rounding leaves of a difference of 0, as a part of the errors. */
const smallestPart = 1e-12;

/** The least difference: the square of a lesser one is no number any more. */
const smallest = 1e-150;

const withoutRounding = (difference: number, rounding: number): number =>
  Math.abs(difference) <= rounding ? 0 : difference;

/** The smallest step between two of some errors, of which not all are one. */
function stepIn(errors: readonly number[], rounding: number): number {
  const sorted = errors.toSorted((a, b) => a - b);
  const steps = sorted.slice(1).map((error, i) => error - sorted[i]!);
  return Math.min(...steps.filter((step) => step > rounding));
}

/** Twice the probability of the tail. */
function twoSided(mean: number, standardError: number, degrees: number): number {
  if (mean === 0) return 1;
  return 2 * tBelow(-Math.abs(mean) / standardError, degrees);
}

/** The mean of some numbers. */
export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** @throws RegularizerError with code `not-errors` */
export function checkErrors(errors: unknown, what: string): asserts errors is readonly number[] {
  if (Array.isArray(errors) && Array.from(errors).every((error) => Number.isFinite(error))) return;
  throw refused(
    'not-errors',
    `${what} must be a list of finite numbers; received ${describeValue(errors)}`,
    'Give one error per instance; leave out what failed.',
  );
}

/** @throws RegularizerError with code `not-errors` */
function checkHeldOut(heldOut: unknown): asserts heldOut is number {
  if (typeof heldOut === 'number' && heldOut >= 0 && heldOut < Infinity) return;
  throw refused(
    'not-errors',
    `examples held out over those trained on must be a finite number of at least 0; received ${describeValue(heldOut)}`,
    'With k folds it is 1/(k − 1); 0 where all instances share their data.',
  );
}

const refused = (code: string, message: string, hint: string): RegularizerError =>
  new RegularizerError({where: 'verdicts', code, message, hint});
