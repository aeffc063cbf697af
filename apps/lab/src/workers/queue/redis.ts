// Node only: a Redis or Valkey server, and BullMQ on it.
import {describeValue, printable, RegularizerError} from '@regularizers/core';
import type {ConnectionOptions, JobsOptions} from 'bullmq';
import type {Redis} from 'ioredis';
import type {Task} from '../task.ts';

/** What a job is: a task, and the version of the lab that asks for it. */
export interface JobData {
  readonly version: string;
  readonly task: Task;
}

/** The queue on a server: searches ask, workers answer. */
export const queueName = 'regularizers-lab';

/** How a worker is known to the server: its version first. */
export const nameOfWorker = (version: string, host: string, pid: number): string =>
  `${version}/${host}/${pid}`;

/** Milliseconds that a worker may say nothing before what it has is given to others: within ten seconds of its end. */
export const defaultSilence = 6000;

/** Workers that a job may end before it counts as failed. */
export const mostEnded = 2;

/** Seconds that an answer is kept, for a search that was killed and goes on. */
const keptFor = 3600;

/** How a job is asked for. */
export const jobOptions: JobsOptions = {
  attempts: mostEnded,
  removeOnComplete: {age: keptFor},
  removeOnFail: {age: keptFor},
};

/** A server that answers, and goes on being asked when it is away for a while. */
export interface Connected {
  readonly bullmq: typeof import('bullmq');
  readonly redis: Redis;
  readonly connection: ConnectionOptions;
  /** Tells of errors of BullMQ's own connections, unless all that they say is that the server is away. */
  readonly onError: (error: Error) => void;
}

/** Milliseconds until a server that doesn't answer at first counts as none. */
const connectTimeout = 5000;

/**
 * Connects to a server.
 *
 * @param address such as `redis://localhost:6379`; a password in it is told to nobody
 * @param say is told when the server is away, and when it is back
 * @throws RegularizerError with code `bad-option`, `not-installed` where BullMQ is missing, or `no-queue`
 */
export async function connect(address: string, say: (sentence: string) => void): Promise<Connected> {
  const name = nameOf(address);
  const [bullmq, {Redis: Client}] = await installed();
  await tryOnce(new Client(address, {lazyConnect: true, connectTimeout, retryStrategy: () => null}), name);
  const connection = {
    url: address,
    maxRetriesPerRequest: null,
    retryStrategy: (times: number) => Math.min(100 * times, 1000),
  };
  const redis = new Client(address, connection);
  let isAway = false;
  redis.on('error', () => undefined); // what it is about is told below
  redis.on('close', () => {
    if (!isAway && redis.status !== 'end') say(`${name} is away. What is asked of it waits.`);
    isAway = true;
  });
  redis.on('ready', () => {
    if (isAway) say(`${name} is back.`);
    isAway = false;
  });
  const onError = (error: Error): void => {
    if (redis.status === 'ready' && !('code' in error)) say(`${name}: ${printable(error.message)}`);
  };
  return {bullmq, redis, connection, onError};
}

/** The address without what it takes to get in. */
function nameOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url && ['redis:', 'rediss:'].includes(url.protocol) && url.hostname !== '') {
    return `${url.protocol}//${url.host}`;
  }
  throw new RegularizerError({
    where: 'queue',
    code: 'bad-option',
    message: `it is the address of a Redis or Valkey server; received ${url ? `one of ${url.protocol}` : describeValue(address)}`,
    hint: 'Such as --queue redis://localhost:6379, or rediss://user:password@host:6379.',
  });
}

async function installed(): Promise<[typeof import('bullmq'), Pick<typeof import('ioredis'), 'Redis'>]> {
  try {
    return await Promise.all([import('bullmq'), import('ioredis')]);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new RegularizerError({
      where: 'queue',
      code: 'not-installed',
      message: 'a queue needs the packages bullmq and ioredis, which are not there',
      hint: 'npm install bullmq ioredis, or npx -p @regularizers/lab -p bullmq -p ioredis lab worker …',
      cause,
    });
  }
}

async function tryOnce(redis: Redis, name: string): Promise<void> {
  let why = '';
  redis.on('error', (error) => {
    why = error.message;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (cause) {
    throw new RegularizerError({
      where: 'queue',
      code: 'no-queue',
      message: `${name} does not answer: ${why || (cause instanceof Error ? cause.message : String(cause))}`,
      hint: 'Start a server there (Debian: apt-get install redis-server), or give the address of one that runs.',
      cause,
    });
  } finally {
    redis.disconnect();
  }
}
