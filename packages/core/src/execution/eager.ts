import {keyTensor} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {makeBatch} from '../data/source.ts';
import {compiledPrograms} from '../kernels/webgl.ts';
import {scope} from '../lib/scope.ts';
import {runStep} from '../step/step.ts';
import {type Executor, type MemberCall, makeFeed, type Session, type StepOutcome} from './executor.ts';

/** Runs steps op by op, on any backend, of one member after another. See {@link eagerSession}. */
export function eagerExecutor(keepLast: boolean): Executor {
  return {room: () => 1, open: () => eagerSession(keepLast)};
}

/**
 * Members whose states are their own. With `keepLast` the state before the last step is kept: where each step's
 * report is looked at, a step that spoils the weights can be taken back.
 */
export function eagerSession(keepLast: boolean): Session {
  return {
    step: (calls) => calls.map((call) => eagerStep(call, keepLast)),
    compute: (_, run, tree) => scope(() => run(tree)),
    release: () => undefined,
    close: () => undefined,
  };
}

function eagerStep(call: MemberCall, keepLast: boolean): StepOutcome {
  const {member} = call;
  const compiled = compiledPrograms();
  const {state, report} = scope(() => {
    const batches = call.batches.map(makeBatch);
    const feed = makeFeed(call, batches, {scalar: (value) => tf.scalar(value), key: keyTensor});
    return runStep(member.program, member.state, feed);
  });
  return {
    report,
    isWarmUp: compiledPrograms() > compiled,
    accept: () => member.commit(state, keepLast),
    reject: () => member.drop(state),
  };
}
