import {type Checkpoint, decodeCheckpoint, encodeCheckpoint, RegularizerError} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {checkpointDifference, expectWeightsAlike} from '../flatten-checkpoint.ts';
import {recordingOf} from '../recording.ts';
import {type Run, withRun} from '../run.ts';
import type {RegularizerSpec} from '../spec.ts';
import {fail} from './fail.ts';

/**
 * Checks that a step that is captured once and replayed as one graph trains as the step does that is run op by op,
 * within the tolerance for training, that such a run resumes to the last bit, and that it leaves no tensors
 * behind.
 *
 * @throws Error that says where they differ; RegularizerError with code `cannot-capture` where a backend has no
 *   executor for it
 */
export async function checkCaptured(spec: RegularizerSpec): Promise<void> {
  const {final: eager} = await recordingOf(spec, 'first');
  const captured = {execution: 'captured'} as const;
  const {halfway, final} = await withRun(spec, captured, trainAndSave);
  expectWeightsAlike(final, eager, 'a captured run ends otherwise than one op by op');
  const before = tf.memory().numTensors;
  const resumed = await withRun(spec, captured, async ({trainer, train}) => {
    await trainer.restore(decodeCheckpoint(encodeCheckpoint(halfway)));
    await train();
    return trainer.save();
  });
  const difference = checkpointDifference(resumed, final);
  if (difference) fail('a captured run that is resumed ends otherwise', difference);
  const left = tf.memory().numTensors - before;
  if (left !== 0) fail('a captured run leaves tensors', `${left}`);
}

async function trainAndSave({trainer, train}: Run): Promise<{halfway: Checkpoint; final: Checkpoint}> {
  let halfway: Checkpoint | undefined;
  await train({
    async onStep({step}) {
      if (step === 2) halfway ??= await trainer.save();
    },
  });
  return {
    halfway: halfway ?? fail('there is nothing to resume', 'training ended early'),
    final: await trainer.save(),
  };
}

const answers = new Map<string, Promise<boolean>>();

/** True where the current backend has an executor for captured steps; asked of each backend once. */
export function canCapture(): Promise<boolean> {
  const backend = tf.getBackend();
  const answer = answers.get(backend) ?? tryToCapture();
  answers.set(backend, answer);
  return answer;
}

async function tryToCapture(): Promise<boolean> {
  try {
    await withRun({create: () => ({name: 'none'})}, {execution: 'captured'}, ({train}) => train({epochs: 1}));
    return true;
  } catch (error) {
    if (RegularizerError.isInstance(error) && error.code === 'cannot-capture') return false;
    throw error;
  }
}
