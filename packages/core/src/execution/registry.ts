import * as tf from '@tensorflow/tfjs-core';
import {canCheckEachStep} from '../backend/losable.ts';
import {RegularizerError} from '../lib/errors.ts';
import {SharedRegistry} from '../lib/shared-registry.ts';
import {eagerExecutor} from './eager.ts';
import type {Executor} from './executor.ts';

/** How steps are run: `auto` takes a captured graph where the backend has an executor for it. */
export type Execution = 'auto' | 'eager' | 'captured';

/** What cannot be captured, and runs op by op. */
export type FallBack = (what: 'steps' | 'evaluation', why: RegularizerError) => void;

/**
 * Makes an executor of captured steps. With `fallBack`, which is told of it, what cannot be captured runs eagerly;
 * without, it is refused.
 */
export type MakeExecutor = (options: {readonly fallBack: FallBack | undefined}) => Executor;

const executors = new SharedRegistry<MakeExecutor>('executors');

/**
 * Makes a backend's executor of captured steps known, as `registerNative` of `@regularizers/native` does; with
 * undefined the backend has none.
 */
export function registerExecutor(backend: string, make: MakeExecutor | undefined): void {
  executors.set(backend, make);
}

/** Why steps run op by op on the current backend, whatever is in them; undefined where they are captured. */
export function whyEager(execution: Execution): string | undefined {
  if (execution === 'eager') return "execution: 'eager' asks for it";
  return executors.get(tf.getBackend()) ? undefined : `the backend ${tf.getBackend()} captures no steps`;
}

/**
 * The executor for the current backend.
 *
 * @throws RegularizerError with code `cannot-capture` if `captured` is asked for where there is none
 */
export function executorFor(execution: Execution, fallBack: FallBack): Executor {
  const make = execution === 'eager' ? undefined : executors.get(tf.getBackend());
  if (make) return make({fallBack: execution === 'auto' ? fallBack : undefined});
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
