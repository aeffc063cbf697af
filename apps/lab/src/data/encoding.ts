/** A column of numbers: less their mean, divided by their deviation; a missing one counts as the mean. */
interface NumericColumn {
  readonly name: string;
  readonly use: 'numeric';
  /** Of the training rows that have a value. */
  readonly mean: number;
  /** Standard deviation of the same, population; 1 where they are all alike. */
  readonly deviation: number;
  /** Whether one more input is 1 where the value is missing: where it is so in training. */
  readonly missing: boolean;
}

/** A column of categories: an input for each, which is 1 where the row is of it. */
interface CategoryColumn {
  readonly name: string;
  readonly use: 'category';
  /** Those of the training rows, in order; any other is 0 everywhere. */
  readonly values: readonly string[];
  /** Whether a missing value is a category of its own, the last: where there is one in training. */
  readonly missing: boolean;
}

/** What becomes of a column. */
export type ColumnEncoding =
  | NumericColumn
  | CategoryColumn
  | {readonly name: string; readonly use: 'ignored'; readonly why: string};

/** The column to predict, as numbers. */
export type TargetEncoding =
  | {
      readonly name: string;
      readonly use: 'classes';
      /** What the file calls each class, in their order. */
      readonly classes: readonly string[];
      /** Whether they are numbers, of which `1` and `1.0` are one. */
      readonly numeric: boolean;
    }
  | {
      readonly name: string;
      readonly use: 'value';
      /** Of the training rows: the model answers in deviations from it. */
      readonly mean: number;
      readonly deviation: number;
    };

/**
 * How a table's cells became numbers, as plain JSON: enough to do the same to new rows, and to read the answers.
 */
export interface TableEncoding {
  readonly kind: 'table';
  readonly delimiter: string;
  readonly decimal: '.' | ',';
  /** What stands for a missing value. */
  readonly missing: readonly string[];
  /** Every column of the file, in its order. */
  readonly columns: readonly ColumnEncoding[];
  /** What each of the model's inputs is. */
  readonly inputs: readonly string[];
  readonly target: TargetEncoding;
  /** Rows without a target, which are left out. */
  readonly untold: number;
}

/** How arrays and pictures became inputs, as plain JSON: each value less `mean`, divided by `deviation`. */
export interface ExamplesEncoding {
  readonly kind: 'arrays' | 'pictures';
  /** Of one input. */
  readonly shape: readonly number[];
  /** One for all values, or one for each along the last axis. */
  readonly mean: readonly number[];
  /** As many. */
  readonly deviation: readonly number[];
  readonly target: TargetEncoding;
}
