// Node only: processes of this machine that train.
import {fork} from 'node:child_process';
import {availableParallelism, totalmem} from 'node:os';
import {printable, RegularizerError} from '@regularizers/core';
import pLimit from 'p-limit';
import type {FixedBackend} from '../cli/backend-names.ts';
import type {RunReport} from '../run.ts';
import type {Answer, Entry, Said, Task, TaskHooks, Workers} from './task.ts';

/** How processes are started. */
export interface ProcessesOptions {
  readonly entry: Entry;
  readonly count: number;
  /** What `--plugin` named. */
  readonly plugins: readonly string[];
  /** How many processes one task may end before it counts as failed. @defaultValue 2 */
  readonly attempts?: number;
}

/**
 * Each trains on one thread. On native the number of threads decides in which order sums are made, and so the last bits of
 * what is trained: with one, a trial comes to the same on every machine, however many processes there are.
 */
const oneThread = {TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1', OMP_NUM_THREADS: '1'};

/** Bytes that a process with the native backend and its data takes. */
const memoryOfOne = 2 ** 30;

/** Milliseconds that a process has to end by itself. */
const patience = 1000;

/** Characters of what a process has printed that are kept, for the message if it dies. */
const mostPrinted = 500;

/** Processes by default: one for each core, as memory allows; a browser is one already, and has the graphics card. */
export function processesFor(backend: FixedBackend): number {
  if (backend === 'webgl') return 0;
  return Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / memoryOfOne)));
}

/** A process has ended under a task. */
class Died extends Error {}

/**
 * Processes that train, started as they are needed. They end with this one, however it ends, and one that a task has ended is
 * started anew.
 */
export function startProcesses({entry, count, plugins, attempts = 2}: ProcessesOptions): Workers {
  const limit = pLimit(count);
  const idle: Trainer[] = [];
  const all = new Set<Trainer>();
  let isClosed = false;

  const start = (): Trainer => {
    const trainer = startTrainer(entry, plugins);
    all.add(trainer);
    void trainer.ended.then(() => {
      all.delete(trainer);
      if (idle.includes(trainer)) idle.splice(idle.indexOf(trainer), 1);
    });
    return trainer;
  };
  const attempt = async (task: Task, {signal, onProgress}: TaskHooks): Promise<RunReport> => {
    const trainer = idle.pop() ?? start();
    const end = (): void => void trainer.end();
    signal?.addEventListener('abort', end, {once: true});
    try {
      const answer = await trainer.ask(task, onProgress);
      if (!signal?.aborted) idle.push(trainer);
      return reportOf(answer);
    } finally {
      signal?.removeEventListener('abort', end);
    }
  };
  return {
    train: (task, hooks = {}) =>
      limit(async () => {
        const {signal} = hooks;
        for (let ended = 1; ; ended++) {
          if (isClosed || signal?.aborted) throw aborted();
          try {
            return await attempt(task, hooks);
          } catch (error) {
            if (isClosed || signal?.aborted) throw aborted();
            if (!(error instanceof Died)) throw error;
            if (ended >= attempts) throw workerLost(ended, error.message);
          }
        }
      }),
    async close() {
      isClosed = true;
      await Promise.all([...all].map((trainer) => trainer.end()));
    },
  };
}

/** A process, and what it is asked. */
interface Trainer {
  /** @throws Died */
  ask(task: Task, onProgress: TaskHooks['onProgress']): Promise<Answer>;
  end(): Promise<void>;
  readonly ended: Promise<void>;
}

function startTrainer({file, execArgv}: Entry, plugins: readonly string[]): Trainer {
  const child = fork(file, ['trainer', ...plugins.flatMap((use) => ['--plugin', use])], {
    execArgv: [...execArgv],
    env: {...process.env, ...oneThread},
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Ctrl-C is for the one that has started it.
    detached: true,
  });
  let printed = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    printed = (printed + text).slice(-mostPrinted);
  });
  let why: string | undefined;
  let isLetGo = false;
  const ended = new Promise<void>((resolve) => {
    const end = (how: string): void => {
      why ??= printed.trim() === '' ? how : `${how}: ${printed.trim()}`;
      resolve();
    };
    child.once('error', ({message}) => end(message));
    child.once('close', (code, signal) => end(signal ?? `exit code ${code}`));
    // Of a process that was let go, Node says that it has ended, and not always that its streams have.
    child.once('exit', () => isLetGo && end('it was let go'));
  });
  return {
    ended,
    async ask(task, onProgress) {
      let hear: ((said: Said) => void) | undefined;
      const answer = new Promise<Answer>((resolve) => {
        hear = (said) => ('progress' in said ? onProgress?.(said.progress) : resolve(said));
        child.on('message', hear);
      });
      if (why === undefined) child.send(task, () => undefined); // if it can't be sent, the process has ended
      const said = await Promise.race([answer, ended]);
      child.off('message', hear!);
      if (said) return said;
      throw new Died(why);
    },
    async end() {
      isLetGo = true;
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), patience);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** @throws RegularizerError, or an error of another kind for a fault of ours */
export function reportOf(answer: Answer): RunReport {
  if ('report' in answer) return answer.report;
  if ('error' in answer) {
    if (answer.error.code === 'unexpected') throw new Error(`a worker failed: ${answer.error.message}`);
    throw new RegularizerError(answer.error);
  }
  const {where, message, hint} = answer.refused;
  throw new RegularizerError({where, code: 'no-worker', message, ...(hint === undefined ? {} : {hint})});
}

/** Why a task counts as failed: it ended so many workers. */
export function workerLost(times: number, why: string): RegularizerError {
  return new RegularizerError({
    where: 'worker',
    code: 'worker-lost',
    message: `training it ended ${times} worker${times === 1 ? '' : 's'}: ${printable(why)}`,
    hint: 'If memory ran out, take fewer workers, or a smaller model or batch.',
  });
}

export function aborted(): RegularizerError {
  return new RegularizerError({where: 'worker', code: 'aborted', message: 'the trial was ended'});
}
