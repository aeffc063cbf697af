// Node only: data of the user's own on its way to workers, each file by its checksum.
import {dirname, join} from 'node:path';
import {RegularizerError} from '@regularizers/core';
import {makeFolder, writeWhole} from '@regularizers/core/node';
import envPaths from 'env-paths';
import type {Redis} from 'ioredis';
import {checksum} from '../../data/own/checksum.ts';
import {isOwn, type OwnOptions, pathOf} from '../../data/own/options.ts';
import {ownError} from '../../data/own/own-error.ts';
import {readOwnFile} from '../../data/own/own-files.ts';
import {hasList, inFolder, listOf, type Part, partsIn, partsOf} from '../../data/own/parts.ts';
import type {Task} from '../task.ts';
import {queueName} from './redis.ts';

/** Seconds that the server keeps a file after it was last asked for. */
const keptFor = 7 * 24 * 3600;

const keyOf = (sha256: string): string => `${queueName}:file:${sha256}`;

/** Data of the user's own, by their checksum. */
type Named = OwnOptions & {readonly sha256: string};

/** The data that a task is about; undefined where they are everybody's. */
function dataOf({recipe: {data}}: Task): Named | undefined {
  if (!isOwn(data)) return undefined;
  const {sha256} = data;
  if (sha256 === undefined) throw new Error('data are named by a checksum before they are trained on');
  return {...data, sha256};
}

const sumOfText = (text: string): Promise<string> => checksum(new TextEncoder().encode(text));

/** The files that data are made of, as the server has them; undefined where it does not know. */
async function knownParts(data: Named, redis: Redis): Promise<readonly Part[] | undefined> {
  const {sha256} = data;
  if (!hasList(data)) return partsIn(data, sha256);
  const list = await redis.get(keyOf(sha256));
  return list !== null && (await sumOfText(list)) === sha256 ? partsIn(data, list) : undefined;
}

/**
 * Puts the files that a task is about where workers can ask for them, unless they are there.
 *
 * @throws RegularizerError with code `unreadable`, or `changed-file` for files that are not what the task was made with
 */
export async function offerFiles(task: Task, redis: Redis): Promise<void> {
  const data = dataOf(task);
  if (!data || (await isOffered(data, redis))) return;
  const parts = await partsOf(data);
  const list = listOf(data, parts);
  const found = list === undefined ? parts[0]!.sha256 : await sumOfText(list);
  if (found !== data.sha256) {
    throw ownError(
      'changed-file',
      pathOf(data),
      'it is not what the search was begun with: it has changed since',
      {
        hint: 'Put it back, or search anew.',
      },
    );
  }
  for (const {sha256, bytes} of parts) await redis.set(keyOf(sha256), Buffer.from(bytes), 'EX', keptFor);
  // Last: who finds it finds all that it names.
  if (list !== undefined) await redis.set(keyOf(data.sha256), list, 'EX', keptFor);
}

async function isOffered(data: Named, redis: Redis): Promise<boolean> {
  const parts = await knownParts(data, redis);
  if (!parts) return false;
  const names = new Set([data.sha256, ...parts.map(({sha256}) => sha256)]);
  const kept = await Promise.all([...names].map((sha256) => redis.expire(keyOf(sha256), keptFor)));
  return kept.every((answer) => answer === 1);
}

/** Where files are kept unless told otherwise. */
export const defaultFileCache = (): string => join(envPaths('regularizers', {suffix: ''}).cache, 'files');

/**
 * Gives tasks whose files are this machine's: each fetched once, by its checksum, and checked, also when it comes out of
 * the cache.
 *
 * @param folder of the cache
 * @returns throws RegularizerError with code `no-worker` where the server does not have them
 */
export function fileCache(redis: Redis, folder: string): (task: Task) => Promise<Task> {
  const known = new Map<string, Promise<void>>();
  const fetch = async (data: Named, to: string): Promise<void> => {
    const parts = await knownParts(data, redis);
    if (!parts) throw lost(data);
    for (const {path, sha256} of parts) {
      const file = join(to, path);
      const isIt = async (bytes: Uint8Array): Promise<boolean> => (await checksum(bytes)) === sha256;
      if (await readOwnFile(file).then(isIt, () => false)) continue;
      const bytes = await redis.getBuffer(keyOf(sha256));
      if (!bytes || !(await isIt(bytes))) throw lost(data);
      await makeFolder(dirname(file));
      await writeWhole(file, bytes);
    }
  };
  return async (task) => {
    const data = dataOf(task);
    if (!data) return task;
    const {sha256} = data;
    const to = join(folder, sha256);
    if (!known.has(sha256)) known.set(sha256, fetch(data, to));
    try {
      await known.get(sha256)!;
    } catch (error) {
      known.delete(sha256);
      throw error;
    }
    return {...task, recipe: {...task.recipe, data: inFolder(data, to) as Task['recipe']['data']}};
  };
}

const lost = ({sha256}: Named): RegularizerError =>
  new RegularizerError({
    where: 'queue',
    code: 'no-worker',
    message: `the server does not have the data of the search, ${sha256.slice(0, 12)}…, as they were`,
    hint: 'Has it been emptied? Start the search again, with --resume.',
  });
