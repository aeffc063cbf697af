import * as tf from '@tensorflow/tfjs-core';
import {RegularizerError} from '../errors.ts';
import {canCheckEachStep} from '../fit/finite.ts';
import {eagerExecutor} from './eager.ts';
import type {Executor} from './executor.ts';

/** How steps are run: `auto` takes a captured graph where the backend has an executor for it. */
export type Execution = 'auto' | 'eager' | 'captured';

// On the global object, so that an executor reaches every installed copy of this package.
const key = Symbol.for('regularizers.executors');
const holder = globalThis as {[key]?: Map<string, () => Executor>};
const executors = (holder[key] ??= new Map<string, () => Executor>());

/** Makes a backend's executor of captured steps known: what `registerNative` of `@regularizers/native` does. */
export function registerExecutor(backend: string, make: () => Executor): void {
  executors.set(backend, make);
}

/**
 * The executor for the current backend.
 *
 * @throws RegularizerError with code `cannot-capture` if `captured` is asked for where there is none
 */
export function executorFor(execution: Execution): Executor {
  const make = execution === 'captured' ? executors.get(tf.getBackend()) : undefined;
  if (make) return make();
  if (execution === 'captured') {
    throw new RegularizerError({
      where: 'trainer',
      code: 'cannot-capture',
      message: `the backend ${tf.getBackend()} cannot run a captured step`,
      hint: "Register the native backend with @regularizers/native, or take execution: 'auto'.",
    });
  }
  return eagerExecutor(canCheckEachStep());
}
