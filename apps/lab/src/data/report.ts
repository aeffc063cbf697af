import type {Recipe} from '../recipe-options.ts';
import type {DataSet, Encoding, SplitName} from './data-set.ts';
import {isEmbedded} from './embedded/index.ts';
import type {ExamplesEncoding, TableEncoding} from './encoding.ts';
import {isOwn} from './own/options.ts';
import {shown} from './own/own-error.ts';

/** What a run was trained and judged on: plain JSON. */
export interface DataReport {
  readonly name: string;
  readonly description: string;
  readonly examples: Readonly<Record<SplitName, number>>;
  /** How what the user's file holds became numbers; for such data only. */
  readonly encoding?: Encoding;
}

/** What is said of a data set in results. */
export const dataReport = ({name, description, encoding, train, validation, test}: DataSet): DataReport => ({
  name,
  description,
  examples: {train: train.size, validation: validation.size, test: test.size},
  ...(encoding ? {encoding} : {}),
});

/** How a recipe's seed makes the parts of its data: what there is already is cut, and what there is not is drawn. */
export function splitText(data: Recipe['data']): string {
  const isThere = isOwn(data) || isEmbedded(data) || data.name === 'mnist';
  return `${isThere ? 'cut' : 'drawn'} by seed ${data.seed}`;
}

/** What a person is told of data before anything is trained: what became of each column, and how many rows go where. */
export function dataText(data: DataSet, seed: number): string {
  const {description, train, validation, test, encoding} = data;
  const how =
    data.kind === 'classification' ? 'each class in proportion' : 'low and high targets in proportion';
  return [
    description,
    ...(encoding ? encodingLines(encoding) : []),
    `${train.size} to train on, ${validation.size} to validate, ${test.size} to test, at random (seed ${seed}), ${how}.`,
  ].join('\n');
}

const encodingLines = (encoding: Encoding): readonly string[] =>
  encoding.kind === 'table'
    ? columnLines(encoding)
    : [`  ${scalingText(encoding)}`, `  ${targetText(encoding.target)}`];

function scalingText({mean, deviation}: ExamplesEncoding): string {
  const [by] = deviation;
  if (mean.length > 1 || mean[0] !== 0) return 'values are standardized by those to train on';
  return by === 1 ? 'values are taken as they are' : `values are divided by ${by}`;
}

const mostLines = 40;
const mostNames = 8;

function columnLines({columns, target, untold}: TableEncoding): readonly string[] {
  const width = Math.max(...columns.map(({name}) => name.length));
  const lines = columns.map((column) => {
    const what = column.name === target.name ? targetText(target) : columnText(column);
    return `  ${column.name.padEnd(Math.min(width, 30))}  ${what}`;
  });
  const rest = lines.length - mostLines;
  return [
    ...lines.slice(0, mostLines),
    ...(rest > 0 ? [`  and ${rest} more columns`] : []),
    ...(untold > 0 ? [`${untold} rows have no ${shown(target.name)}, and are left out.`] : []),
  ];
}

/** What became of a column, in words. */
export function columnText(column: TableEncoding['columns'][number]): string {
  switch (column.use) {
    case 'numeric':
      return column.missing ? 'numeric; a missing one is the mean, and one more input says so' : 'numeric';
    case 'category':
      return `category: ${names(column.values)}${column.missing ? '; a missing one is a category of its own' : ''}`;
    case 'ignored':
      return `ignored: ${column.why}`;
  }
}

const targetText = (target: TableEncoding['target']): string =>
  target.use === 'classes' ? `the target: ${names(target.classes)}` : 'the target: a number';

function names(values: readonly string[]): string {
  const rest = values.length - mostNames;
  return `${values.slice(0, mostNames).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
