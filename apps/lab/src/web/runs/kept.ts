import {type DBSchema, type IDBPDatabase, openDB} from 'idb';
import type {EndedRun} from '../runs/run.ts';
import {type BackendChoice, backendChoices} from '../worker/protocol.ts';

/** What outlives the page. */
export interface Kept {
  readonly runs: readonly EndedRun[];
  readonly pinned: string | undefined;
  /** Where to train; undefined where nothing was chosen yet. */
  readonly backendChoice: BackendChoice | undefined;
}

interface Schema extends DBSchema {
  runs: {key: string; value: EndedRun};
  settings: {key: 'pinned' | 'backend'; value: string};
}

const open = (): Promise<IDBPDatabase<Schema>> =>
  openDB<Schema>('regularizers-lab', 1, {
    upgrade(database) {
      database.createObjectStore('runs', {keyPath: 'id'});
      database.createObjectStore('settings');
    },
  });

/** The runs of earlier visits, the newest first. */
export async function loadKept(): Promise<Kept> {
  const database = await open();
  try {
    const runs = await database.getAll('runs');
    return {
      runs: runs.sort((a, b) => b.endedAt - a.endedAt),
      pinned: await database.get('settings', 'pinned'),
      backendChoice: choiceOf(await database.get('settings', 'backend')),
    };
  } finally {
    database.close();
  }
}

/**
 * Writes what has changed, all of it or nothing. What another page keeps meanwhile stays.
 *
 * @param before what was loaded or written last
 */
export async function saveKept(before: Kept, now: Kept): Promise<void> {
  const changed = now.runs.filter((run) => !before.runs.includes(run));
  const gone = before.runs.filter(({id}) => !now.runs.some((run) => run.id === id));
  const areSettingsSame = before.pinned === now.pinned && before.backendChoice === now.backendChoice;
  if (changed.length === 0 && gone.length === 0 && areSettingsSame) return;
  const database = await open();
  try {
    const transaction = database.transaction(['runs', 'settings'], 'readwrite');
    const settings = transaction.objectStore('settings');
    const set = (key: 'pinned' | 'backend', value: string | undefined): Promise<unknown> =>
      value === undefined ? settings.delete(key) : settings.put(value, key);
    await Promise.all([
      ...changed.map((run) => transaction.objectStore('runs').put(run)),
      ...gone.map(({id}) => transaction.objectStore('runs').delete(id)),
      set('pinned', now.pinned),
      set('backend', now.backendChoice),
      transaction.done,
    ]);
  } finally {
    database.close();
  }
}

/** What a later version may have written is not known here. */
const choiceOf = (text: string | undefined): BackendChoice | undefined =>
  backendChoices.find((one) => one === text);
