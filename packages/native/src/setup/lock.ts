import {mkdirSync, rmSync, statSync, utimesSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {aborted} from './run.ts';

const beat = 2_000;

/** What {@link lock} needs to know besides the path. */
export interface LockOptions {
  /** Called once if another process holds the lock. */
  readonly onWait?: () => void;
  /** Gives up waiting. */
  readonly signal?: AbortSignal | undefined;
  /** After how many milliseconds without a sign of life a holder counts as dead. @defaultValue 20 s */
  readonly stale?: number;
}

/**
 * Waits until no other process holds a lock and takes it. The lock is a folder whose time its holder renews.
 * It saves two set-ups from doing the work twice; that the cache is right doesn't depend on it.
 *
 * @param path - the lock
 * @param options - how to wait
 * @returns the lock, released at the end of the block that holds it with `using`
 * @throws NativeError `aborted`
 */
export async function lock(path: string, options: LockOptions = {}): Promise<Disposable> {
  const {onWait, signal, stale = 20_000} = options;
  for (let waited = false; !take(path); waited = true) {
    if (!waited) onWait?.();
    if (age(path) > stale) rmSync(path, {recursive: true, force: true});
    else await sleep(100);
    if (signal?.aborted) throw aborted(signal);
  }
  const heart = setInterval(() => touch(path), beat);
  heart.unref();
  return {
    [Symbol.dispose]: () => {
      clearInterval(heart);
      rmSync(path, {recursive: true, force: true});
    },
  };
}

function take(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function age(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0; // released just now
  }
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // taken away as stale: the cache is published atomically all the same
  }
}
