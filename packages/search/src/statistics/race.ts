import {computed, describeValue, option, RegularizerError, readOptions} from '@regularizers/core';
import {normalBelow, tBelow} from './distributions.ts';
import {meanOf, pairedDifference} from './paired.ts';

/**
 * The standard deviation of a difference on one instance, of candidates that all ran on the same ones: what is left of
 * errors without each candidate's and each instance's mean. Undefined of a single candidate or instance.
 */
export function spreadOf(errors: readonly (readonly number[])[]): number | undefined {
  const instances = errors[0]?.length ?? 0;
  if (errors.length < 2 || instances < 2) return undefined;
  const own = errors.map(meanOf);
  const grand = meanOf(own);
  const each = Array.from({length: instances}, (_, i) => meanOf(errors.map((row) => row[i]!)));
  const squares = errors.flatMap((row, j) =>
    row.map((error, i) => (error - own[j]! - each[i]! + grand) ** 2),
  );
  const degrees = (errors.length - 1) * (instances - 1);
  return Math.sqrt((2 * squares.reduce((sum, square) => sum + square, 0)) / degrees);
}

/** Options of {@link survivors}. */
export interface RaceOptions {
  /** Drop where a difference as large would come by chance less often than this, in (0, 1). @defaultValue 0.05 */
  readonly alpha?: number;
  /** Instances before a candidate's own spread counts, 2 or more. @defaultValue 3 */
  readonly least?: number;
  /**
   * The standard deviation of a difference on one instance, where earlier candidates have told it: with it, what is far
   * behind is dropped before there are `least` instances. @defaultValue none is dropped until then
   */
  readonly spread?: number;
}

const described = {
  alpha: option.number({
    min: 0,
    minExclusive: true,
    max: 1,
    maxExclusive: true,
    default: 0.05,
    about: 'Drop where a difference as large would come by chance less often than this.',
  }),
  least: option.integer({min: 2, default: 3, about: "Instances before a candidate's own spread counts."}),
  spread: option.number({min: 0, about: 'The standard deviation of a difference on one instance.'}),
};

/**
 * Which candidates of a race go on (after Birattari 2002): all have run on the same instances, and those are dropped
 * that a paired, one-sided t test says are worse than the best. What failed on an instance, with an error that is not
 * finite, is dropped at once.
 *
 * @param errors of each candidate, on the same instances in the same order
 * @returns their places, the best first
 * @throws RegularizerError with code `not-errors` for what are no lists of numbers of one length, or for options that
 *   are none
 *
 * @example
 * ```ts
 * survivors([[0.2, 0.21, 0.19], [0.1, 0.12, 0.1], [0.11, 0.11, 0.11]]); // [1, 2]
 * ```
 */
export function survivors(
  errors: readonly (readonly number[])[],
  options: RaceOptions = {},
): readonly number[] {
  return computed('survivors', {errors, options}, () => {
    const {alpha, least, spread} = readOptions<RaceOptions, typeof described>(
      'survivors',
      options,
      described,
    );
    checkRace(errors);
    const running = errors
      .map((own, place) => ({own, place, mean: meanOf(own)}))
      .filter(({own}) => own.every(Number.isFinite))
      .sort((a, b) => a.mean - b.mean || a.place - b.place);
    const [best] = running;
    const isKept = (own: readonly number[]): boolean => {
      if (own === best!.own) return true;
      if (own.length >= least) return chanceOfWorse(own, best!.own) >= alpha;
      if (spread === undefined || own.length === 0) return true;
      const difference = meanOf(own) - meanOf(best!.own);
      return difference <= 0 || normalBelow((-difference * Math.sqrt(own.length)) / spread) >= alpha;
    };
    return running.filter(({own}) => isKept(own)).map(({place}) => place);
  });
}

/** The probability of a mean as far above as this, or farther, if there were no difference. */
function chanceOfWorse(own: readonly number[], best: readonly number[]): number {
  const {mean, standardError, degrees} = pairedDifference(own, best);
  return mean === 0 ? 0.5 : tBelow(-mean / standardError, degrees);
}

function checkRace(errors: unknown): asserts errors is readonly (readonly number[])[] {
  const lists: readonly unknown[] = Array.isArray(errors) ? Array.from(errors) : [undefined];
  const isNumbers = (list: unknown): list is readonly number[] =>
    Array.isArray(list) && Array.from(list).every((error) => typeof error === 'number');
  const [first] = lists;
  if (lists.every((list) => isNumbers(list) && list.length === (first as readonly number[]).length)) return;
  throw new RegularizerError({
    where: 'survivors',
    code: 'not-errors',
    message: `a race needs a list of errors for each candidate, all of one length; received ${describeValue(errors)}`,
    hint: 'Give the errors of all candidates on the same instances.',
  });
}
