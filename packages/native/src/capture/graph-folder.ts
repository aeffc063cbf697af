import {mkdtempSync, readdirSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {isAlive, ownerName, ownerNamed, thisProcess} from '@regularizers/core/node';

const prefix = 'regularizers-graph-';
const minute = 60_000; // milliseconds
const day = 1440 * minute;
let isSwept = false;

/** A new empty folder for a graph on its way into TensorFlow. The first call sweeps what killed processes left. */
export function graphFolder(): string {
  if (!isSwept) sweepGraphFolders();
  isSwept = true;
  return mkdtempSync(join(tmpdir(), `${prefix}${ownerName(thisProcess)}-`));
}

/**
 * Deletes folders whose process was killed between writing a graph and reading it, once they are a minute old: a
 * container that shares the folder and the host's name, but not the numbers of processes, needs its folder for less.
 * Those of other hosts, of which nothing is known, after a day.
 */
export function sweepGraphFolders(): void {
  for (const name of readdirSync(tmpdir())) {
    const [, text = ''] = /^regularizers-graph-(.+)-\w{6}$/.exec(name) ?? [];
    const owner = ownerNamed(text);
    if (!owner) continue;
    const path = join(tmpdir(), name);
    try {
      const age = Date.now() - statSync(path).mtimeMs;
      if (age > (isAlive(owner) ? day : minute)) rmSync(path, {recursive: true, force: true});
    } catch {
      // It is gone, or somebody else's.
    }
  }
}
