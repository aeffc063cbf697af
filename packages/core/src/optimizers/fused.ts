import type {Tensor} from '@tensorflow/tfjs-core';
import {updateOnWebGL} from '../kernels/fused-update.ts';

/** One weight's update, as an executor with a fused kernel for it may run it. */
export interface FusedUpdate {
  readonly kind: 'sgd' | 'momentum' | 'nesterov' | 'adam';
  /** The weight, then the optimizer's slots; the results come in the same order. */
  readonly slots: readonly Tensor[];
  readonly gradient: Tensor;
  /** The learning rate of this step, corrections included: 0-D. */
  readonly rate: Tensor;
  /** Hyperparameters by name. */
  readonly constants: Readonly<Record<string, number>>;
}

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
