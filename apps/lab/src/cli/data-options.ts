// Node only: the options that say what data a command is on.
import {stat} from 'node:fs/promises';
import {RegularizerError} from '@regularizers/core';
import {type Command, InvalidArgumentError, Option} from 'commander';
import {type DataRecipe, dataNames} from '../data/catalog.ts';
import {parseCsv, textOf} from '../data/own/csv.ts';
import {kindOfFile} from '../data/own/kind-of-file.ts';
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
  readonly labels?: string;
  readonly x?: string;
  readonly y?: string;
  readonly inputs?: 'values' | 'pictures' | 'sequences';
  readonly size?: number;
  readonly channels?: 'rgb' | 'grey';
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
      `a CSV file, a folder of pictures with a subfolder for each class, an .npz, .npy or IDX file, or one of ${dataNames.join(', ')}`,
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
    .option('--size <n>', 'width and height that pictures come to', integer(4, 1024))
    .addOption(new Option('--channels <which>', 'of pictures').choices(['rgb', 'grey']))
    .option('--labels <file>', 'an .npy or IDX file with the targets', filled('a file'))
    .option('--x <name>', 'what an .npz file calls the inputs (default: x)', filled('a name'))
    .option('--y <name>', 'what an .npz file calls the targets (default: y)', filled('a name'))
    .addOption(
      new Option('--inputs <what>', 'what arrays are (default: what their shape looks like)').choices([
        'values',
        'pictures',
        'sequences',
      ]),
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

/** The kinds of data that an option says something of. */
const optionsOf: Readonly<Record<string, readonly string[]>> = {
  target: ['csv'],
  column: ['csv'],
  task: ['csv', 'arrays'],
  size: ['pictures'],
  channels: ['pictures'],
  labels: ['arrays'],
  x: ['arrays'],
  y: ['arrays'],
  inputs: ['arrays'],
};

const whatKind: Readonly<Record<string, string>> = {
  csv: 'a CSV file',
  pictures: 'a folder of pictures',
  arrays: 'an .npz, .npy or IDX file',
};

/**
 * The data that a command is on: what its options say, and else what its recipe does.
 *
 * @throws RegularizerError with code `no-target` for a CSV file of which it isn't said what to predict, `bad-option` for
 *   an option that says something of other data
 */
export async function dataGiven(
  {data: word, train, validation, test, labelNoise, ...options}: DataOptions,
  given: DataRecipe | undefined,
): Promise<Partial<DataRecipe> | undefined> {
  const parts = {
    ...(train ? {train} : {}),
    ...(validation ? {validation} : {}),
    ...(test ? {test} : {}),
    ...(labelNoise === undefined ? {} : {labelNoise}),
  };
  const data = word === undefined ? given : await dataCalled(word);
  const told = Object.entries(options).filter(
    ([option, value]) => option in optionsOf && value !== undefined,
  );
  // A name that there is not is for the recipe's own checks to complain about.
  const isKnown = data === undefined || data.name in whatKind || isName(data.name);
  for (const [option] of isKnown ? told : []) checkOption(option, data?.name);
  if (data?.name === 'csv' && !('target' in data) && options.target === undefined)
    throw await noTarget(word!);
  if (data === undefined && Object.keys(parts).length === 0) return undefined;
  const renamed = Object.fromEntries(
    told.map(([option, value]) => [option === 'column' ? 'columns' : option, value]),
  );
  return {...data, ...renamed, ...parts} as Partial<DataRecipe>;
}

const isName = (word: string): boolean => (dataNames as readonly string[]).includes(word);

/** A file or folder of the user's, by what it is called; anything else is a name. */
async function dataCalled(word: string): Promise<DataRecipe> {
  if (isName(word)) return {name: word} as DataRecipe;
  const kind = kindOfFile(word);
  if (kind !== undefined) return {name: kind, file: word} as DataRecipe;
  const isFolder = await stat(word).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? {name: 'pictures', folder: word} : ({name: word} as DataRecipe);
}

function checkOption(option: string, name: string | undefined): void {
  const kinds = optionsOf[option]!;
  if (name !== undefined && kinds.includes(name)) return;
  const needed = kinds.map((kind) => whatKind[kind]).join(' or ');
  throw new RegularizerError({
    where: 'lab',
    code: 'bad-option',
    message: `--${option} says something of ${needed}, and there is none`,
    hint: 'Name it: --data my.csv',
  });
}

async function noTarget(file: string): Promise<RegularizerError> {
  const {columns} = parseCsv(await textOf(await readOwnFile(file), file), file);
  return new RegularizerError({
    where: 'data',
    code: 'no-target',
    message: `${file}: it isn't said which column is to be predicted`,
    hint: `Add --target and one of ${listed(columns)}.`,
  });
}
