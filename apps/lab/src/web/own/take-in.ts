import {RegularizerError} from '@regularizers/core';
import {readArrays} from '../../data/own/arrays.ts';
import {checksum} from '../../data/own/checksum.ts';
import {parseCsv, textOf} from '../../data/own/csv.ts';
import {kindOfFile} from '../../data/own/kind-of-file.ts';
import {
  arraysSchema,
  csvSchema,
  type OwnOptions,
  picturesSchema,
  titleOfFile,
} from '../../data/own/options.ts';
import {listed, ownError} from '../../data/own/own-error.ts';
import {isPictureFile} from '../../data/own/pictures.ts';
import {isZip, unzip} from '../../data/own/zip.ts';
import type {KeptData, OwnFile} from './kept-data.ts';
import {loadFiles} from './load-kept.ts';

/** Data as it came: read once, so that what is broken is said at once. */
export interface TakenIn {
  readonly data: KeptData;
  readonly files: readonly OwnFile[];
}

const mostBytes = 2 ** 30;

/**
 * What somebody dropped, as data to keep: a table, arrays in one file or two, or pictures in a folder or a zip file.
 *
 * @throws RegularizerError with code `unknown-file` or `too-large`, or what is wrong with the files
 */
export async function takeIn(given: readonly OwnFile[]): Promise<TakenIn> {
  const size = given.reduce((sum, {bytes}) => sum + bytes.length, 0);
  if (size > mostBytes) {
    throw ownError(
      'too-large',
      given[0]!.path,
      `${size} bytes are too many to keep here; the most is ${mostBytes}`,
    );
  }
  const {name, files} = unpacked(given);
  const pictures = files.filter(({path}) => isPictureFile(path));
  if (pictures.length > 0) return takePictures(name, pictures);
  const known = files.filter(({path}) => kindOfFile(path) !== undefined);
  const [first, second] = known.map(({path, bytes}) => ({path: path.replace(/^.*\//, ''), bytes}));
  if (first && known.length === 1)
    return kindOfFile(first.path) === 'csv' ? takeTable(first) : takeArrays(first);
  const areArrays = known.every(({path}) => kindOfFile(path) === 'arrays');
  if (first && second && known.length === 2 && areArrays)
    return takeArrays(...(await inputsFirst(first, second)));
  throw ownError(
    'unknown-file',
    listed(
      files.map(({path}) => path),
      3,
    ) || name,
    wrongNumber(known.length, areArrays),
    {
      hint: 'Drop a CSV file with a row of names; a folder or a zip of PNG, JPEG or WebP pictures with a subfolder for each class; an .npz file; two .npy or IDX files, inputs and targets; or the four files of MNIST by their names.',
    },
  );
}

function wrongNumber(files: number, areArrays: boolean): string {
  if (files === 0) return 'there is nothing in it that can be read here';
  if (!areArrays) return 'that is more than one table';
  return `that is ${files} files of arrays, and what is trained on is one or two`;
}

/** The files, those in a zip file unpacked, and what a person calls all of them. */
function unpacked(given: readonly OwnFile[]): {readonly name: string; readonly files: readonly OwnFile[]} {
  const [only] = given;
  if (given.length !== 1 || !only || !isZip(only.bytes) || /\.npz$/i.test(only.path)) {
    return {name: commonFolder(given) ?? 'pictures', files: given};
  }
  const entries = unzip(only.bytes, only.path, {
    code: 'bad-zip',
    isWanted: (name) => isPictureFile(name) || kindOfFile(name) !== undefined,
  });
  return {
    name: titleOfFile(only.path),
    files: [...entries].map(([path, bytes]) => ({path, bytes})),
  };
}

/** The folder that all files are in. */
function commonFolder(files: readonly OwnFile[]): string | undefined {
  const [top, ...others] = new Set(files.map(({path}) => /^([^/]+)\//.exec(path)?.[1]));
  return others.length === 0 ? top : undefined;
}

async function takeTable(file: OwnFile): Promise<TakenIn> {
  const {path: name, bytes} = file;
  const {columns} = parseCsv(await textOf(bytes, name), name);
  const sha256 = await checksum(bytes);
  const target = likelyTarget(columns);
  const options = csvSchema.parse({name: 'csv', file: name, target, sha256});
  return taken(name, await foundIn([file], options), [file], sha256, columns);
}

/** What usually is predicted; else the last column. Whoever drops it sees it, and may choose another. */
function likelyTarget(columns: readonly string[]): string {
  const usual = /^(target|class|label|species|outcome|diagnosis|y)$/i;
  return columns.find((name) => usual.test(name)) ?? columns.at(-1)!;
}

/** A table may be right and its likely target not: that is for the form to say, where another one is chosen. */
async function foundIn(files: readonly OwnFile[], options: OwnOptions): Promise<OwnOptions> {
  try {
    return (await loadFiles(async () => files)(options)).options;
  } catch (error) {
    if (!RegularizerError.isInstance(error)) throw error;
    return options;
  }
}

async function takeArrays(inputs: OwnFile, targets?: OwnFile): Promise<TakenIn> {
  const files = targets ? [inputs, targets] : [inputs];
  const asked = arraysSchema.parse({
    name: 'arrays',
    file: inputs.path,
    ...(targets ? {labels: targets.path} : {}),
  });
  const {options} = await loadFiles(async () => files)(asked);
  return taken(inputs.path, options, files, options.sha256!);
}

/** Inputs have at least as many dimensions as targets. */
async function inputsFirst(one: OwnFile, other: OwnFile): Promise<readonly [OwnFile, OwnFile]> {
  const rankOf = async ({path, bytes}: OwnFile): Promise<number> =>
    Math.max(...[...(await readArrays(bytes, path)).values()].map(({shape}) => shape.length));
  return (await rankOf(one)) >= (await rankOf(other)) ? [one, other] : [other, one];
}

async function takePictures(title: string, pictures: readonly OwnFile[]): Promise<TakenIn> {
  const {name = title, files} = withoutOuterFolders(pictures);
  const asked = picturesSchema.parse({name: 'pictures', folder: name});
  const {options} = await loadFiles(async () => files)(asked);
  return taken(name, options, files, options.sha256!);
}

/** A folder that all are in is no class: it is what a person calls them. */
function withoutOuterFolders(files: readonly OwnFile[]): {
  readonly name?: string;
  readonly files: readonly OwnFile[];
} {
  const top = commonFolder(files);
  if (top === undefined || !files.every(({path}) => path.split('/').length > 2)) return {files};
  const within = withoutOuterFolders(
    files.map(({path, bytes}) => ({path: path.slice(top.length + 1), bytes})),
  );
  return {name: top, ...within};
}

const taken = (
  name: string,
  options: OwnOptions,
  files: readonly OwnFile[],
  sha256: string,
  columns: readonly string[] = [],
): TakenIn => ({
  data: {
    sha256,
    name,
    options,
    columns,
    size: files.reduce((sum, {bytes}) => sum + bytes.length, 0),
    keptAt: Date.now(),
  },
  files,
});
