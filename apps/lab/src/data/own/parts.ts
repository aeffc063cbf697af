// Node only: the files that data of the user's own are made of, each by its checksum.
import {basename, join} from 'node:path';
import {checksum} from './checksum.ts';
import type {OwnOptions} from './options.ts';
import {readOwnFile} from './own-files.ts';
import {labelledIn} from './picture-files.ts';
import {sumsOf} from './pictures.ts';

/** One of the files. */
export interface Part {
  /** Where it is, from the folder that all of them are in, between slashes. */
  readonly path: string;
  readonly sha256: string;
}

/** The same data, its files in a folder of their own. */
export function inFolder(data: OwnOptions, folder: string): OwnOptions {
  if (data.name === 'pictures') return {...data, folder};
  const moved = {...data, file: join(folder, basename(data.file))};
  if (moved.name === 'csv' || moved.labels === undefined) return moved;
  return {...moved, labels: join(folder, labelsPath(moved.labels))};
}

/** The second file of arrays whose targets are not in the first. */
const labelsOf = (data: OwnOptions): string | undefined => (data.name === 'arrays' ? data.labels : undefined);

/** Apart from the inputs, which may be called the same. */
const labelsPath = (labels: string): string => `labels/${basename(labels)}`;

/** Files by their own names, and by those that they have in a folder of their own. */
async function filesOf(data: OwnOptions): Promise<readonly {readonly file: string; readonly path: string}[]> {
  if (data.name === 'pictures') {
    return (await labelledIn(data.folder)).map(({path}) => ({file: join(data.folder, path), path}));
  }
  const inputs = {file: data.file, path: basename(data.file)};
  const labels = labelsOf(data);
  return labels === undefined ? [inputs] : [inputs, {file: labels, path: labelsPath(labels)}];
}

/**
 * The files as they are now.
 *
 * @throws RegularizerError as `ownFiles`
 */
export async function partsOf(data: OwnOptions): Promise<readonly (Part & {readonly bytes: Uint8Array})[]> {
  return Promise.all(
    (await filesOf(data)).map(async ({file, path}) => {
      const bytes = await readOwnFile(file);
      return {path, bytes, sha256: await checksum(bytes)};
    }),
  );
}

/** Several files in one text, whose checksum is that of the data: see `ownDataFrom`. Of one file, its own is. */
export function listOf(data: OwnOptions, parts: readonly Part[]): string | undefined {
  if (data.name === 'pictures') return sumsOf(parts);
  return parts.length === 1 ? undefined : parts.map(({sha256}) => sha256).join('\n');
}

/** Whether data may be of several files. */
export const hasList = (data: OwnOptions): boolean =>
  data.name === 'pictures' || labelsOf(data) !== undefined;

/** The files that a list names, or the only one by its checksum; undefined where one would be outside of the folder. */
export function partsIn(data: OwnOptions, list: string): readonly Part[] | undefined {
  const lines = list.trimEnd().split('\n');
  if (data.name !== 'pictures') {
    const labels = labelsOf(data);
    const paths = [basename(data.file), ...(labels === undefined ? [] : [labelsPath(labels)])];
    return paths.map((path, index) => ({path, sha256: lines[index] ?? ''}));
  }
  const parts = lines.map((line) => ({sha256: line.slice(0, 64), path: line.slice(66)}));
  return parts.every(({path}) => isInside(path)) ? parts : undefined;
}

const isInside = (path: string): boolean =>
  !path.includes('\\') && path.split('/').every((name) => !['', '.', '..'].includes(name));
