import {type DBSchema, type IDBPDatabase, openDB} from 'idb';
import type {OwnOptions} from '../../data/own/options.ts';

/** A file of the user's, by its path within what was dropped. */
export interface OwnFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Data of the user's own that the browser keeps: what is known of it without reading it. */
export interface KeptData {
  /** Of the files, as recipes have it. */
  readonly sha256: string;
  /** What a person calls it: the name of its file or folder. */
  readonly name: string;
  /** What a recipe says of it, as it was read when it came. */
  readonly options: OwnOptions;
  /** Of a table, the names of its columns. */
  readonly columns: readonly string[];
  /** Bytes of all files. */
  readonly size: number;
  /** As `Date.now()` counts. */
  readonly keptAt: number;
}

interface Schema extends DBSchema {
  heads: {key: string; value: KeptData};
  files: {key: string; value: readonly OwnFile[]};
}

async function inDatabase<Value>(work: (database: IDBPDatabase<Schema>) => Promise<Value>): Promise<Value> {
  const database = await openDB<Schema>('regularizers-lab-data', 1, {
    upgrade(created) {
      created.createObjectStore('heads', {keyPath: 'sha256'});
      created.createObjectStore('files');
    },
  });
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

/** All that is kept, the newest first. */
export const listKept = (): Promise<readonly KeptData[]> =>
  inDatabase(async (database) =>
    (await database.getAll('heads')).toSorted((one, other) => other.keptAt - one.keptAt),
  );

/** Keeps data, in place of the same from before: all of it or nothing. */
export const keepData = (head: KeptData, files: readonly OwnFile[]): Promise<void> =>
  inDatabase(async (database) => {
    const transaction = database.transaction(['heads', 'files'], 'readwrite');
    await Promise.all([
      transaction.objectStore('heads').put(head),
      transaction.objectStore('files').put(files, head.sha256),
      transaction.done,
    ]);
  });

/** Removes data for good. */
export const forgetData = (sha256: string): Promise<void> =>
  inDatabase(async (database) => {
    const transaction = database.transaction(['heads', 'files'], 'readwrite');
    await Promise.all([
      transaction.objectStore('heads').delete(sha256),
      transaction.objectStore('files').delete(sha256),
      transaction.done,
    ]);
  });

/** The files of data that is kept. */
export const filesOf = (sha256: string): Promise<readonly OwnFile[]> =>
  inDatabase(async (database) => (await database.get('files', sha256)) ?? []);
