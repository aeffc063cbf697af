// Node only: data of the user's own on its way to workers, by its checksum.
import {join} from 'node:path';
import {RegularizerError} from '@regularizers/core';
import {makeFolder, writeWhole} from '@regularizers/core/node';
import envPaths from 'env-paths';
import type {Redis} from 'ioredis';
import {checksum} from '../../data/own/checksum.ts';
import {isOwn} from '../../data/own/options.ts';
import {readOwnFile} from '../../data/own/own-files.ts';
import type {Task} from '../task.ts';
import {queueName} from './redis.ts';

/** Seconds that the server keeps a file after it was last asked for. */
const keptFor = 7 * 24 * 3600;

const keyOf = (sha256: string): string => `${queueName}:file:${sha256}`;

/** The file that a task is about, and its checksum; undefined where its data are everybody's. */
function fileOf({recipe: {data}}: Task): {readonly file: string; readonly sha256: string} | undefined {
  if (!isOwn(data)) return undefined;
  if (data.name !== 'csv' || data.sha256 === undefined) {
    throw new RegularizerError({
      where: 'queue',
      code: 'no-worker',
      message: `of data of one's own, CSV files alone go through a queue; these are ${data.name}`,
      hint: 'Search without --queue: the processes of this machine read the files themselves.',
    });
  }
  return {file: data.file, sha256: data.sha256};
}

/**
 * Puts the file that a task is about where workers can ask for it, unless it is there.
 *
 * @throws RegularizerError with code `unreadable`
 */
export async function offerFile(task: Task, redis: Redis): Promise<void> {
  const wanted = fileOf(task);
  if (!wanted || (await redis.expire(keyOf(wanted.sha256), keptFor)) === 1) return;
  const bytes = await readOwnFile(wanted.file);
  await redis.set(keyOf(wanted.sha256), Buffer.from(bytes), 'EX', keptFor);
}

/** Where files are kept unless told otherwise. */
export const defaultFileCache = (): string => join(envPaths('regularizers', {suffix: ''}).cache, 'files');

/**
 * Gives tasks whose file is one of this machine's: fetched once, by its checksum, and checked, also when it comes out of
 * the cache.
 *
 * @param folder of the cache
 * @returns throws RegularizerError with code `no-worker` where the server does not have it
 */
export function fileCache(redis: Redis, folder: string): (task: Task) => Promise<Task> {
  const known = new Map<string, Promise<string>>();
  const fetched = async (sha256: string): Promise<string> => {
    const path = join(folder, sha256);
    const isIt = async (bytes: Uint8Array): Promise<boolean> => (await checksum(bytes)) === sha256;
    if (await readOwnFile(path).then(isIt, () => false)) return path;
    const bytes = await redis.getBuffer(keyOf(sha256));
    if (!bytes || !(await isIt(bytes))) throw lost(sha256);
    await makeFolder(folder);
    await writeWhole(path, bytes);
    return path;
  };
  return async (task) => {
    const wanted = fileOf(task);
    if (!wanted) return task;
    const {sha256} = wanted;
    if (!known.has(sha256)) known.set(sha256, fetched(sha256));
    try {
      const file = await known.get(sha256)!;
      const {recipe} = task;
      return {...task, recipe: {...recipe, data: {...recipe.data, file} as typeof recipe.data}};
    } catch (error) {
      known.delete(sha256);
      throw error;
    }
  };
}

const lost = (sha256: string): RegularizerError =>
  new RegularizerError({
    where: 'queue',
    code: 'no-worker',
    message: `the server does not have the data of the search, ${sha256.slice(0, 12)}…, as they were`,
    hint: 'Has it been emptied? Start the search again, with --resume.',
  });
