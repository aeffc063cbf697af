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

/** Runs in IndexedDB. */
export interface KeptRuns {
  /** The runs of earlier visits, the newest first. */
  load(): Promise<Kept>;
  /**
   * Writes what has changed, all of it or nothing. What another page keeps meanwhile stays. Once anything has been loaded,
   * all is handed over before this returns: it is written also where the page is left at once.
   *
   * @param before what was loaded or written last
   */
  save(before: Kept, now: Kept): Promise<void>;
}

/** The runs that are kept. Their database stays open: whoever leaves the page at once has no time to open it. */
export function keptRuns(): KeptRuns {
  let opened: IDBPDatabase<Schema> | undefined;
  const close = (): void => {
    opened?.close();
    opened = undefined;
  };
  const open = async (): Promise<IDBPDatabase<Schema>> => {
    opened ??= await openDB<Schema>('regularizers-lab', 1, {
      upgrade(database) {
        database.createObjectStore('runs', {keyPath: 'id'});
        database.createObjectStore('settings');
      },
      // Another page wants to remove it, or has a later version.
      blocking: close,
      terminated: close,
    });
    return opened;
  };
  return {
    async load() {
      const database = await open();
      const runs = await database.getAll('runs');
      return {
        runs: runs.sort((a, b) => b.endedAt - a.endedAt),
        pinned: await database.get('settings', 'pinned'),
        backendChoice: choiceOf(await database.get('settings', 'backend')),
      };
    },
    async save(before, now) {
      const changed = now.runs.filter((run) => !before.runs.includes(run));
      const gone = before.runs.filter(({id}) => !now.runs.some((run) => run.id === id));
      const areSettingsSame = before.pinned === now.pinned && before.backendChoice === now.backendChoice;
      if (changed.length === 0 && gone.length === 0 && areSettingsSame) return;
      const transaction = (opened ?? (await open())).transaction(['runs', 'settings'], 'readwrite');
      const settings = transaction.objectStore('settings');
      const set = (key: 'pinned' | 'backend', value: string | undefined): Promise<unknown> =>
        value === undefined ? settings.delete(key) : settings.put(value, key);
      const requests = [
        ...changed.map((run) => transaction.objectStore('runs').put(run)),
        ...gone.map(({id}) => transaction.objectStore('runs').delete(id)),
        set('pinned', now.pinned),
        set('backend', now.backendChoice),
      ];
      transaction.commit(); // and not when the page gets to it, which may never be
      await Promise.all([...requests, transaction.done]);
    },
  };
}

/** What a later version may have written is not known here. */
const choiceOf = (text: string | undefined): BackendChoice | undefined =>
  backendChoices.find((one) => one === text);
