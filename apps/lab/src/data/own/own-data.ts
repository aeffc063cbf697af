import type {DataSet} from '../data-set.ts';
import {arraysData, chosenArrays, type OwnArrays, readArrays} from './arrays.ts';
import {checksum} from './checksum.ts';
import {parseCsv, type Table, textOf} from './csv.ts';
import {
  type ArraysOptions,
  type CsvOptions,
  type OwnOptions,
  type PicturesOptions,
  pathOf,
  titleOfFile,
} from './options.ts';
import {ownError} from './own-error.ts';
import {type Pictures, picturesData} from './pictures.ts';
import {tableData} from './table.ts';

/** Data of the user's own. */
export interface OwnData {
  readonly data: DataSet;
  /** The recipe with what was found out, such as the sizes of the parts and the file's checksum. */
  readonly options: OwnOptions;
}

/** Makes the data of a recipe that names files of the user's. */
export type LoadOwn = (options: OwnOptions) => Promise<OwnData>;

/** How files are come by, which differs between Node and the browser. */
export interface OwnReader {
  /** A file by the name that the recipe has for it. */
  readonly file: (file: string) => Promise<Uint8Array>;
  /** The pictures of a folder. */
  readonly pictures: (options: PicturesOptions) => Promise<Pictures>;
}

/** Makes data of files, which are read and decoded once, whatever is made of them. */
export function ownDataFrom(reader: OwnReader): LoadOwn {
  const tables = lastOnly<string, Whole<Table>>((file) => file);
  const arrays = lastOnly<ArraysOptions, Whole<OwnArrays>>(({file, labels, x, y}) =>
    JSON.stringify([file, labels, x, y]),
  );
  const pictures = lastOnly<PicturesOptions, Pictures>(({folder, size, channels}) =>
    JSON.stringify([folder, size, channels]),
  );
  const readTable = async (file: string): Promise<Whole<Table>> => {
    const bytes = await reader.file(file);
    return {sha256: await checksum(bytes), whole: parseCsv(await textOf(bytes, file), file)};
  };
  const readBoth = async (options: ArraysOptions): Promise<Whole<OwnArrays>> => {
    const {file, labels} = options;
    const inputs = await reader.file(file);
    const targets = labels === undefined ? undefined : await reader.file(labels);
    const whole = chosenArrays(
      options,
      await readArrays(inputs, file),
      targets && (await readArrays(targets, labels!)),
    );
    const sums = [await checksum(inputs), ...(targets ? [await checksum(targets)] : [])];
    return {
      sha256: sums.length === 1 ? sums[0]! : await checksum(new TextEncoder().encode(sums.join('\n'))),
      whole,
    };
  };
  const ofTable = async (options: CsvOptions): Promise<OwnData> => {
    const {sha256, whole} = await tables(options.file, readTable);
    checkUnchanged(options, sha256);
    const {data, task, sizes} = tableData(titleOfFile(options.file), whole, options);
    return {data, options: {...options, task, ...sizes, sha256}};
  };
  const ofArrays = async (options: ArraysOptions): Promise<OwnData> => {
    const {sha256, whole} = await arrays(options, readBoth);
    checkUnchanged(options, sha256);
    const {data, task, inputs, sizes} = arraysData(titleOfFile(options.file), whole, options);
    return {data, options: {...options, task, inputs, ...sizes, sha256}};
  };
  const ofPictures = async (options: PicturesOptions): Promise<OwnData> => {
    const whole = await pictures(options, reader.pictures);
    checkUnchanged(options, whole.sha256);
    const {size, channels, sha256} = whole;
    const {data, sizes} = picturesData(titleOfFile(options.folder), whole, options);
    return {data, options: {...options, size, channels, ...sizes, sha256}};
  };
  return (options) => {
    switch (options.name) {
      case 'csv':
        return ofTable(options);
      case 'arrays':
        return ofArrays(options);
      case 'pictures':
        return ofPictures(options);
    }
  };
}

/** What a file holds, and its checksum. */
interface Whole<Value> {
  readonly sha256: string;
  readonly whole: Value;
}

/** Keeps what was read last: one file is in use at a time, and it may be large. */
function lastOnly<Given, Value>(
  keyOf: (given: Given) => string,
): (given: Given, read: (given: Given) => Promise<Value>) => Promise<Value> {
  let last: {readonly key: string; readonly value: Promise<Value>} | undefined;
  return (given, read) => {
    const key = keyOf(given);
    if (last?.key === key) return last.value;
    const value = read(given);
    last = {key, value};
    value.catch(() => {
      if (last?.value === value) last = undefined;
    });
    return value;
  };
}

function checkUnchanged(options: OwnOptions, sha256: string): void {
  if (options.sha256 === undefined || options.sha256 === sha256) return;
  throw ownError(
    'changed-file',
    pathOf(options),
    'it is not what the recipe was made with: it has changed since',
    {
      hint: 'Put it back; or take data.sha256 out of the recipe, and train anew.',
    },
  );
}
