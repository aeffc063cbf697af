// What becomes of work on a backend that the browser takes away: the graphics card's memory ran out, its process or
// its driver ended, or the computer slept.
import * as tf from '@tensorflow/tfjs-core';
import {RegularizerError} from '../lib/errors.ts';
import {type Losable, losableOf} from './losable.ts';

type Read = (dataId: object) => Promise<unknown>;
type ReadSync = (dataId: object) => unknown;

const code = 'backend-lost';

/** Follows one backend; from the first moment on, reading from it fails once it is gone, where tfjs waits for ever. */
class Watch {
  readonly #name: string;
  readonly #losable: Losable;
  readonly #listeners = new Set<() => void>();
  #isLost = false;

  constructor(backend: object, name: string, losable: Losable) {
    this.#name = name;
    this.#losable = losable;
    losable.onLoss(() => this.#lose());
    if (!losable.answers()) this.#lose();
    this.#guardReads(backend as {read: Read; readSync: ReadSync});
  }

  /** Whether it is known to be gone: it stays so, even where the browser gives it back, empty. */
  get isLost(): boolean {
    if (!this.#isLost && this.#losable.isGone()) this.#lose();
    return this.#isLost;
  }

  /** @throws RegularizerError with code `backend-lost` if it is known to be gone */
  check(): void {
    if (this.isLost) throw this.error();
  }

  /** What to throw in place of an error that came up on this backend. */
  explain(error: unknown): unknown {
    if (isBackendLost(error)) return error;
    return this.isLost || !this.#answers() ? this.error(error) : error;
  }

  /** Calls once it is gone, at once if it is. Returns what undoes it. */
  listen(listener: () => void): () => void {
    if (this.isLost) listener();
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  error(cause?: unknown): RegularizerError {
    return new RegularizerError({
      where: 'backend',
      code,
      message: `the backend ${this.#name} is lost: the browser took the graphics card away, and every tensor on it`,
      hint:
        'Call renewBackend(), make data, model and trainer anew, and go on from the checkpoint that was saved last. ' +
        'If the card ran out of memory, a smaller model or batch needs less.',
      ...(cause === undefined ? {} : {cause}),
    });
  }

  #answers(): boolean {
    if (!this.#losable.answers()) this.#lose();
    return !this.#isLost;
  }

  #lose(): void {
    if (this.#isLost) return;
    this.#isLost = true;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
    this.#losable.letGo();
  }

  /** All reads, whoever asks: core, a plugin, or the user for a prediction. */
  #guardReads(backend: {read: Read; readSync: ReadSync}): void {
    const read = backend.read.bind(backend);
    const readSync = backend.readSync.bind(backend);
    const checked = <Values>(values: Values): Values => {
      if (this.isLost || !this.#answers()) throw this.error();
      return values;
    };
    backend.read = (dataId) => {
      if (this.isLost) return Promise.reject(this.error());
      return new Promise((resolve, reject) => {
        const stop = this.listen(() => reject(this.error()));
        read(dataId)
          .then(checked)
          .catch((error) => {
            throw this.explain(error);
          })
          .finally(stop)
          .then(resolve, reject);
      });
    };
    backend.readSync = (dataId) => {
      this.check();
      return checked(readSync(dataId));
    };
  }
}

const watches = new WeakMap<object, Watch>();

/** Watches the current backend from now on; undefined where it can't be lost. */
export function watchBackend(): Watch | undefined {
  const backend: object = tf.backend();
  const known = watches.get(backend);
  if (known) return known;
  const losable = losableOf(backend);
  if (!losable) return undefined;
  const watch = new Watch(backend, tf.getBackend(), losable);
  watches.set(backend, watch);
  return watch;
}

/**
 * Runs something on the current backend; whatever goes wrong because the backend is gone is said to be that.
 *
 * @throws RegularizerError with code `backend-lost`, and what `run` throws
 */
export function onBackend<T>(run: () => T): T {
  const watch = watchBackend();
  const checked = <Result>(result: Result): Result => {
    watch?.check();
    return result;
  };
  const explained = (error: unknown): never => {
    throw watch ? watch.explain(error) : error;
  };
  try {
    watch?.check();
    const result = run();
    if (result instanceof Promise) return result.then(checked).catch(explained) as T;
    return checked(result);
  } catch (error) {
    return explained(error);
  }
}

/**
 * Calls `listener` once, when the current backend is lost; where it can't be, never. Work on it fails by itself then,
 * with a RegularizerError of code `backend-lost`: this is for those who have none under way.
 *
 * @returns what undoes it
 */
export function onBackendLost(listener: () => void): () => void {
  return watchBackend()?.listen(listener) ?? (() => undefined);
}

/** True for the error that says that the backend is gone. */
function isBackendLost(error: unknown): error is RegularizerError {
  return RegularizerError.isInstance(error) && error.code === code;
}
