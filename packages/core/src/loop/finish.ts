import * as tf from '@tensorflow/tfjs-core';
import {checkFinish} from '../answers/host.ts';
import {type EvaluationNeeds, weightsToEvaluate} from '../evaluate/weights-to-evaluate.ts';
import type {Tensors} from '../info.ts';
import {mapValues} from '../lib/map-values.ts';
import {scope} from '../lib/scope.ts';
import {pickTensors} from '../lib/tensors.ts';
import type {MemberRun} from '../member/member-run.ts';
import {having, withDerived} from '../plugins/program.ts';
import type {FinishReason, RunInfo} from '../regularizer.ts';

/**
 * Ends a member's run: settles the weights that it is left with, those that a plugin marked if it asks for them.
 * The state, from which a further run goes on, stays as it is.
 */
export async function finishMember(
  member: MemberRun,
  reason: FinishReason,
  needs: EvaluationNeeds,
): Promise<void> {
  member.ended = reason;
  const restored = marksToRestore(member, reason, needs.run);
  member.dropSafe();
  const sets = restored
    ? member.retained.hold(restored)
    : await weightsToEvaluate(member, member.state, needs);
  member.setFinal(sets);
  member.retained.release(sets);
}

/** The marked weights that a plugin asks for. */
function marksToRestore(
  {program, state, marks}: MemberRun,
  reason: FinishReason,
  run: RunInfo,
): readonly Tensors[] | undefined {
  let restored: readonly Tensors[] | undefined;
  for (const {name, plan, regularizer} of having(program, 'finish')) {
    const mark = marks.get(name);
    const context = {
      plan,
      state: state.plugins[name] ?? null,
      weights: state.weights,
      run,
      reason,
      marked: mark !== undefined,
    };
    const decision: unknown = regularizer.finish(context);
    checkFinish({name, hook: 'finish'}, decision);
    if (decision.restore) restored = mark;
  }
  return restored;
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
    const names = program.adapter.weights.map(({name}) => name);
    return mapValues(pickTensors(all, names), (weight) => tf.clone(weight));
  });
}

function finalWeights({final, state}: MemberRun): Tensors {
  return final?.at(-1) ?? state.weights;
}
