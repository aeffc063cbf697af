import {computed, describeValue, option, RegularizerError, readOptions} from '@regularizers/core';
import {power, tQuantile} from './distributions.ts';
import {checkErrors, meanOf, type PairedDifference, pairedDifference} from './paired.ts';

/**
 * What can be said of a difference, for a person. `same` is an error that is the baseline's on every instance: what was tried
 * did nothing, or nothing that these errors show.
 */
export type VerdictWord = 'helps' | 'within chance' | 'same' | 'hurts';

/** A way to train, and its errors. */
export interface VerdictRow {
  readonly name: string;
  /** On each instance, in the baseline's order. */
  readonly errors: readonly number[];
}

/** Options of {@link verdicts}. */
export interface VerdictOptions {
  /** How sure all verdicts together are, in (0, 1). @defaultValue 0.95 */
  readonly confidence?: number;
  /**
   * Where instances are folds or splits of one data set: examples held out over those trained on, 1/(k − 1) for k
   * folds. @defaultValue 0
   */
  readonly heldOut?: number;
}

/** One row's comparison with the baseline. */
export interface Verdict extends PairedDifference {
  readonly name: string;
  /** Mean error. */
  readonly error: number;
  readonly baseline: number;
  readonly word: VerdictWord;
  /** Of the difference, widened for the number of rows: it leaves out 0 exactly where the word is 'helps' or 'hurts'. */
  readonly interval: readonly [low: number, high: number];
  /** p after Holm's correction for the number of rows. */
  readonly corrected: number;
  /** Instances on which the row has less error than the baseline. */
  readonly better: number;
  /**
   * The smallest true difference that would be found 4 times in 5, with so many instances and this spread; left out of
   * what is the same, which has none.
   */
  readonly smallest?: number;
}

const described = {
  confidence: option.number({
    min: 0,
    minExclusive: true,
    max: 1,
    maxExclusive: true,
    default: 0.95,
    about: 'How sure all verdicts together are.',
  }),
  heldOut: option.number({
    min: 0,
    default: 0,
    about: 'Examples held out over those trained on, where instances are folds.',
  }),
};

/**
 * Judges rows of a table against a baseline: paired by instance, a t interval with the right degrees of freedom, and
 * Holm's correction over the rows, so that of a table without any effect all verdicts are 'within chance' as often as
 * `confidence` says.
 *
 * @param baseline its errors, an instance each
 * @throws RegularizerError as {@link pairedDifference}, with code `no-rows`, or for options that are none
 *
 * @example
 * ```ts
 * const [l2] = verdicts([{name: 'l2', errors: [0.12, 0.13, 0.12]}], [0.19, 0.2, 0.18]);
 * l2.word; // 'helps'
 * ```
 */
export function verdicts(
  rows: readonly VerdictRow[],
  baseline: readonly number[],
  options: VerdictOptions = {},
): readonly Verdict[] {
  return computed('verdicts', {rows, baseline, options}, () => {
    const {confidence, heldOut} = readOptions<VerdictOptions, typeof described>(
      'verdicts',
      options,
      described,
    );
    checkErrors(baseline, 'errors of the baseline');
    checkRows(rows);
    const differences = rows.map(({errors}) => pairedDifference(errors, baseline, heldOut));
    const steps = holm(
      differences.map(({p}) => p),
      1 - confidence,
    );
    return rows.map(({name, errors}, row) => {
      const difference = differences[row]!;
      const {corrected, level} = steps[row]!;
      const {mean, standardError, degrees} = difference;
      const critical = tQuantile(1 - level / 2, degrees);
      const isFound = corrected <= 1 - confidence;
      const isSame = standardError === 0;
      return {
        ...difference,
        name,
        error: meanOf(errors),
        baseline: meanOf(baseline),
        word: isFound ? (mean < 0 ? 'helps' : 'hurts') : isSame ? 'same' : 'within chance',
        interval: [mean - critical * standardError, mean + critical * standardError],
        corrected,
        better: errors.filter((error, i) => error < baseline[i]!).length,
        ...(isSame ? {} : {smallest: detectable(critical, degrees) * standardError}),
      };
    });
  });
}

function checkRows(rows: unknown): asserts rows is readonly VerdictRow[] {
  if (Array.isArray(rows) && rows.length > 0) return;
  throw new RegularizerError({
    where: 'verdicts',
    code: 'no-rows',
    message: `there are no rows to judge in ${describeValue(rows)}`,
    hint: "Give a list such as [{name: 'l2', errors: [0.1, 0.2]}].",
  });
}

/** What Holm's procedure makes of one p. */
interface HolmStep {
  /** Compared with the level of all rows together. */
  readonly corrected: number;
  /** The level of this row's own interval, so that it leaves out 0 where the row is found. */
  readonly level: number;
}

/**
 * Holm's step-down correction (1979). A row that is found has an interval of the level that it was found at; all
 * others have that of the first which was not.
 *
 * @param ps one per row
 * @param alpha how often any row may be found where there is nothing
 */
function holm(ps: readonly number[], alpha: number): readonly HolmStep[] {
  const order = ps.map((_, i) => i).sort((a, b) => ps[a]! - ps[b]!);
  const steps: HolmStep[] = [];
  let corrected = 0;
  let level = alpha;
  let isOver = false;
  for (const [rank, row] of order.entries()) {
    const left = ps.length - rank;
    corrected = Math.min(1, Math.max(corrected, ps[row]! * left));
    if (!isOver) level = alpha / left;
    isOver ||= corrected > alpha;
    steps[row] = {corrected, level};
  }
  return steps;
}

const wantedPower = 0.8;

/** The power of a test takes long to compute, and tables have few levels. */
const known = new Map<string, number>();

/** How far from 0 a mean must be, in standard errors, to be found with the wanted power. */
function detectable(critical: number, degrees: number): number {
  const key = `${critical} ${degrees}`;
  const found = known.get(key) ?? centreOf(critical, degrees);
  known.set(key, found);
  return found;
}

/** By bisection, to a relative 1e-9. */
function centreOf(critical: number, degrees: number): number {
  let [low, high] = [0, critical + 1];
  while (power(critical, degrees, high) < wantedPower) high *= 2;
  while (high - low > 1e-9 * high) {
    const middle = (low + high) / 2;
    if (power(critical, degrees, middle) < wantedPower) low = middle;
    else high = middle;
  }
  return high;
}
