import type {Scalar} from '@tensorflow/tfjs-core';
import type {StepPosition} from '../hooks.ts';
import type {Tensors} from '../info.ts';
import {checkNumber} from '../options.ts';
import type {StateTree} from '../tree.ts';

/** A learning rate, or one per step. */
export type LearningRate = number | ((position: StepPosition) => number);

/** What an optimizer's `update` reads. */
export interface UpdateStep<State extends StateTree = StateTree> {
  readonly state: State;
  readonly learningRate: Scalar;
  /** What the optimizer's `scalars` returned for this step, as 0-D tensors. */
  readonly scalars: Readonly<Record<string, Scalar>>;
}

/** An optimizer as two pure functions: first state; and weights, gradients, state → weights, state. */
export interface Optimizer<
  // biome-ignore lint/suspicious/noExplicitAny: the trainer holds any optimizer; its state is its own
  State extends StateTree = any,
> {
  readonly name: string;
  readonly learningRate: LearningRate;
  /** The first state, from the trained weights. */
  init(weights: Tensors): State;
  /** Host numbers that change from step to step, which counts from 1. */
  scalars?(step: number): Readonly<Record<string, number>>;
  update(
    weights: Tensors,
    gradients: Tensors,
    step: UpdateStep<State>,
  ): {readonly weights: Tensors; readonly state: State};
}

/** Checks a constant learning rate; a schedule's values are checked as they come. */
export function checkLearningRate(where: string, learningRate: LearningRate): LearningRate {
  if (typeof learningRate === 'number') checkNumber(where, 'learningRate', learningRate, {min: 0});
  return learningRate;
}

/** A record of the same names with other values. */
export function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  change: (value: T, name: string) => U,
): Readonly<Record<string, U>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}
