import type {ColumnEncoding} from '../encoding.ts';
import type {CellReader} from './cells.ts';
import {type ColumnKind, columnOf} from './columns.ts';
import type {Table} from './csv.ts';
import {ownError, shown} from './own-error.ts';

/** Categories that get an input each: the most frequent ones. */
export const mostCategories = 100;

/**
 * What the training rows say of each column. No other row has a say in it.
 *
 * @param rows positions of the training rows
 * @throws RegularizerError with code `too-large` for numbers whose mean or deviation is beyond what can be written
 */
export function fitColumns(
  table: Table,
  kinds: readonly ColumnKind[],
  rows: Int32Array,
  reader: CellReader,
): readonly ColumnEncoding[] {
  return table.columns.map((name, index): ColumnEncoding => {
    const kind = kinds[index]!;
    if (kind.use === 'ignored') return {name, use: 'ignored', why: kind.why};
    const cells = columnOf(table, index);
    const present: string[] = [];
    for (const row of rows) if (!reader.isMissing(cells[row]!)) present.push(cells[row]!);
    const missing = present.length < rows.length;
    if (kind.use === 'category') return {name, use: 'category', values: categoriesOf(present), missing};
    const {mean, deviation} = standard(present.map((cell) => reader.numberIn(cell)!));
    if (!Number.isFinite(mean) || !Number.isFinite(deviation)) {
      throw ownError('too-large', table.file, 'its numbers are too large to be standardized', {column: name});
    }
    return {name, use: 'numeric', mean, deviation, missing};
  });
}

function categoriesOf(cells: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  const frequent = [...counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
  return frequent
    .slice(0, mostCategories)
    .map(([value]) => value)
    .sort();
}

/** Mean and standard deviation of a population; 0 and 1 of nothing, and 1 where all values are alike but for rounding. */
export function standard(values: ArrayLike<number>): {readonly mean: number; readonly deviation: number} {
  const {length} = values;
  if (length === 0) return {mean: 0, deviation: 1};
  let sum = 0;
  for (let at = 0; at < length; at++) sum += values[at]!;
  const mean = sum / length;
  let squares = 0;
  for (let at = 0; at < length; at++) squares += (values[at]! - mean) ** 2;
  const deviation = Math.sqrt(squares / length);
  return {mean, deviation: deviation > 10 * Number.EPSILON * Math.abs(mean) ? deviation : 1};
}

/** How many inputs a column becomes. */
function widthOf(column: ColumnEncoding): number {
  if (column.use === 'ignored') return 0;
  return (column.use === 'numeric' ? 1 : column.values.length) + (column.missing ? 1 : 0);
}

/** What each input is, in their order, such as `age`, `age missing`, `colour = red`. */
export function inputNames(columns: readonly ColumnEncoding[]): readonly string[] {
  return columns.flatMap((column) => {
    if (column.use === 'ignored') return [];
    const {name, missing} = column;
    const own = column.use === 'numeric' ? [name] : column.values.map((value) => `${name} = ${value}`);
    return missing ? [...own, `${name} missing`] : own;
  });
}

/**
 * Rows as numbers, `[rows, inputs]`: those of the file, or new ones.
 *
 * @param table its cells, in the order of the columns that were encoded
 * @param rows which of them
 * @throws RegularizerError with code `not-a-number` or `too-large`, naming row and column
 */
export function encodeRows(
  table: Pick<Table, 'file' | 'rows' | 'places'>,
  columns: readonly ColumnEncoding[],
  rows: Int32Array,
  reader: CellReader,
): Float32Array {
  const width = columns.reduce((sum, column) => sum + widthOf(column), 0);
  const x = new Float32Array(rows.length * width);
  let from = 0;
  columns.forEach((column, index) => {
    if (column.use === 'ignored') return;
    const places = new Map(column.use === 'category' ? column.values.map((value, at) => [value, at]) : []);
    const own = column.use === 'category' ? places.size : 1;
    rows.forEach((row, example) => {
      const at = example * width + from;
      const cell = table.rows[row]![index]!;
      if (reader.isMissing(cell)) {
        if (column.missing) x[at + own] = 1;
      } else if (column.use === 'category') {
        const place = places.get(cell);
        if (place !== undefined) x[at + place] = 1;
      } else {
        const value = reader.numberIn(cell);
        x[at] = ((value ?? Number.NaN) - column.mean) / column.deviation;
        if (!Number.isFinite(x[at])) {
          throw ownError(
            value === undefined ? 'not-a-number' : 'too-large',
            table.file,
            `${shown(cell)} is ${value === undefined ? 'no number' : 'too far from the others'}`,
            {row: table.places[row]!, column: column.name},
          );
        }
      }
    });
    from += widthOf(column);
  });
  return x;
}
