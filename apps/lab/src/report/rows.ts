import type {Verdict} from '@regularizers/search';

/** A mean over seeds. */
export interface Estimate {
  readonly mean: number;
  /** Of that mean; 0 for one seed. */
  readonly standardError: number;
}

/** One line of a comparison: a recipe over several seeds. */
export interface ComparisonRow {
  readonly name: string;
  /** How many runs the means are over. */
  readonly seeds: number;
  /** Share of the validation examples that are wrong, in [0, 1]; for regression the validation loss. */
  readonly validation: Estimate;
  /** The same of the test examples, by which nothing is chosen. */
  readonly test: Estimate;
  /** Of the test error, paired by seed; left out of the baseline, and where there is too little to pair. */
  readonly againstBaseline?: Verdict;
  /** The same against the table's reference. */
  readonly againstReference?: Verdict;
  /** Test error less the error on the training labels as they were given. */
  readonly gap: number;
  /** Mean duration of one run. */
  readonly seconds: number;
}

/** A table of a comparison, and what it is of. */
export interface TableReport {
  /** What tells it from the other tables; empty where it is alone. */
  readonly name: string;
  readonly measure: Measure;
  /** Share of the labels of training and validation that are wrong. */
  readonly labelNoise: number;
  /** How many examples test errors were counted on; left out where nothing is finished. */
  readonly testExamples?: number;
  /** The row that others are held against beside the baseline. */
  readonly reference?: string;
  readonly rows: readonly ComparisonRow[];
  readonly failures: readonly FailureRow[];
}

/** A recipe of which runs failed. */
export interface FailureRow {
  readonly name: string;
  /** How many of its runs failed. */
  readonly seeds: number;
  /** The sentence of the first one's error. */
  readonly failure: string;
}

/** What the row is called that others are held against. */
export const baseline = 'baseline';

/** The row that others are held against; none where it failed. */
export const baselineOf = (rows: readonly ComparisonRow[]): ComparisonRow | undefined =>
  rows.find(({name}) => name === baseline);

/** The row that one would choose: of the least validation error, among those that all seeds were run of. */
export function chosenOf(rows: readonly ComparisonRow[]): ComparisonRow | undefined {
  const most = Math.max(...rows.map(({seeds}) => seeds));
  return rows
    .filter(({seeds}) => seeds === most)
    .reduce<ComparisonRow | undefined>(
      (least, row) => (least && least.validation.mean <= row.validation.mean ? least : row),
      undefined,
    );
}

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
  readonly validation?: Evaluated | undefined;
  readonly seconds: number;
}

/** What an evaluation came to. */
export interface Evaluated {
  readonly loss: number;
  readonly accuracy?: number | undefined;
}

/** The histories of one recipe, one per seed and member. */
export interface RunCurves {
  readonly name: string;
  readonly histories: readonly (readonly HistoryPoint[])[];
  /** Training as it is evaluated at the end, per seed. @defaultValue it is not drawn */
  readonly evaluated?: readonly Evaluated[];
}

/** `12.34 %` for an error, four digits for a loss. */
export function formatMeasure(value: number, measure: Measure): string {
  return measure === 'error' ? `${(100 * value).toFixed(2)} %` : value.toPrecision(4);
}

/** `12.34 ± 0.56 %`, without the ± for a single seed. */
export function formatEstimate({mean, standardError}: Estimate, seeds: number, measure: Measure): string {
  const error = seeds > 1 ? ` ± ${digits(standardError, measure)}` : '';
  return `${digits(mean, measure)}${error}${measure === 'error' ? ' %' : ''}`;
}

const digits = (value: number, measure: Measure): string =>
  measure === 'error' ? (100 * value).toFixed(2) : value.toPrecision(4);

/** `−3.21`, of a share in points. */
const formatDifference = (value: number, measure: Measure): string =>
  `${value < 0 ? '−' : '+'}${digits(Math.abs(value), measure)}`;

/** `−3.21 ± 0.40 helps`; what is within chance says from where on it would not have been. */
export function formatVerdict(
  {mean, interval: [low, high], word, smallest = 0, instances}: Verdict,
  measure: Measure,
): string {
  if (word === 'same') return sameText(instances);
  const half = digits((high - low) / 2, measure);
  const limit = word === 'within chance' ? ` (from ${digits(smallest, measure)})` : '';
  return `${formatDifference(mean, measure)} ± ${half} ${word}${limit}`;
}

/** What is said of errors that are equal, seed by seed. */
export const sameText = (seeds: number): string => `the same on all ${seeds} seeds`;

/** What a cell of a table says, and whether for good or ill. */
export interface CellText {
  readonly text: string;
  readonly tone?: 'helps' | 'hurts';
}

/** What every table of a comparison says of a recipe, in order. */
export const comparisonHead = ({measure, reference, labelNoise}: TableReport): readonly string[] => [
  `validation ${measure}`,
  `test ${measure}`,
  'against baseline',
  ...(reference === undefined ? [] : [`against ${reference}`]),
  labelNoise > 0 ? 'gap to given labels' : 'gap',
  'time per run',
];

/** A row under {@link comparisonHead}. */
export function comparisonCells(row: ComparisonRow, report: TableReport): readonly CellText[] {
  const {measure, rows, reference} = report;
  const {seeds, validation, test, againstBaseline, againstReference, gap, seconds} = row;
  const from = rows.find(({name}) => name === reference);
  return [
    {text: formatEstimate(validation, seeds, measure)},
    {text: formatEstimate(test, seeds, measure)},
    differenceCell(row, baselineOf(rows), againstBaseline, measure),
    ...(reference === undefined ? [] : [differenceCell(row, from, againstReference, measure)]),
    {text: formatMeasure(gap, measure)},
    {text: formatSeconds(seconds)},
  ];
}

function differenceCell(
  row: ComparisonRow,
  other: ComparisonRow | undefined,
  verdict: Verdict | undefined,
  measure: Measure,
): CellText {
  if (!other || other === row) return {text: ''};
  if (!verdict) return {text: `${formatDifference(row.test.mean - other.test.mean, measure)}, no verdict`};
  const {word} = verdict;
  return {
    text: formatVerdict(verdict, measure),
    ...(word === 'helps' || word === 'hurts' ? {tone: word} : {}),
  };
}

/** `0.85 s`, `12.3 s`, `4 min 05 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds >= 99.5) {
    const whole = Math.round(seconds);
    return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  }
  return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
}
