import {existsSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import type {Recipe} from '../../src/recipe.ts';
import type {Entry, Task} from '../../src/workers/task.ts';

export const fakeEntry: Entry = {
  file: fileURLToPath(new URL('fake-trainer.mjs', import.meta.url)),
  execArgv: [],
};

/** A task for fake-trainer.mjs. */
export const fakeTask = (name: string, seed = 0): Task => ({
  backend: 'cpu',
  plugins: [],
  recipe: {name, seed, data: {name: 'moons'}} as Recipe,
});

/** A task that a fake trainer has begun. */
export interface Begun {
  readonly name: string;
  readonly seed: number;
  readonly point?: unknown;
  readonly pid: number;
  /** Milliseconds, as `Date.now()` has them. */
  readonly at: number;
}

/** What fake trainers have begun, in order. */
export const begun = (log: string): readonly Begun[] =>
  existsSync(log)
    ? readFileSync(log, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Begun)
    : [];

/** Whether a process is there. */
export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
