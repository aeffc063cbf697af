import * as tf from '@tensorflow/tfjs-core';
import type {FinishReason, RunInfo} from '../hooks.ts';
import {having, withDerived} from '../program/program.ts';
import type {MemberRun} from '../state/member-run.ts';
import type {MemberState} from '../state/member-state.ts';
import type {Pace} from './pace.ts';
import {type Recalibration, weightsToEvaluate} from './weights-to-evaluate.ts';

/** Ends a member's run: goes back to a marked state if a plugin asks for it, and settles the final weights. */
export async function finishMember(
  member: MemberRun,
  reason: FinishReason,
  run: RunInfo,
  recalibration: Recalibration | undefined,
  pace: Pace,
): Promise<void> {
  const {program} = member;
  for (const {name, plan, regularizer} of having(program, 'finish')) {
    const mark = member.marks.get(name);
    const context = {
      plan,
      state: member.state.plugins[name] ?? null,
      weights: member.state.weights,
      run,
      reason,
      marked: mark !== undefined,
    };
    if (regularizer.finish?.(context).restore && mark) member.commit(goBackTo(mark, member, name));
  }
  member.ended = reason;
  member.setFinal(await weightsToEvaluate(member, run, recalibration, pace));
}

/** The marked state, but for what its owner has come to know since. */
function goBackTo(mark: MemberState, member: MemberRun, owner: string): MemberState {
  const {plugins, totals} = member.state;
  return {...mark, totals, plugins: {...mark.plugins, [owner]: plugins[owner] ?? null}};
}

/** Writes a member's final weights, derived ones included, into the model. */
export function writeToModel(member: MemberRun): void {
  const [weights] = member.final ?? [];
  tf.tidy(() => {
    member.program.adapter.write(withDerived(member.program, weights ?? member.state.weights));
  });
}
