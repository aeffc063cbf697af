import type {StudyStorage} from '@regularizers/search';
import {type DBSchema, type IDBPDatabase, openDB} from 'idb';

/** Studies that are kept: the newest ones. */
const most = 5;

interface Study {
  readonly text: string;
  /** When it was begun, as `Date.now()` counts. */
  readonly begunAt: number;
}

interface Schema extends DBSchema {
  studies: {key: string; value: Study};
}

const open = (): Promise<IDBPDatabase<Schema>> =>
  openDB<Schema>('regularizers-lab-studies', 1, {
    upgrade(database) {
      database.createObjectStore('studies');
    },
  });

/**
 * A study in IndexedDB, which outlives the page: a search that was stopped goes on where it was.
 *
 * @param id what is searched, so that no other search finds it
 */
export function keptStudy(id: string): StudyStorage {
  const owner = crypto.randomUUID();
  return {
    owner,
    // Another page that searches the same at the same time trains twice, and changes nothing: what is there first counts.
    isAlive: (one) => one === owner,
    async read() {
      const database = await open();
      try {
        return (await database.get('studies', id))?.text ?? '';
      } finally {
        database.close();
      }
    },
    async append(text) {
      const database = await open();
      try {
        const transaction = database.transaction('studies', 'readwrite');
        const {store} = transaction;
        const before = await store.get(id);
        if (!before) await makeRoom(store);
        await store.put({text: (before?.text ?? '') + text, begunAt: before?.begunAt ?? Date.now()}, id);
        await transaction.done;
      } finally {
        database.close();
      }
    },
  };
}

async function makeRoom(store: {
  getAllKeys(): Promise<string[]>;
  getAll(): Promise<Study[]>;
  delete(key: string): Promise<void>;
}): Promise<void> {
  const [keys, studies] = [await store.getAllKeys(), await store.getAll()];
  const newest = keys
    .map((key, at) => ({key, begunAt: studies[at]!.begunAt}))
    .toSorted((one, other) => other.begunAt - one.begunAt);
  for (const {key} of newest.slice(most - 1)) await store.delete(key);
}
