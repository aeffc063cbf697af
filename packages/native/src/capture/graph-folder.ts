import {mkdtempSync, readdirSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {kill, pid} from 'node:process';

const prefix = 'regularizers-graph-';
const minute = 60_000; // milliseconds
let isSwept = false;

/** A new empty folder for a graph on its way into TensorFlow. The first call sweeps what killed processes left. */
export function graphFolder(): string {
  if (!isSwept) sweepGraphFolders();
  isSwept = true;
  return mkdtempSync(join(tmpdir(), `${prefix}${pid}-`));
}

/**
 * Deletes folders whose process was killed between writing a graph and reading it. A process of another container,
 * which shares the folder but not the numbers of processes, needs its folder for less than a minute.
 */
export function sweepGraphFolders(): void {
  for (const name of readdirSync(tmpdir())) {
    const [, owner] = /^regularizers-graph-(\d+)-\w{6}$/.exec(name) ?? [];
    if (owner === undefined || isAlive(Number(owner))) continue;
    const path = join(tmpdir(), name);
    try {
      if (Date.now() - statSync(path).mtimeMs > minute) rmSync(path, {recursive: true, force: true});
    } catch {
      // It is gone, or somebody else's.
    }
  }
}

function isAlive(process: number): boolean {
  try {
    return kill(process, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
