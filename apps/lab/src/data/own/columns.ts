import {type CellReader, cellReader, isDate, isGrouped} from './cells.ts';
import type {Table} from './csv.ts';
import type {CsvOptions} from './options.ts';
import {listed, ownError, shown} from './own-error.ts';

/** What becomes of a column, and why where nothing does. */
export type ColumnKind =
  | {readonly use: 'numeric' | 'category'}
  | {readonly use: 'ignored'; readonly why: string};

/** The values of a column, row by row. */
export const columnOf = ({rows}: Pick<Table, 'rows'>, index: number): readonly string[] =>
  rows.map((row) => row[index]!);

/**
 * What becomes of each column: what the user says, else what it looks like. Only whether values are numbers, and how many
 * different ones there are, is looked at: no constant comes of it.
 *
 * @param table the rows that have a target
 * @param target the column that is none of the inputs
 * @throws RegularizerError with code `no-such-column`, `not-a-number` or `no-inputs`
 */
export function columnKinds(
  table: Table,
  target: string,
  asked: CsvOptions['columns'] = {},
  reader: CellReader,
): readonly ColumnKind[] {
  for (const name of Object.keys(asked)) indexOfColumn(table, name);
  const kinds = table.columns.map((name, index): ColumnKind => {
    if (name === target) return {use: 'ignored', why: 'it is the target'};
    const use = Object.hasOwn(asked, name) ? asked[name] : undefined;
    if (use === 'ignored') return {use, why: 'as asked'};
    const kind = use === undefined ? inferred(table, index, reader) : {use};
    if (kind.use === 'numeric') checkNumbers(table, index, reader);
    return kind;
  });
  if (kinds.some(({use}) => use !== 'ignored')) return kinds;
  const whys = kinds.map(
    (kind, index) => `${shown(table.columns[index]!)}: ${'why' in kind ? kind.why : ''}`,
  );
  throw ownError('no-inputs', table.file, `it has no column to predict ${shown(target)} from`, {
    hint: `Ignored are ${whys.slice(0, 10).join('; ')}. Say what is to be used: data.columns, --column name=numeric.`,
  });
}

/** @throws RegularizerError with code `no-such-column` */
export function indexOfColumn({file, columns}: Table, name: string): number {
  const index = columns.indexOf(name);
  if (index >= 0) return index;
  throw ownError('no-such-column', file, `there is no column ${shown(name)}`, {
    hint: columns.some((column) => cellReader({decimal: '.'}).numberIn(column) !== undefined)
      ? `Its first row is ${listed(columns)}: put a row with the names of the columns on top.`
      : `There are ${listed(columns)}.`,
  });
}

const fewRows = 10;
const manyValues = 10;
/** A column that is numbers but for so small a share has mistakes in it. */
const strays = 0.1;

function inferred(table: Table, index: number, reader: CellReader): ColumnKind {
  const cells = columnOf(table, index);
  const present = cells.filter((cell) => !reader.isMissing(cell));
  const different = new Set(present).size;
  const ignored = (why: string): ColumnKind => ({use: 'ignored', why});
  if (present.length === 0) return ignored('it is empty');
  if (different === 1 && present.length === cells.length)
    return ignored(`it is always ${shown(present[0]!)}`);
  const isLong = present.length >= fewRows;
  if (
    isLong &&
    different === cells.length &&
    /(^|[_\s.-])(id|uuid|guid|index)$|[a-z]I[dD]$/i.test(table.columns[index]!)
  ) {
    return ignored('an id: each row has another one');
  }
  const numbers = present.map(reader.numberIn).filter((value) => value !== undefined);
  if (numbers.length === present.length) {
    const counts =
      isLong &&
      cells.length === present.length &&
      numbers.every((value, row) => Number.isInteger(value) && value === numbers[0]! + row);
    return counts ? ignored('an id: it counts the rows') : {use: 'numeric'};
  }
  if (isLong && present.every(isDate)) {
    return ignored(
      'dates: make numbers of them if they matter, and know that rows are split at random, not by time',
    );
  }
  if (present.length - numbers.length <= strays * present.length) return {use: 'numeric'}; // whose strays are then told
  if (
    present.some(isGrouped) &&
    present.every((cell) => isGrouped(cell) || reader.numberIn(cell) !== undefined)
  ) {
    return ignored(
      `numbers with separators of thousands, such as ${shown(present.find(isGrouped)!)}: write them without`,
    );
  }
  if (different > manyValues && different > present.length / 2) {
    return ignored(`an id or free text: ${different} different values in ${present.length} rows`);
  }
  return {use: 'category'};
}

function checkNumbers(table: Table, index: number, reader: CellReader): void {
  table.rows.forEach((row, at) => {
    const cell = row[index]!;
    if (reader.isMissing(cell) || reader.numberIn(cell) !== undefined) return;
    throw ownError(
      'not-a-number',
      table.file,
      `${shown(cell)} is no finite number, as others of the column are`,
      {
        row: table.places[at]!,
        column: table.columns[index]!,
        hint: 'Put it right; or name it in data.missing if it stands for a missing value, or call the column a category in data.columns.',
      },
    );
  });
}
