import {describeValue} from '../lib/describe-value.ts';
import {RegularizerError} from '../lib/errors.ts';
import type {Checkpoint} from '../member/checkpoint.ts';
import {decodeCheckpoint, encodeCheckpoint} from '../member/checkpoint-bytes.ts';

const database = 'regularizers';
const store = 'checkpoints';

/** What is stored under a name: bytes and not objects, so that their checksum is looked at when they are read. */
interface Saved {
  readonly bytes: Uint8Array;
  readonly previous: Uint8Array | undefined;
}

/**
 * Saves a checkpoint whole or not at all, in one transaction of IndexedDB, and keeps the one before. It outlives the
 * page, but a browser that is short of space may delete what a site stores, unless `navigator.storage.persist()` was
 * granted.
 *
 * @param name of your choice; pages of one origin share them
 * @throws RegularizerError with code `cannot-write`, `bad-name`, or as `encodeCheckpoint` for no whole checkpoint; what was there is there still
 *
 * @example
 * ```ts
 * import {loadCheckpoint, saveCheckpoint} from '@regularizers/core/browser';
 *
 * await trainer.fit(data, {epochs: 2});
 * await saveCheckpoint('digits', await trainer.save());
 * // later, in a trainer made with the same options:
 * await trainer.restore(await loadCheckpoint('digits'));
 * ```
 */
export async function saveCheckpoint(name: string, checkpoint: Checkpoint): Promise<void> {
  checkName(name);
  const bytes = encodeCheckpoint(checkpoint);
  await transact('cannot-write', name, 'readwrite', (checkpoints) => {
    const before = checkpoints.get(name) as IDBRequest<Saved | undefined>;
    before.onsuccess = () => {
      checkpoints.put({bytes, previous: before.result?.bytes} satisfies Saved, name);
    };
    return before;
  });
}

/**
 * Reads what {@link saveCheckpoint} saved last.
 *
 * @throws RegularizerError with code `no-checkpoint`, `cannot-read` or `bad-checkpoint`
 */
export async function loadCheckpoint(name: string): Promise<Checkpoint> {
  return decodeCheckpoint((await read(name)).bytes);
}

/**
 * Reads what {@link saveCheckpoint} saved before the last one.
 *
 * @throws RegularizerError with code `no-checkpoint`, `cannot-read` or `bad-checkpoint`
 */
export async function loadPreviousCheckpoint(name: string): Promise<Checkpoint> {
  const {previous} = await read(name);
  return previous ? decodeCheckpoint(previous) : refuse('no-checkpoint', `there is none before ${name}`);
}

/**
 * Deletes what is saved under a name, if anything is.
 *
 * @throws RegularizerError with code `cannot-write`
 */
export async function deleteCheckpoint(name: string): Promise<void> {
  await transact('cannot-write', name, 'readwrite', (checkpoints) => checkpoints.delete(name));
}

async function read(name: string): Promise<Saved> {
  const saved = await transact<Saved | undefined>('cannot-read', name, 'readonly', (checkpoints) =>
    checkpoints.get(name),
  );
  return saved ?? refuse('no-checkpoint', `there is no checkpoint ${name}`);
}

function checkName(name: unknown): void {
  if (typeof name === 'string') return;
  refuse('bad-name', `a checkpoint is stored under a text, given first; received ${describeValue(name)}`);
}

/** Runs one transaction to its end, which is when what it wrote is on the disk. */
async function transact<Result>(
  code: 'cannot-read' | 'cannot-write',
  name: string,
  mode: IDBTransactionMode,
  use: (checkpoints: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  checkName(name);
  let opened: IDBDatabase | undefined;
  try {
    opened = await openDatabase();
    const transaction = opened.transaction(store, mode, {durability: 'strict'});
    const request = use(transaction.objectStore(store));
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () =>
        reject(transaction.error ?? new Error('the browser gave the transaction up'));
    });
    return request.result;
  } catch (cause) {
    const what = code === 'cannot-write' ? 'written' : 'read';
    return refuse(code, `the checkpoint ${name} cannot be ${what}: ${reasonOf(cause)}`, cause);
  } finally {
    opened?.close();
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    if (typeof indexedDB === 'undefined') throw new Error('there is no IndexedDB here');
    const request = indexedDB.open(database, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(store);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error || cause instanceof DOMException)) return String(cause);
  return cause.name === 'QuotaExceededError' ? 'the space that the browser grants is used up' : cause.message;
}

function refuse(code: string, message: string, cause?: unknown): never {
  throw new RegularizerError({
    where: 'checkpoint',
    code,
    message,
    ...(cause === undefined ? {} : {cause}),
  });
}
