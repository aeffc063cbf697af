/** One line of a comparison: a recipe over several seeds. */
export interface ComparisonRow {
  readonly name: string;
  /** How many runs the means are over. */
  readonly seeds: number;
  /** Share of the test examples that are wrong, in [0, 1]; for regression the test loss. */
  readonly testErrorMean: number;
  /** Standard error of that mean; 0 for one seed. */
  readonly testErrorStandardError: number;
  /** Test error minus training error. */
  readonly gap: number;
  /** Mean duration of one run. */
  readonly seconds: number;
}

/** A recipe of which runs failed. */
export interface FailureRow {
  readonly name: string;
  /** How many of its runs failed. */
  readonly seeds: number;
  /** The sentence of the first one's error. */
  readonly failure: string;
}

/** The row that others are held against; none where it failed. */
export const baselineOf = (rows: readonly ComparisonRow[]): ComparisonRow | undefined =>
  rows.find(({name}) => name === 'baseline');

/** `failed on 2 seeds: …` */
export const formatFailure = ({seeds, failure}: FailureRow): string =>
  `failed on ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}: ${failure}`;

/** What the numbers of a comparison are: shares of wrong answers, or losses. */
export type Measure = 'error' | 'loss';

/** One epoch of a run, as the trainer's history holds it. */
export interface HistoryPoint {
  readonly epoch: number;
  readonly train: {
    readonly loss: number;
    readonly penalty: number;
    readonly objective: number;
    readonly accuracy?: number | undefined;
  };
  readonly validation?: {readonly loss: number; readonly accuracy?: number | undefined} | undefined;
  readonly seconds: number;
}

/** The histories of one recipe, one per seed. */
export interface RunCurves {
  readonly name: string;
  readonly histories: readonly (readonly HistoryPoint[])[];
}

/** `12.34 %` for an error, four digits for a loss. */
export function formatMeasure(value: number, measure: Measure): string {
  return measure === 'error' ? `${(100 * value).toFixed(2)} %` : value.toPrecision(4);
}

/** `12.34 ± 0.56 %`, without the ± for a single seed. */
export function formatMean(row: ComparisonRow, measure: Measure): string {
  const scale = measure === 'error' ? 100 : 1;
  const digits = (value: number): string =>
    measure === 'error' ? (scale * value).toFixed(2) : value.toPrecision(4);
  const error = row.seeds > 1 ? ` ± ${digits(row.testErrorStandardError)}` : '';
  return `${digits(row.testErrorMean)}${error}${measure === 'error' ? ' %' : ''}`;
}

/** What every table of a comparison says of a recipe, in order. */
export const comparisonHead = (measure: Measure): readonly [error: string, ...more: string[]] => [
  `test ${measure}`,
  'gap',
  'seeds',
  'time per run',
];

/** A row under {@link comparisonHead}. */
export const comparisonCells = (
  row: ComparisonRow,
  measure: Measure,
): readonly [error: string, ...more: string[]] => [
  formatMean(row, measure),
  formatMeasure(row.gap, measure),
  String(row.seeds),
  formatSeconds(row.seconds),
];

/** `0.85 s`, `12.3 s`, `4 min 05 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds >= 99.5) {
    const whole = Math.round(seconds);
    return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  }
  return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
}
