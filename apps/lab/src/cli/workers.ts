// Node only: who trains for a search.
import type {Runner} from '../runner.ts';
import {processesFor, startProcesses} from '../workers/processes.ts';
import {askQueue} from '../workers/queue/ask.ts';
import {runnerOfWorkers} from '../workers/runner.ts';
import type {OpenedRunner, Sources} from './backends.ts';
import {say, type Terminal} from './output.ts';
import {version} from './version.ts';

/** Who is to train. */
export interface WorkersOptions {
  /** Processes of this machine. @defaultValue one for each core, as memory allows; on WebGL none */
  readonly workers?: number;
  /** The address of a server, whose workers train in their place. */
  readonly queue?: string;
}

/** A runner, and how much it can be asked for at once. */
export interface SharedRunner {
  readonly runner: Runner;
  readonly concurrency: number;
}

/** Trials that a search asks a queue for at once: as many as it has. */
const mostAtOnce = 1000;

/**
 * Whoever trains, in place of this process.
 *
 * @throws RegularizerError as `askQueue`
 */
export async function withWorkers(
  {runner, backend}: OpenedRunner,
  {workers: asked, queue}: WorkersOptions,
  terminal: Terminal,
  {entry, plugins = []}: Sources,
): Promise<SharedRunner> {
  if (queue !== undefined) {
    const workers = await askQueue(queue, {version, say: (line) => say(terminal, line)});
    return {runner: runnerOfWorkers(runner, backend, workers), concurrency: mostAtOnce};
  }
  const count = asked ?? processesFor(backend);
  if (entry === undefined || count === 0) return {runner, concurrency: 1};
  const workers = startProcesses({entry, count, plugins: plugins.map(({use}) => use)});
  say(terminal, `${count} ${count === 1 ? 'process trains' : 'processes train'}.`);
  return {runner: runnerOfWorkers(runner, backend, workers), concurrency: count};
}
