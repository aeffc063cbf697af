import {keyTensor} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {makeBatch} from '../fit/source.ts';
import {compiledPrograms} from '../kernels/webgl.ts';
import {scope} from '../scope.ts';
import {runStep} from '../step/step.ts';
import {type Executor, makeFeed} from './executor.ts';

/**
 * Runs the step op by op, on any backend. The state before the last step is kept where each step's report is
 * looked at, so that a step that spoils the weights can be taken back.
 */
export function eagerExecutor(keepLast: boolean): Executor {
  return {
    name: 'eager',
    step({member, call}) {
      const compiled = compiledPrograms();
      const {state, report} = scope(() => {
        const batches = call.batches.map(makeBatch);
        const feed = makeFeed(call, batches, {scalar: (value) => tf.scalar(value), key: keyTensor});
        return runStep(member.program, member.state, feed);
      });
      return {
        report,
        weights: member.state.weights,
        isWarmUp: compiledPrograms() > compiled,
        accept: () => member.commit(state, keepLast),
        reject: () => member.drop(state),
      };
    },
    compute: (_, run, tree) => scope(() => run(tree)),
    release: () => undefined,
  };
}
