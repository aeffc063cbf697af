// Checkpoints in a browser's IndexedDB.
import {type Checkpoint, encodeCheckpoint} from '@regularizers/core';
import {
  deleteCheckpoint,
  loadCheckpoint,
  loadPreviousCheckpoint,
  saveCheckpoint,
} from '@regularizers/core/browser';
import {afterEach, expect, test, vi} from 'vitest';
import {average, keepBest} from './support/plugins.ts';
import {classData, errorOf, trainerOf} from './support/trainers.ts';

const name = 'test';
afterEach(() => deleteCheckpoint(name));

async function trained(): Promise<Checkpoint> {
  const trainer = trainerOf([keepBest(), average()]);
  await trainer.fit(classData(), {epochs: 1});
  return trainer.save();
}

test('what is saved is loaded, and the one before is kept', async () => {
  const checkpoint = await trained();
  await saveCheckpoint(name, checkpoint);
  expect(await loadCheckpoint(name)).toEqual(checkpoint);
  expect(await errorOf(() => loadPreviousCheckpoint(name))).toMatchObject({code: 'no-checkpoint'});
  await Promise.all([2, 3].map((seed) => saveCheckpoint(name, {...checkpoint, seed})));
  expect((await loadCheckpoint(name)).seed).toBe(3);
  expect((await loadPreviousCheckpoint(name)).seed).toBe(2);
});

test('where there is none, an error says so', async () => {
  expect(await errorOf(() => loadCheckpoint(name))).toMatchObject({
    code: 'no-checkpoint',
    message: expect.stringContaining('there is no checkpoint test'),
  });
});

test('what is no name, or no checkpoint, is refused', async () => {
  const checkpoint = await trained();
  for (const call of [
    () => saveCheckpoint(checkpoint as never, name as never),
    () => loadCheckpoint(Symbol('x') as never),
    () => loadPreviousCheckpoint(undefined as never),
    () => deleteCheckpoint({} as never),
  ]) {
    expect(await errorOf(call)).toMatchObject({code: 'bad-name'});
  }
  for (const bad of [Promise.resolve(checkpoint), name, {tensors: {}}]) {
    expect(await errorOf(() => saveCheckpoint(name, bad as never))).toMatchObject({code: 'not-a-checkpoint'});
  }
});

test('without room the last one stays', async () => {
  const checkpoint = await trained();
  await saveCheckpoint(name, checkpoint);
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore) {
    const request = this.getKey(name);
    this.transaction.abort(); // which is what a browser does
    return request as never;
  });
  try {
    expect(await errorOf(() => saveCheckpoint(name, {...checkpoint, seed: 9}))).toMatchObject({
      code: 'cannot-write',
      message: expect.stringContaining('the browser gave the transaction up'),
    });
  } finally {
    put.mockRestore();
  }
  expect(await loadCheckpoint(name)).toEqual(checkpoint);
});

test('damage within the browser is noticed', async () => {
  const checkpoint = await trained();
  await saveCheckpoint(name, checkpoint);
  const bytes = encodeCheckpoint(checkpoint);
  bytes[bytes.length - 1]! ^= 1;
  await new Promise<void>((resolve, reject) => {
    const opening = indexedDB.open('regularizers', 1);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction('checkpoints', 'readwrite');
      transaction.objectStore('checkpoints').put({bytes, previous: undefined}, name);
      transaction.oncomplete = () => {
        opening.result.close();
        resolve();
      };
    };
  });
  expect(await errorOf(() => loadCheckpoint(name))).toMatchObject({code: 'bad-checkpoint'});
});
