// Node only: a worker at a queue.
import {hostname} from 'node:os';
import {pid} from 'node:process';
import {RegularizerError} from '@regularizers/core';
import type {Job} from 'bullmq';
import {sendError} from '../../sent-error.ts';
import type {Answer, Workers} from '../task.ts';
import {defaultFileCache, fileCache} from './files.ts';
import {connect, defaultSilence, type JobData, mostEnded, nameOfWorker, queueName} from './redis.ts';

/** What a worker is told. */
export interface ServeOptions {
  /** Of the lab: searches of another one are refused. */
  readonly version: string;
  /** Who trains here; a task that ends one of them is given out again by the queue, not by them. */
  readonly workers: Workers;
  /** Tasks at once. */
  readonly count: number;
  /** The folder in which data that searches send are kept. @defaultValue one of the user's, outside the project */
  readonly cache?: string;
  /** Milliseconds that it may say nothing before what it has is given to others. @defaultValue 6000 */
  readonly silence?: number;
  readonly say: (sentence: string) => void;
  /** Ends it. What is under way is given back at once. */
  readonly signal: AbortSignal;
}

/**
 * Trains what searches ask for, until the signal comes.
 *
 * @param address of a Redis or Valkey server
 * @throws RegularizerError as {@link connect}; with code `other-version` or `no-worker` for what it can't train, which it
 *   gives back, for others
 */
export async function serveQueue(address: string, options: ServeOptions): Promise<void> {
  const {
    version,
    workers,
    count,
    cache = defaultFileCache(),
    silence = defaultSilence,
    say,
    signal,
  } = options;
  const {bullmq, redis, connection, onError} = await connect(address, say);
  const withFile = fileCache(redis, cache);
  let refuse!: (error: unknown) => void;
  const refused = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  const giveBack = async (job: Job, token: string | undefined): Promise<never> => {
    await job.moveToWait(token);
    throw new bullmq.WaitingError();
  };
  const answer = async (job: Job<JobData, Answer>, token: string | undefined): Promise<Answer> => {
    const {data, stalledCounter, attemptsMade} = job;
    // The one that it ended a moment ago may have been of the other kind.
    const ended = stalledCounter + attemptsMade;
    if (ended >= mostEnded) throw new bullmq.UnrecoverableError(`it ended ${ended} workers`);
    try {
      checkVersion(data.version, version);
      return {report: await workers.train(await withFile(data.task), {signal})};
    } catch (error) {
      const code = RegularizerError.isInstance(error) ? error.code : undefined;
      if (signal.aborted) return await giveBack(job, token);
      if (code === 'worker-lost') throw error;
      if (code !== 'no-worker' && code !== 'other-version') return {error: sendError(error)};
      void worker.pause(true);
      refuse(error);
      return await giveBack(job, token);
    }
  };
  const worker = new bullmq.Worker<JobData, Answer>(queueName, answer, {
    connection,
    concurrency: count,
    // It trains nothing itself, so that nothing keeps it from saying that it is there.
    lockDuration: silence,
    stalledInterval: silence / 2,
    maxStalledCount: mostEnded - 1,
    name: nameOfWorker(version, hostname(), pid),
    runRetryDelay: 1000,
  });
  worker.on('error', onError);
  const ended = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), {once: true});
  });
  try {
    await Promise.race([ended, refused]);
  } finally {
    // A server that is away is not waited for.
    await worker.close(redis.status !== 'ready');
    redis.disconnect();
  }
}

/** @throws RegularizerError with code `other-version` */
function checkVersion(theirs: string, ours: string): void {
  if (theirs === ours) return;
  throw new RegularizerError({
    where: 'queue',
    code: 'other-version',
    message: `a search of version ${theirs} of the lab asks; this worker is of ${ours}`,
    hint: `Install that version for the worker: npx @regularizers/lab@${theirs} worker …`,
  });
}
