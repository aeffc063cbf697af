import type {DataSet} from '../data-set.ts';
import {parseCsv, type Table, textOf} from './csv.ts';
import type {OwnOptions} from './options.ts';
import {ownError} from './own-error.ts';
import {tableData} from './table.ts';

/** A file of the user's, wherever it was read or dropped. */
export interface OwnFile {
  readonly bytes: Uint8Array;
  /** Of the bytes, in hexadecimal. */
  readonly sha256: string;
}

/** Data of the user's own. */
export interface OwnData {
  readonly data: DataSet;
  /** The recipe with what was found out: task, sizes of the parts, and the file's checksum. */
  readonly options: OwnOptions;
}

/** Makes the data of a recipe that names a file of the user's. */
export type LoadOwn = (options: OwnOptions) => Promise<OwnData>;

/** The file, with its checksum. */
export async function ownFile(bytes: Uint8Array): Promise<OwnFile> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  const sha256 = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return {bytes, sha256};
}

/**
 * Makes data of files, which are read and parsed once, whatever is made of them.
 *
 * @param read gives a file by the name that the recipe has for it
 */
export function ownDataFrom(read: (file: string) => Promise<Uint8Array>): LoadOwn {
  const tables = new Map<string, Promise<{readonly sha256: string; readonly table: Table}>>();
  const tableOf = (file: string): Promise<{readonly sha256: string; readonly table: Table}> => {
    const known = tables.get(file);
    if (known) return known;
    const parsed = read(file)
      .then(ownFile)
      .then(async ({bytes, sha256}) => ({sha256, table: parseCsv(await textOf(bytes, file), file)}));
    tables.clear(); // one table is in use at a time, and may be large
    tables.set(file, parsed);
    parsed.catch(() => tables.delete(file));
    return parsed;
  };
  return async (options) => {
    const {sha256, table} = await tableOf(options.file);
    checkUnchanged(options, sha256);
    const {data, task, sizes} = tableData(titleOfFile(options.file), table, options);
    return {data, options: {...options, task, ...sizes, sha256}};
  };
}

function checkUnchanged({file, sha256: expected}: OwnOptions, sha256: string): void {
  if (expected === undefined || expected === sha256) return;
  throw ownError(
    'changed-file',
    file,
    'it is not the file that the recipe was made with: it has changed since',
    {
      hint: 'Put it back; or take data.sha256 out of the recipe, and train anew.',
    },
  );
}

/** What a person calls a file: its name without folders and ending. */
export const titleOfFile = (file: string): string =>
  file
    .replace(/^.*[/\\](?=.)/, '')
    .replace(/(\.gz)?$/, '')
    .replace(/(?<=.)\.[^.]*$/, '');
