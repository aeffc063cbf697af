import type {Scalar} from '@tensorflow/tfjs-core';
import {callback, number, type Option, oneOf} from '../description/option.ts';
import type {StepPosition} from '../hooks.ts';
import type {Tensors} from '../info.ts';
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

/** The option `learningRate`; a schedule's values are checked as they come. */
export function learningRateOption<const Default extends number>(
  initial: Default,
): Option<LearningRate> & {readonly default: Default} {
  return oneOf<LearningRate>(
    number({min: 0, about: 'The same rate for all steps.'}),
    callback<(position: StepPosition) => number>('a schedule such as cosineDecay({from: 0.1})')({
      about: 'A rate for each step.',
    }),
  )({default: initial, about: 'η, or one per step.'});
}

/** A record of the same names with other values. */
export function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  change: (value: T, name: string) => U,
): Readonly<Record<string, U>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}
