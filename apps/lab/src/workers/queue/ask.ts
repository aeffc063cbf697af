// Node only: a search hands its trials to whoever works at a queue.
import {createHash} from 'node:crypto';
import {RegularizerError} from '@regularizers/core';
import type {Job} from 'bullmq';
import {aborted, reportOf, workerLost} from '../processes.ts';
import type {Answer, Workers} from '../task.ts';
import {offerFiles} from './files.ts';
import {connect, type JobData, jobOptions, mostEnded, queueName} from './redis.ts';

/** What a search tells of itself. */
export interface AskOptions {
  /** Of the lab: workers of another one are refused, and refuse. */
  readonly version: string;
  /** Is told what a person should hear. */
  readonly say: (sentence: string) => void;
}

/** Events that the server keeps for those who were away. */
const keptEvents = 1000;

/** A job that is waited for. */
interface Pending {
  readonly data: JobData;
  readonly answered: Promise<Answer>;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Workers at a queue, wherever they are. A job is named by what is to be trained: asked again, by a search that was killed
 * and goes on, it is not trained twice.
 *
 * @param address of a Redis or Valkey server
 * @throws RegularizerError as {@link connect}, or with code `other-version` where workers of other versions alone are there
 */
export async function askQueue(address: string, {version, say}: AskOptions): Promise<Workers> {
  const {bullmq, redis, connection, onError} = await connect(address, say);
  const options = {connection, streams: {events: {maxLen: keptEvents}}};
  const queue = new bullmq.Queue<JobData, Answer>(queueName, options).on('error', onError);
  // By the server's clock: what is said while the connection is away is heard as well.
  const [seconds] = await redis.time();
  const events = new bullmq.QueueEvents(queueName, {connection, lastEventId: `${seconds}000-0`});
  events.on('error', onError);
  const pending = new Map<string, Pending>();
  let isClosed = false;
  const fail = (id: string, why: string): void => pending.get(id)?.reject(workerLost(mostEnded, why));
  events.on('completed', ({jobId, returnvalue}) => pending.get(jobId)?.resolve(returnvalue as never));
  events.on('failed', ({jobId, failedReason}) => fail(jobId, failedReason));
  await events.waitUntilReady();

  /** Asks, unless it has been asked, and looks whether there is an answer that nobody was here to hear. */
  const seek = async (id: string, {data, resolve, reject}: Pending): Promise<void> => {
    try {
      await offerFiles(data.task, redis);
      await queue.add('trial', data, {...jobOptions, jobId: id});
      const job = await queue.getJob(id);
      if (job?.finishedOn === undefined) return;
      if (await job.isFailed()) fail(id, job.failedReason);
      else resolve(job.returnvalue);
    } catch (error) {
      reject(isClosed ? aborted() : RegularizerError.isInstance(error) ? error : refusedBy(error as Error));
    }
  };
  // A server that keeps nothing on its disk has forgotten what it was asked; one that does has it still.
  redis.on('ready', () => {
    for (const [id, one] of pending) void seek(id, one);
  });
  const close = async (): Promise<void> => {
    isClosed = true;
    const isThere = redis.status === 'ready';
    // What nobody has begun is not to be trained for nobody.
    if (isThere) {
      const left = await Promise.all([...pending.keys()].map((id) => queue.getJob(id)));
      await Promise.all(left.map((job: Job | undefined) => job?.remove().catch(() => undefined)));
    }
    for (const {reject} of pending.values()) reject(aborted());
    redis.disconnect();
    await Promise.all([events.close(), isThere ? queue.close() : queue.disconnect()]);
  };
  try {
    refuseOthers(
      version,
      (await queue.getWorkers()).map(({rawname = ''}) => versionIn(rawname)),
      say,
    );
  } catch (error) {
    await close();
    throw error;
  }
  return {
    async train(task, {signal} = {}) {
      if (signal?.aborted) throw aborted();
      const data = {version, task};
      const id = idOf(data);
      let one = pending.get(id);
      if (!one) {
        const {promise: answered, ...settle} = withResolvers<Answer>();
        one = {data, answered, ...settle};
        pending.set(id, one);
        void seek(id, one);
      }
      const {answered, reject} = one;
      const end = (): void => reject(aborted());
      signal?.addEventListener('abort', end, {once: true});
      try {
        return reportOf(await answered);
      } finally {
        signal?.removeEventListener('abort', end);
        if (!signal?.aborted) pending.delete(id);
      }
    },
    close,
  };
}

/** A job's name: it is the same wherever it is asked for. */
const idOf = (data: JobData): string => createHash('sha256').update(JSON.stringify(data)).digest('hex');

/** `bull:…:w:0.1.0/host/123`, as the server knows a worker. */
const versionIn = (name: string): string => name.slice(name.lastIndexOf(':') + 1).split('/')[0]!;

/** @throws RegularizerError with code `other-version` */
function refuseOthers(version: string, versions: readonly string[], say: AskOptions['say']): void {
  if (versions.length === 0) say('No worker is there yet. Start some: lab worker --queue …');
  else if (!versions.includes(version)) {
    throw new RegularizerError({
      where: 'queue',
      code: 'other-version',
      message: `this is version ${version} of the lab; the workers at the queue are of ${[...new Set(versions)].join(', ')}`,
      hint: 'Start workers of the same version, or search with theirs.',
    });
  }
}

/** A server that takes nothing: it is full, or may only be read. */
const refusedBy = (cause: Error): RegularizerError =>
  new RegularizerError({
    where: 'queue',
    code: 'no-worker',
    message: `the server takes no trials: ${cause.message}`,
    hint: 'Give it more memory, or the right to be written to.',
    cause,
  });

function withResolvers<Value>(): {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: Error) => void;
} {
  let settle!: {resolve: (value: Value) => void; reject: (error: Error) => void};
  const promise = new Promise<Value>((resolve, reject) => {
    settle = {resolve, reject};
  });
  return {promise, ...settle};
}
