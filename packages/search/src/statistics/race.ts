import {computed, describeValue, option, RegularizerError, readOptions} from '@regularizers/core';
import {tBelow} from './distributions.ts';
import {meanOf, pairedDifference} from './paired.ts';

/** Options of {@link survivors}. */
export interface RaceOptions {
  /** Drop where a difference as large would come by chance less often than this, in (0, 1). @defaultValue 0.05 */
  readonly alpha?: number;
  /** Instances before any is dropped, 2 or more. @defaultValue 3 */
  readonly least?: number;
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
  least: option.integer({min: 2, default: 3, about: 'Instances before any is dropped.'}),
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
    const {alpha, least} = readOptions<RaceOptions, typeof described>('survivors', options, described);
    checkRace(errors);
    const running = errors
      .map((own, place) => ({own, place, mean: meanOf(own)}))
      .filter(({own}) => own.every(Number.isFinite))
      .sort((a, b) => a.mean - b.mean || a.place - b.place);
    const [best] = running;
    const isKept = (own: readonly number[]): boolean =>
      own.length < least || own === best!.own || chanceOfWorse(own, best!.own) >= alpha;
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
