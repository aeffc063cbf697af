import {access, readFile} from 'node:fs/promises';
import {basename, format, parse, resolve} from 'node:path';
import {RegularizerError} from '../lib/errors.ts';
import {memberOf} from '../lib/given.ts';
import type {Checkpoint} from '../member/checkpoint.ts';
import {decodeCheckpoint, encodeCheckpoint} from '../member/checkpoint-bytes.ts';
import {checkPath} from './path.ts';
import {fileError, writeWhole} from './write-whole.ts';

/** The last save of each file that is not done. */
const pending = new Map<string, Promise<void>>();

/**
 * Saves a checkpoint whole or not at all, and keeps the one before under {@link previousPath}. Whenever the process
 * ends, there is a checkpoint that can be read, once the first was saved. Calls for one file come one after another.
 *
 * @param path where to, such as `run.safetensors`
 * @throws RegularizerError with code `cannot-write`, `bad-path`, or as `encodeCheckpoint` for what is no whole checkpoint;
 *   the files are as they were then
 *
 * @example
 * ```ts
 * import {saveCheckpoint} from '@regularizers/core/node';
 *
 * await trainer.fit(data, {
 *   epochs: 50,
 *   onEpoch: async () => saveCheckpoint('run.safetensors', await trainer.save()),
 * });
 * ```
 */
export async function saveCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  checkPath(path);
  const bytes = encodeCheckpoint(checkpoint);
  const key = resolve(path);
  const write = (): Promise<void> => writeWhole(path, bytes, {previous: basename(previousPath(path))});
  const mine = (pending.get(key) ?? Promise.resolve()).then(write, write);
  pending.set(key, mine);
  try {
    await mine;
  } finally {
    if (pending.get(key) === mine) pending.delete(key);
  }
}

/**
 * Reads what {@link saveCheckpoint} wrote.
 *
 * @throws RegularizerError with code `no-checkpoint` where there is no such file, `cannot-read`, `bad-path`, or
 *   `bad-checkpoint` for a file that is damaged; the hint says whether there is one before it
 *
 * @example
 * ```ts
 * import {loadCheckpoint, saveCheckpoint} from '@regularizers/core/node';
 *
 * await saveCheckpoint('run.safetensors', await trainer.save());
 * await trainer.restore(await loadCheckpoint('run.safetensors'));
 * ```
 */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  checkPath(path);
  const bytes = await read(path);
  try {
    return decodeCheckpoint(bytes);
  } catch (cause) {
    throw await damaged(path, cause);
  }
}

/**
 * Where the checkpoint before the last one is: `run.previous.safetensors` for `run.safetensors`.
 *
 * @throws RegularizerError with code `bad-path`
 */
export function previousPath(path: string): string {
  checkPath(path);
  const {dir, name, ext} = parse(path);
  return format({dir, name: `${name}.previous`, ext});
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (memberOf(cause, 'code') !== 'ENOENT') throw fileError('cannot-read', path, cause);
    throw new RegularizerError({
      where: 'checkpoint',
      code: 'no-checkpoint',
      message: `there is no checkpoint ${path}`,
      cause,
    });
  }
}

async function damaged(path: string, cause: unknown): Promise<unknown> {
  if (!RegularizerError.isInstance(cause)) return cause;
  const previous = previousPath(path);
  const isThere = await access(previous).then(
    () => true,
    () => false,
  );
  return new RegularizerError({
    where: cause.where,
    code: cause.code,
    message: `${path}: ${cause.message.replace(/^\[checkpoint\] /, '')}`,
    hint: isThere ? `The one before is ${previous}.` : 'There is none before it.',
    cause,
  });
}
