import {pairedDifference} from '@regularizers/search';
import {formatMeasure, type Measure} from '../../report/rows.ts';
import {isWhole, type RunRow} from './rows.ts';

/** How a row's test error differs from the baseline's, seed by seed. */
export interface Against {
  /** Below 0 where the row has less error. */
  readonly mean: number;
  /** Undefined on a single seed. */
  readonly standardError: number | undefined;
  readonly seeds: number;
  /** Of so large a difference by chance, by a paired t test; undefined on a single seed. */
  readonly p: number | undefined;
}

/** The row that is pinned, else the oldest one without regularizers. */
export function baselineAmong(rows: readonly RunRow[], pinned: string | undefined): RunRow | undefined {
  const isPlain = ({recipe, test}: RunRow): boolean => recipe.regularizers.length === 0 && test !== undefined;
  return rows.find(({key}) => key === pinned) ?? rows.findLast(isPlain);
}

/**
 * A row against the baseline, on the seeds that both were run with.
 *
 * @returns undefined where they were judged by other data or another measure, or have no seed in common
 */
export function against(row: RunRow, baseline: RunRow): Against | undefined {
  if (
    row.measure === undefined ||
    row.measure !== baseline.measure ||
    row.runs[0]?.data !== baseline.runs[0]?.data
  ) {
    return undefined;
  }
  const errors = ({runs}: RunRow): ReadonlyMap<number, number> =>
    new Map(runs.flatMap((run) => (run.report ? [[run.recipe.seed, run.report.testError] as const] : [])));
  const [mine, others] = [errors(row), errors(baseline)];
  const seeds = [...mine.keys()].filter((seed) => others.has(seed));
  if (seeds.length === 0) return undefined;
  const [first, second] = [seeds.map((seed) => mine.get(seed)!), seeds.map((seed) => others.get(seed)!)];
  if (seeds.length === 1) {
    return {mean: first[0]! - second[0]!, standardError: undefined, seeds: 1, p: undefined};
  }
  const {mean, standardError, p} = pairedDifference(first, second);
  return {mean, standardError, p, seeds: seeds.length};
}

/** `−1.23 ± 0.20 %`: a difference in points of the error, or in the loss. */
export function againstText({mean, standardError}: Against, measure: Measure): string {
  const sign = mean < 0 ? '−' : '+';
  const size = Math.abs(mean);
  if (standardError === undefined) return `${sign}${formatMeasure(size, measure)}`;
  if (measure === 'error') return `${sign}${(100 * size).toFixed(2)} ± ${(100 * standardError).toFixed(2)} %`;
  return `${sign}${size.toPrecision(3)} ± ${standardError.toPrecision(2)}`;
}

/** How sure the difference is, in a sentence. */
export function againstWords({seeds, p}: Against): string {
  if (p === undefined) return 'On one seed, which says nothing of chance.';
  const chance = p < 0.001 ? 'less than 0.001' : p.toPrecision(2);
  return `Paired over ${seeds} seeds. The probability of so large a difference by chance alone: ${chance}.`;
}

/** The seeds that a recipe was run with to the end. */
export const seedsOf = ({runs}: RunRow): readonly number[] =>
  runs.filter(isWhole).map(({recipe}) => recipe.seed);
