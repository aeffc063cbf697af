// Node only: the options that say what data a command is on.
import {RegularizerError} from '@regularizers/core';
import {type Command, InvalidArgumentError, Option} from 'commander';
import {type DataRecipe, dataNames} from '../data/catalog.ts';
import {parseCsv, textOf} from '../data/own/csv.ts';
import {columnUse} from '../data/own/options.ts';
import {listed} from '../data/own/own-error.ts';
import {readOwnFile} from '../data/own/own-files.ts';
import {filled, integer, number} from './arguments.ts';

type ColumnUse = (typeof columnUse.options)[number];

/** What a person says of the data, beside a recipe or in place of one. */
export interface DataOptions {
  /** A name, or a file of the user's. */
  readonly data?: string;
  readonly target?: string;
  readonly task?: 'classification' | 'regression';
  readonly column?: Readonly<Record<string, ColumnUse>>;
  readonly train?: number;
  readonly validation?: number;
  readonly test?: number;
  readonly labelNoise?: number;
}

/** Adds them to a command. */
export const addDataOptions = (command: Command): Command =>
  command
    .option(
      '--data <name or file>',
      `a CSV file, or one of ${dataNames.join(', ')}`,
      filled('a name or a file'),
    )
    .option('--target <column>', 'the column of a CSV file that is to be predicted')
    .addOption(
      new Option('--task <task>', 'what is asked of it (default: what its values look like)').choices([
        'classification',
        'regression',
      ]),
    )
    .option(
      '--column <name=use>',
      `a column that is ${columnUse.options.join(', ')}, whatever it looks like; may be given again`,
      columnOption,
    )
    .option('--train <n>', 'training examples', integer(1))
    .option('--validation <n>', 'validation examples', integer(1))
    .option('--test <n>', 'test examples', integer(1))
    .option('--label-noise <share>', 'of training and validation labels that are made wrong', number(0, 1));

function columnOption(word: string, before: DataOptions['column'] = {}): DataOptions['column'] {
  const at = word.lastIndexOf('=');
  const use = columnUse.safeParse(word.slice(at + 1));
  if (at < 1 || !use.success) {
    throw new InvalidArgumentError(
      `It must be a column and one of ${columnUse.options.join(', ')}: age=category.`,
    );
  }
  return {...before, [word.slice(0, at)]: use.data};
}

/**
 * The data that a command is on: what its options say, and else what its recipe does.
 *
 * @throws RegularizerError with code `no-target` for a CSV file of which it isn't said what to predict, `bad-option` for
 *   options that only a CSV file has
 */
export async function dataGiven(
  options: DataOptions,
  given: DataRecipe | undefined,
): Promise<Partial<DataRecipe> | undefined> {
  const {data: word, target, task, column, train, validation, test, labelNoise} = options;
  const parts = {
    ...(train ? {train} : {}),
    ...(validation ? {validation} : {}),
    ...(test ? {test} : {}),
    ...(labelNoise === undefined ? {} : {labelNoise}),
  };
  const told = {
    ...(target === undefined ? {} : {target}),
    ...(task === undefined ? {} : {task}),
    ...(column === undefined ? {} : {columns: column}),
  };
  if (word !== undefined && isTableFile(word)) {
    if (target === undefined) throw await noTarget(word);
    return {name: 'csv', file: word, target, ...told, ...parts};
  }
  const data = word === undefined ? given : ({name: word} as DataRecipe);
  const [stray] = Object.keys(told);
  if (stray !== undefined && data?.name !== 'csv') {
    throw new RegularizerError({
      where: 'lab',
      code: 'bad-option',
      message: `--${stray === 'columns' ? 'column' : stray} says something of a CSV file, and there is none`,
      hint: 'Name it: --data my.csv',
    });
  }
  if (data === undefined && Object.keys(parts).length === 0) return undefined;
  return {...data, ...told, ...parts} as Partial<DataRecipe>;
}

const isTableFile = (word: string): boolean => /\.(csv|tsv|txt)(\.gz)?$/i.test(word);

async function noTarget(file: string): Promise<RegularizerError> {
  const {columns} = parseCsv(await textOf(await readOwnFile(file), file), file);
  return new RegularizerError({
    where: 'data',
    code: 'no-target',
    message: `${file}: it isn't said which column is to be predicted`,
    hint: `Add --target and one of ${listed(columns)}.`,
  });
}
