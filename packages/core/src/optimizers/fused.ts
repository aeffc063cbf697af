import type {Tensor} from '@tensorflow/tfjs-core';
import {type FusedUpdate, updateOnWebGL} from '../kernels/fused-update.ts';

/** Runs an update in place of `compose`, which says what it computes. */
export type FusedRunner = (update: FusedUpdate, compose: () => readonly Tensor[]) => readonly Tensor[];

let runner: FusedRunner | undefined;

/** Updates one weight: by a fused kernel of the executor or the backend if there is one, else by the ops of `compose`. */
export function fusedUpdate(update: FusedUpdate, compose: () => readonly Tensor[]): readonly Tensor[] {
  return runner ? runner(update, compose) : (updateOnWebGL(update) ?? compose());
}

/** Runs a step with fused updates going to `next`. */
export function withFusedRunner<T>(next: FusedRunner, run: () => T): T {
  const last = runner;
  runner = next;
  try {
    return run();
  } finally {
    runner = last;
  }
}
