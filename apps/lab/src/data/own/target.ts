import type {TargetEncoding} from '../encoding.ts';
import type {CellReader} from './cells.ts';
import {columnOf} from './columns.ts';
import type {Table} from './csv.ts';
import {standard} from './encoding.ts';
import {ownError, shown} from './own-error.ts';

/** What is asked of the model. */
export type Task = 'classification' | 'regression';

/** The target of each row: a class's number, or a value as the file has it. */
export interface Targets {
  readonly task: Task;
  readonly values: Float64Array;
  /** The names of the classes; none for values. */
  readonly classes: readonly string[];
  readonly numeric: boolean;
}

/** Whole numbers are classes where there are at most so many different ones. */
const fewClasses = 20;

/**
 * Reads the target column. Numbers are values to predict, but for few different whole ones, which are classes, as
 * everything else is.
 *
 * @param table rows that all have a target
 * @param asked what the user says it is
 * @throws RegularizerError with code `not-a-number`, `one-class` or `too-many-classes`
 */
export function readTargets(
  table: Table,
  index: number,
  asked: Task | undefined,
  reader: CellReader,
): Targets {
  const cells = columnOf(table, index);
  const column = table.columns[index]!;
  const numbers = cells.map(reader.numberIn);
  const stray = numbers.indexOf(undefined);
  const numeric = stray < 0;
  const task = asked ?? (numeric && !areFew(numbers as number[]) ? 'regression' : 'classification');
  if (task === 'regression') {
    if (!numeric) {
      throw ownError('not-a-number', table.file, `${shown(cells[stray]!)} is no finite number to predict`, {
        row: table.places[stray]!,
        column,
        hint: 'Put it right, name it in data.missing, or predict classes: data.task, --task classification.',
      });
    }
    return {task, values: Float64Array.from(numbers as number[]), classes: [], numeric};
  }
  const names = numeric ? numbers.map(String) : cells;
  const classes = [...new Set(names)].sort(numeric ? (a, b) => Number(a) - Number(b) : undefined);
  if (classes.length < 2) {
    throw ownError(
      'one-class',
      table.file,
      `it is ${shown(classes[0] ?? '')} in every row: there is nothing to predict`,
      {
        column,
      },
    );
  }
  if (classes.length > cells.length / 2) {
    throw ownError(
      'too-many-classes',
      table.file,
      `it has ${classes.length} classes in ${cells.length} rows`,
      {
        column,
        hint: numeric
          ? 'To predict its numbers, say regression: data.task, --task regression.'
          : 'A class is learned from several rows. Is it the right column?',
      },
    );
  }
  const places = new Map(classes.map((name, at) => [name, at]));
  return {task, values: Float64Array.from(names, (name) => places.get(name)!), classes, numeric};
}

function areFew(numbers: readonly number[]): boolean {
  const different = new Set(numbers).size;
  return (
    numbers.every(Number.isInteger) && different <= Math.min(fewClasses, Math.max(2, numbers.length / 10))
  );
}

/**
 * What the training rows say of the target.
 *
 * @param file for messages
 * @throws RegularizerError with code `too-large` for numbers whose mean or deviation is beyond what can be written
 */
export function fitTarget(
  file: string,
  name: string,
  {task, values, classes, numeric}: Targets,
  rows: Int32Array,
): TargetEncoding {
  if (task === 'classification') return {name, use: 'classes', classes, numeric};
  const {mean, deviation} = standard(Float64Array.from(rows, (row) => values[row]!));
  if (!Number.isFinite(mean) || !Number.isFinite(deviation)) {
    throw ownError('too-large', file, 'its numbers are too large to be standardized', {column: name});
  }
  return {name, use: 'value', mean, deviation};
}
