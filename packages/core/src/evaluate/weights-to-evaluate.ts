import * as tf from '@tensorflow/tfjs-core';
import {checkEvaluation} from '../answers/host.ts';
import type {Pace} from '../backend/pace.ts';
import type {Source} from '../data/source.ts';
import type {Tensors} from '../info.ts';
import type {MemberRun} from '../member/member-run.ts';
import {having, type PluginWith, type Program} from '../plugins/program.ts';
import type {RunInfo} from '../regularizer.ts';
import type {MemberState} from '../state/member-state.ts';

/** What the weights to evaluate with may depend on besides a member. */
export interface EvaluationNeeds {
  readonly run: RunInfo;
  /** The training data, for owners that want batch statistics. */
  readonly source: Source;
  readonly pace: Pace;
  /** Ends reading it; left out, it is waited for. */
  readonly signal?: AbortSignal | undefined;
}

/** The plugin that chooses the weights to evaluate with. */
export function evaluationOwner(program: Program): PluginWith<'evaluation'> | undefined {
  return having(program, 'evaluation')[0];
}

/**
 * The sets of weights that a member is evaluated with in a state of its own: those that the owner of `evaluation`
 * names, or the trained ones. They are held for the caller, who releases them.
 */
export async function weightsToEvaluate(
  {program, retained}: MemberRun,
  state: MemberState,
  {run, source, pace, signal}: EvaluationNeeds,
): Promise<readonly Tensors[]> {
  const owner = evaluationOwner(program);
  if (!owner) return retained.hold([state.weights]);
  const {name, plan, regularizer} = owner;
  const context = {plan, state: state.plugins[name] ?? null, weights: state.weights, run};
  const named = tf.tidy(() => {
    const answer: unknown = regularizer.evaluation(context);
    checkEvaluation({name, hook: 'evaluation'}, answer, program.weights);
    const list: readonly Tensors[] = isList(answer) ? answer : [answer];
    return list.map((weights) => ({...state.weights, ...weights}));
  });
  const sets = retained.hold(named);
  if (!owner.recalibrate) return sets;
  const done: Tensors[] = [];
  try {
    const {recalibrate} = await import('./recalibrate.ts');
    for (const weights of sets) {
      // The trained weights' own statistics are right.
      const isTrained = Object.entries(weights).every(([key, tensor]) => state.weights[key] === tensor);
      const right = isTrained ? weights : await recalibrate(program, weights, source, pace, signal);
      done.push(retained.hold(right));
    }
    return done;
  } catch (error) {
    retained.release(done);
    throw error;
  } finally {
    retained.release(sets);
  }
}

function isList(named: Tensors | readonly Tensors[]): named is readonly Tensors[] {
  return Array.isArray(named);
}
