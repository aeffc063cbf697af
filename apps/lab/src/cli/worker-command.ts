// Node only: `lab worker`.
import {processesFor, startProcesses} from '../workers/processes.ts';
import {serveQueue} from '../workers/queue/serve.ts';
import type {Sources} from './backends.ts';
import {say, type Terminal} from './output.ts';
import {version} from './version.ts';

/** Options of `lab worker`. */
export interface WorkerCommandOptions {
  /** The address of the server. */
  readonly queue: string;
  /** Trials at once. @defaultValue one for each core, as memory allows */
  readonly workers?: number;
}

/** Trains for searches elsewhere, until the signal comes. Returns the exit code. */
export async function workerCommand(
  {queue, workers: count = processesFor('native')}: WorkerCommandOptions,
  terminal: Terminal,
  {plugins = [], entry}: Sources,
): Promise<number> {
  if (!entry) throw new Error('this program does not know how it is started');
  const workers = startProcesses({entry, count, plugins: plugins.map(({use}) => use), attempts: 1});
  try {
    say(terminal, `Working for searches, ${count} at once. Ctrl-C ends this.`);
    const {signal} = terminal;
    await serveQueue(queue, {version, workers, count, signal, say: (line) => say(terminal, line)});
    return 0;
  } finally {
    await workers.close();
  }
}
