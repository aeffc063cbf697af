import type {DataSet, Split, SplitName} from '../data-set.ts';
import type {TableEncoding, TargetEncoding} from '../encoding.ts';
import type {SplitSizes} from '../splits.ts';
import {cellReader, missingWords} from './cells.ts';
import {columnKinds, indexOfColumn} from './columns.ts';
import type {Table} from './csv.ts';
import {encodeRows, fitColumns, inputNames} from './encoding.ts';
import type {CsvOptions} from './options.ts';
import {ownError, shown} from './own-error.ts';
import {splitRows, splitSizes, tenths} from './split-rows.ts';
import {fitTarget, readTargets, type Targets, type Task} from './target.ts';

/** Data of one's own, and what its recipe left to be found out. */
export interface TableData {
  readonly data: DataSet;
  readonly task: Task;
  readonly sizes: SplitSizes;
}

/** What a table's data is made by. */
export type TableOptions = Omit<CsvOptions, 'name' | 'file' | 'sha256' | 'labelNoise'>;

/**
 * A table as data to learn from. Kinds of columns are those of all rows; every constant is of the training rows alone.
 *
 * @param name what a person calls the data
 * @throws RegularizerError with a code that says what is wrong with the table, naming file, row and column
 *
 * @example
 * ```ts
 * const table = parseCsv(await file.text(), file.name);
 * const {data} = tableData(file.name, table, {target: 'species', seed: 0});
 * ```
 */
export function tableData(name: string, table: Table, options: TableOptions): TableData {
  const {target, task, columns: asked, missing = []} = options;
  const reader = cellReader(table, missing);
  const index = indexOfColumn(table, target);
  const told = withTarget(table, index, reader.isMissing);
  const kinds = columnKinds(told, target, asked, reader);
  const targets = readTargets(told, index, task, reader);
  const sizes = splitSizes(told.rows.length, options, table.file);
  const isClasses = targets.task === 'classification';
  const rows = splitRows(isClasses ? targets.values : tenths(targets.values), sizes, options);
  const columns = fitColumns(told, kinds, rows.train, reader);
  const encoded = fitTarget(table.file, target, targets, rows.train);
  const inputs = inputNames(columns);
  if (inputs.length === 0) {
    throw ownError('no-inputs', table.file, 'its columns are empty in the rows to train on');
  }
  const split = <Values extends Int32Array | Float32Array>(
    part: SplitName,
    targetsOf: (rows: Int32Array) => Values,
  ): Split<Values> => ({
    size: rows[part].length,
    x: encodeRows(told, columns, rows[part], reader),
    y: targetsOf(rows[part]),
  });
  const splits = <Values extends Int32Array | Float32Array>(of: (rows: Int32Array) => Values) => ({
    train: split('train', of),
    validation: split('validation', of),
    test: split('test', of),
  });
  const encoding: TableEncoding = {
    kind: 'table',
    delimiter: table.delimiter,
    decimal: table.decimal,
    missing: [...missingWords, ...missing],
    columns,
    inputs,
    target: encoded,
    untold: table.rows.length - told.rows.length,
  };
  const common = {name, description: describe(told, encoded), inputShape: [inputs.length], encoding};
  const data: DataSet = isClasses
    ? {
        ...common,
        kind: 'classification',
        classes: targets.classes.length,
        classNames: targets.classes,
        ...splits((rows) => Int32Array.from(rows, (row) => targets.values[row]!)),
      }
    : {
        ...common,
        kind: 'regression',
        targetShape: [1],
        ...splits((rows) => standardized(targets, encoded, rows)),
      };
  return {data, task: targets.task, sizes};
}

/** The rows that have a target. */
function withTarget(table: Table, index: number, isMissing: (cell: string) => boolean): Table {
  const kept = table.rows.flatMap((row, at) => (isMissing(row[index]!) ? [] : [at]));
  if (kept.length === 0) {
    throw ownError('empty-file', table.file, 'no row has a value of it', {column: table.columns[index]!});
  }
  return {...table, rows: kept.map((at) => table.rows[at]!), places: kept.map((at) => table.places[at]!)};
}

function standardized({values}: Targets, target: TargetEncoding, rows: Int32Array): Float32Array {
  if (target.use !== 'value') return new Float32Array();
  return Float32Array.from(rows, (row) => (values[row]! - target.mean) / target.deviation);
}

function describe({file, rows}: Table, target: TargetEncoding): string {
  const what =
    target.use === 'classes'
      ? `which of ${target.classes.length} classes ${shown(target.name)} is`
      : `${shown(target.name)}, in standard deviations from its mean`;
  return `${rows.length} rows of ${file}; the target is ${what}.`;
}
