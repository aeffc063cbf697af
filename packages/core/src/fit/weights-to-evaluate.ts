import * as tf from '@tensorflow/tfjs-core';
import type {RunInfo} from '../hooks.ts';
import type {Tensors} from '../info.ts';
import {having} from '../program/program.ts';
import type {MemberRun} from '../state/member-run.ts';
import type {CheckedArrays} from './data.ts';
import type {Pace} from './pace.ts';
import {recalibrate} from './recalibrate.ts';

/** Training data in memory, for owners of `evaluation` weights that want batch statistics. */
export interface Recalibration {
  readonly data: CheckedArrays;
  readonly batchSize: number;
}

/**
 * The sets of weights that a member is evaluated with now: those that the owner of `evaluation` names, or the
 * trained ones. What is new in them is kept, and the caller's to dispose of unless it is held.
 */
export async function weightsToEvaluate(
  member: MemberRun,
  run: RunInfo,
  recalibration: Recalibration | undefined,
  pace: Pace,
): Promise<readonly Tensors[]> {
  const {program, state} = member;
  const [owner] = having(program, 'evaluation');
  if (!owner) return [state.weights];
  const {name, plan, regularizer} = owner;
  const context = {plan, state: state.plugins[name] ?? null, weights: state.weights, run};
  const sets = tf.tidy(() => {
    const named = regularizer.evaluation?.(context) ?? state.weights;
    const list: readonly Tensors[] = isList(named) ? named : [named];
    return list.map((weights) => ({...state.weights, ...weights}));
  });
  if (!owner.recalibrate || !recalibration) return sets;
  const done: Tensors[] = [];
  for (const weights of sets) {
    const isTrained = Object.entries(weights).every(([key, tensor]) => state.weights[key] === tensor);
    const {data, batchSize} = recalibration;
    done.push(isTrained ? weights : await recalibrate(program, weights, data, batchSize, pace));
  }
  return done;
}

function isList(named: Tensors | readonly Tensors[]): named is readonly Tensors[] {
  return Array.isArray(named);
}
