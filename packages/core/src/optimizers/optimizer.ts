import * as tf from '@tensorflow/tfjs-core';
import {instance, number, type Option, oneOf} from '../description/option.ts';
import type {Tensors} from '../info.ts';
import {describeValue} from '../lib/describe-value.ts';
import {RegularizerError} from '../lib/errors.ts';
import {memberOf} from '../lib/given.ts';
import type {StateTree} from '../lib/tree.ts';
import type {StepPosition} from '../regularizer.ts';
import type {FusedRunner} from './fused.ts';
import {cosineDecay, exponentialDecay} from './schedules.ts';

/** A learning rate, or one per step. */
export type LearningRate = number | ((position: StepPosition) => number);

/** What an optimizer's `update` reads. */
export interface UpdateStep<State extends StateTree = StateTree> {
  readonly state: State;
  readonly learningRate: tf.Scalar;
  /** What the optimizer's `scalars` returned for this step, as 0-D tensors. */
  readonly scalars: Readonly<Record<string, tf.Scalar>>;
  /** How the executor runs an update by itself, left out where it doesn't: hand it on to an optimizer within yours. */
  readonly fused?: FusedRunner;
}

/** An optimizer as two pure functions: first state; and weights, gradients, state → weights, state. */
export interface Optimizer<State extends StateTree = StateTree> {
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

const schedule = 'a schedule such as cosineDecay({from: 0.1})';

/** A factory that was not called is a function too. */
function isSchedule(value: unknown): boolean {
  return typeof value === 'function' && value !== cosineDecay && value !== exponentialDecay;
}

/**
 * Checks the form of an optimizer, a user's own too.
 *
 * @throws RegularizerError with code `bad-optimizer`
 */
export function checkOptimizer(optimizer: Optimizer): void {
  const isRate = (value: unknown): boolean =>
    typeof value === 'number' ? Number.isFinite(value) && value >= 0 : isSchedule(value);
  const isFunction = (value: unknown): boolean => typeof value === 'function';
  const parts = {
    name: ['a text', (value: unknown) => typeof value === 'string' && value !== ''],
    learningRate: [`a finite number of at least 0, or ${schedule}`, isRate],
    init: ['a function', isFunction],
    update: ['a function', isFunction],
    scalars: ['a function, or left out', (value: unknown) => value === undefined || isFunction(value)],
  } as const satisfies Readonly<Record<keyof Optimizer, readonly [string, (value: unknown) => boolean]>>;
  for (const [key, [what, fits]] of Object.entries(parts)) {
    const value = memberOf(optimizer, key);
    if (fits(value)) continue;
    throw new RegularizerError({
      where: 'trainer',
      code: 'bad-optimizer',
      message: `${key} of the optimizer must be ${what}; received ${describeValue(value)}`,
      hint: 'An optimizer is {name, learningRate, init, update}, such as adam() makes one.',
    });
  }
}

/** The option `learningRate`; a schedule's values are checked as they come. */
export function learningRateOption<const Default extends number>(
  initial: Default,
): Option<LearningRate> & {readonly default: Default} {
  return oneOf<LearningRate>(
    number({min: 0, about: 'The same rate for all steps.'}),
    instance<(position: StepPosition) => number>(
      schedule,
      isSchedule,
    )({
      about: 'A rate for each step.',
    }),
  )({default: initial, about: 'η, or one per step.'});
}

/** An option in [0, 1): how much stays from step to step. */
export function shareOption<const Default extends number>(
  initial: Default,
  about: string,
): Option<number> & {readonly default: Default} {
  return number({min: 0, max: 1, maxExclusive: true, default: initial, about});
}

/** β·last + (1−β)·next, with one multiplication: last + (1−β)·(next − last). */
export function blend(last: tf.Tensor, next: tf.Tensor, beta: number): tf.Tensor {
  return tf.add(last, tf.mul(tf.sub(next, last), 1 - beta));
}
