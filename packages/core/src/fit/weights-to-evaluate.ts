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
 * trained ones. They are held for the caller, who releases them.
 */
export async function weightsToEvaluate(
  member: MemberRun,
  run: RunInfo,
  recalibration: Recalibration | undefined,
  pace: Pace,
): Promise<readonly Tensors[]> {
  const {program, state, retained} = member;
  const [owner] = having(program, 'evaluation');
  if (!owner) return retained.hold([state.weights]);
  const {name, plan, regularizer} = owner;
  const context = {plan, state: state.plugins[name] ?? null, weights: state.weights, run};
  const named = tf.tidy(() => {
    const answer = regularizer.evaluation?.(context) ?? state.weights;
    const list: readonly Tensors[] = isList(answer) ? answer : [answer];
    return list.map((weights) => ({...state.weights, ...weights}));
  });
  const sets = retained.hold(named);
  if (!owner.recalibrate || !recalibration) return sets;
  try {
    const done: Tensors[] = [];
    for (const weights of sets) done.push(await recalibrated(member, weights, recalibration, pace));
    return retained.hold(done);
  } finally {
    retained.release(sets);
  }
}

/** With statistics of their own, unless they are the trained weights, whose statistics are right. */
function recalibrated(
  {program, state}: MemberRun,
  weights: Tensors,
  {data, batchSize}: Recalibration,
  pace: Pace,
): Promise<Tensors> | Tensors {
  const isTrained = Object.entries(weights).every(([key, tensor]) => state.weights[key] === tensor);
  return isTrained ? weights : recalibrate(program, weights, data, batchSize, pace);
}

function isList(named: Tensors | readonly Tensors[]): named is readonly Tensors[] {
  return Array.isArray(named);
}
