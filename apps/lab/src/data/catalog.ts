import {RegularizerError} from '@regularizers/core';
import {z} from 'zod';
import {parseOptions} from '../options.ts';
import {type ClassificationData, checkDataSet, type DataSet} from './data-set.ts';
import {classTableSchema, digitsSchema, embedded, isEmbedded, valueTableSchema} from './embedded/index.ts';
import {glyphs, glyphsSchema} from './glyphs.ts';
import {mislabelled, withLabelNoise} from './label-noise.ts';
import {type MnistOptions, mnistSchema} from './mnist.ts';
import {arraysSchema, csvSchema, isOwn, type OwnOptions, pathOf, picturesSchema} from './own/options.ts';
import type {LoadOwn} from './own/own-data.ts';
import {adding, addingSchema, wave, waveSchema} from './regressions.ts';
import {gestures, gesturesSchema} from './sequences.ts';
import {toy, toySchema} from './toys.ts';

/** The options of each kind of data. */
export const dataSchemas = {
  glyphs: withLabelNoise(glyphsSchema),
  mnist: withLabelNoise(mnistSchema),
  toy: withLabelNoise(toySchema, 0.1),
  gestures: withLabelNoise(gesturesSchema),
  wave: waveSchema,
  adding: addingSchema,
  'breast-cancer': withLabelNoise(classTableSchema),
  diabetes: valueTableSchema,
  digits: withLabelNoise(digitsSchema),
  csv: withLabelNoise(csvSchema),
  pictures: withLabelNoise(picturesSchema),
  arrays: withLabelNoise(arraysSchema),
};

/** The data of a recipe: a name, and that data's options. */
export const dataSchema = z.discriminatedUnion('name', [
  dataSchemas.glyphs,
  dataSchemas.mnist,
  dataSchemas.toy,
  dataSchemas.gestures,
  dataSchemas.wave,
  dataSchemas.adding,
  dataSchemas['breast-cancer'],
  dataSchemas.diabetes,
  dataSchemas.digits,
  dataSchemas.csv,
  dataSchemas.pictures,
  dataSchemas.arrays,
]);

/** The data of a recipe, defaults left out. */
export type DataRecipe = z.input<typeof dataSchema> & {readonly name: string};

/** Names of all data that is not the user's own, embedded first. */
export const dataNames = [
  'glyphs',
  'moons',
  'spirals',
  'circles',
  'blobs',
  'gestures',
  'wave',
  'adding',
  'digits',
  'breast-cancer',
  'wine',
  'diabetes',
  'mnist',
] as const;

/** What needs a file system or a network, and so differs between Node and the browser. */
export interface DataLoaders {
  readonly mnist: (options: MnistOptions) => Promise<ClassificationData>;
  /** Data of the user's own, where there is a way to its files. */
  readonly own?: LoadOwn | undefined;
}

/**
 * The data that a recipe names.
 *
 * @throws RegularizerError with code `bad-option` or a code of the loader's
 *
 * @example
 * ```ts
 * const data = await makeData({name: 'glyphs', train: 500}, {mnist: loadMnist});
 * ```
 */
export async function makeData(recipe: DataRecipe, loaders: DataLoaders): Promise<DataSet> {
  const {labelNoise = 0, ...parsed}: ParsedData & {labelNoise?: number} = parseOptions(
    'data',
    dataSchema,
    recipe,
  );
  const data = checkDataSet(await load(parsed, loaders));
  return mislabelled(data, {labelNoise, seed: parsed.seed});
}

type WithoutNoise<Data> = Data extends unknown ? Omit<Data, 'labelNoise'> : never;

/** What the makers of data are told: labels are made wrong afterwards, of all alike. */
type ParsedData = WithoutNoise<z.output<typeof dataSchema>>;

function load(parsed: ParsedData, loaders: DataLoaders): DataSet | Promise<DataSet> {
  if (isOwn(parsed)) return loadOwn(parsed, loaders);
  if (isEmbedded(parsed)) return embedded(parsed);
  switch (parsed.name) {
    case 'glyphs':
      return glyphs(parsed);
    case 'gestures':
      return gestures(parsed);
    case 'wave':
      return wave(parsed);
    case 'adding':
      return adding(parsed);
    case 'mnist':
      return loaders.mnist(parsed);
    default:
      return toy(parsed);
  }
}

async function loadOwn(options: OwnOptions, {own}: DataLoaders): Promise<DataSet> {
  if (own) return (await own(options)).data;
  throw new RegularizerError({
    where: 'data',
    code: 'no-files',
    message: `${JSON.stringify(pathOf(options))} cannot be read from here`,
    hint: 'Train on it with the command line: lab run.',
  });
}
