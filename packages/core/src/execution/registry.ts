import * as tf from '@tensorflow/tfjs-core';
import {canCheckEachStep} from '../backend/losable.ts';
import {RegularizerError} from '../lib/errors.ts';
import {SharedRegistry} from '../lib/shared-registry.ts';
import {eagerExecutor} from './eager.ts';
import type {Executor} from './executor.ts';

/** How steps are run: `auto` takes a captured graph where the backend has an executor for it. */
export type Execution = 'auto' | 'eager' | 'captured';

/**
 * Makes an executor of captured steps. With `mayFallBack` a step that cannot be captured runs eagerly; without, it
 * is refused.
 */
export type MakeExecutor = (options: {readonly mayFallBack: boolean}) => Executor;

const executors = new SharedRegistry<MakeExecutor>('executors');

/**
 * Makes a backend's executor of captured steps known, as `registerNative` of `@regularizers/native` does; with
 * undefined the backend has none.
 */
export function registerExecutor(backend: string, make: MakeExecutor | undefined): void {
  executors.set(backend, make);
}

/**
 * The executor for the current backend.
 *
 * @throws RegularizerError with code `cannot-capture` if `captured` is asked for where there is none
 */
export function executorFor(execution: Execution): Executor {
  const make = execution === 'eager' ? undefined : executors.get(tf.getBackend());
  if (make) return make({mayFallBack: execution === 'auto'});
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
