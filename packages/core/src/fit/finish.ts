import * as tf from '@tensorflow/tfjs-core';
import type {FinishReason} from '../hooks.ts';
import type {Tensors} from '../info.ts';
import {having, withDerived} from '../program/program.ts';
import {scope} from '../scope.ts';
import type {MemberRun} from '../state/member-run.ts';
import type {MemberState} from '../state/member-state.ts';
import type {Pace} from './pace.ts';
import type {Work} from './prepare.ts';
import {weightsToEvaluate} from './weights-to-evaluate.ts';

/** Ends a member's run: goes back to a marked state if a plugin asks for it, and settles the final weights. */
export async function finishMember(
  member: MemberRun,
  reason: FinishReason,
  {run, recalibration}: Pick<Work, 'run' | 'recalibration'>,
  pace: Pace,
): Promise<void> {
  const {program} = member;
  member.ended = reason;
  for (const {name, plan, regularizer} of having(program, 'finish')) {
    const mark = member.marks.get(name);
    const {weights, plugins} = member.state;
    const context = {plan, state: plugins[name] ?? null, weights, run, reason, marked: mark !== undefined};
    if (regularizer.finish?.(context).restore && mark) member.commit(goBackTo(mark, member, name));
  }
  member.dropSafe();
  const sets = await weightsToEvaluate(member, run, recalibration, pace);
  member.setFinal(sets);
  member.retained.release(sets);
}

/** The marked state, but for what its owner has come to know since. */
function goBackTo(mark: MemberState, member: MemberRun, owner: string): MemberState {
  const {plugins, totals} = member.state;
  return {...mark, totals, plugins: {...mark.plugins, [owner]: plugins[owner] ?? null}};
}

/** Writes a member's final weights, derived ones included, into the model. */
export function writeToModel(member: MemberRun): void {
  const {program} = member;
  tf.tidy(() => {
    program.adapter.write(withDerived(program, finalWeights(member)));
  });
}

/** Copies of a member's final weights of the model, derived ones included. */
export function trainedWeights(member: MemberRun): Tensors {
  const {program} = member;
  return scope(() => {
    const all = withDerived(program, finalWeights(member));
    return Object.fromEntries(program.adapter.weights.map(({name}) => [name, tf.clone(all[name]!)]));
  });
}

function finalWeights({final, state}: MemberRun): Tensors {
  const [weights] = final ?? [];
  return weights ?? state.weights;
}
