// Tables as people have them, whose programs are written.
import {gzipSync} from 'node:zlib';
import type {RecipeInput} from '../../src/recipe.ts';

const at = (row: number, factor: number, most: number): number => (row * factor) % most;
const tableOf = (names: string, line: (row: number) => readonly unknown[], rows = 60): string =>
  [names, ...Array.from({length: rows}, (_, row) => line(row).join(names.includes(';') ? ';' : ','))].join(
    '\n',
  );
const classOf = (row: number): string => ['b', 'a', 'it’s c'][row % 3]!;

/** A file, and what is said of it. */
export interface OwnTable {
  readonly file: string;
  readonly content: string | Buffer;
  readonly data: object;
  readonly model?: object;
}

/** What files of people have: each is of something that the others have not. */
export const tables: Readonly<Record<string, OwnTable>> = {
  'missing values, categories, an id, dates, a name for no column': {
    file: "it's #1 é%20?.csv",
    content: `\ufeff\n${tableOf('id,length,colour,seen,,y,width', (row) => [
      row + 100,
      row % 7 === 0 ? 'NA' : (row % 3) + at(row, 7, 11) / 10,
      row % 5 === 0 ? '' : ['red', ' blue', '"green, light"'][at(row, 11, 3)],
      '2024-05-01',
      row % 9 === 0 ? 'none' : row / 3,
      row === 8 ? '?' : classOf(row),
      at(row, 13, 17),
    ])}\n\n`,
    data: {target: 'y', missing: ['none']},
  },
  'numbers as classes, decimal commas, ends of lines as Windows has them': {
    file: 'europe.csv',
    content: tableOf('a;b;y', (row) => [
      `${at(row, 7, 10)},5`,
      `1,${at(row, 3, 7)}e2`,
      ['10', '9.0', '9'][row % 3],
    ]).replaceAll('\n', '\r\n'),
    data: {target: 'y', task: 'classification', seed: 9, train: 20},
  },
  'values to predict, in folds, packed': {
    file: 'values.csv.gz',
    content: gzipSync(tableOf('a,b,y', (row) => [at(row, 7, 11), row % 4, at(row, 17, 23) + 0.5])),
    data: {target: 'y', folds: 4, fold: 2},
  },
  'UTF-16, more categories than have an input, numbers as categories': {
    file: 'wide.txt',
    content: Buffer.from(
      `\ufeff${tableOf('a\tb\ty', (row) => [`v${at(row, 7, 130)}`, row % 4, row % 2 === 0 ? 'ja' : 'nein'].map(String), 400).replaceAll(',', '\t')}`,
      'utf16le',
    ),
    data: {target: 'y', columns: {a: 'category', b: 'category'}},
  },
  'inputs as targets': {
    file: 'mirrored.csv',
    content: tableOf('a,b,c,y', (row) => [at(row, 7, 11), row % 4, at(row, 5, 7), classOf(row)]),
    data: {target: 'y'},
    model: {name: 'autoencoder', encoder: [2]},
  },
};

/** A recipe that trains on one of them in no time. */
export const recipeOf = ({data, model = {name: 'mlp', hidden: [4]}}: OwnTable, file: string): RecipeInput =>
  ({data: {name: 'csv', file, ...data}, model, epochs: 2, seed: 5}) as unknown as RecipeInput;
