// The database that browsers have, in Node: an empty one for each test, and none for the files after this one.
import * as fake from 'fake-indexeddb';
import {afterEach, beforeEach, vi} from 'vitest';

/** Gives each test of a file an empty database. */
export function useIndexedDb(): void {
  beforeEach(() => {
    for (const [name, value] of Object.entries(fake)) if (name.startsWith('IDB')) vi.stubGlobal(name, value);
    vi.stubGlobal('indexedDB', new fake.IDBFactory());
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });
}
