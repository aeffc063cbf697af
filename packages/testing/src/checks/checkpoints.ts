import {type Checkpoint, decodeCheckpoint, encodeCheckpoint} from '@regularizers/core';
import {checkpointDifference} from '../flatten-checkpoint.ts';
import {type Recording, recordingOf, type Saved} from '../recording.ts';
import {withRun} from '../run.ts';
import type {RegularizerSpec} from '../spec.ts';
import {fail} from './fail.ts';

/**
 * Checks that a run that is saved, encoded, decoded, restored into a new trainer with a new model and gone on with
 * ends as one that was never interrupted, to the last bit: from within an epoch, from the end of one, and from
 * as late as there is a checkpoint.
 *
 * @throws Error that says where the runs differ
 */
export async function checkResume(spec: RegularizerSpec): Promise<void> {
  const recording = await recordingOf(spec, 'first');
  for (const {where, checkpoint} of chosen(recording)) {
    const resumed = await withRun(spec, {}, async ({trainer, train}) => {
      await trainer.restore(decodeCheckpoint(encodeCheckpoint(checkpoint)));
      await train();
      return trainer.save();
    });
    const difference = checkpointDifference(resumed, recording.final);
    if (difference) fail(`a run resumed from ${where} ends otherwise`, difference);
  }
}

/** The first within an epoch, the first at an epoch's end, and the last within an epoch. */
function chosen({saved}: Recording): readonly Saved[] {
  const within = saved.filter(({where}) => !where.endsWith('end'));
  const atEnd = saved.find(({where}) => where.endsWith('end'));
  const all = [within[0], atEnd, within.at(-1)].filter((one) => one !== undefined);
  if (all.length === 0) fail('the plugin left nothing to resume', 'training ended before its second step');
  return [...new Set(all)];
}

/**
 * Checks that the plugin's state is made of what a checkpoint can hold: encoded and decoded it is the same, and
 * a trainer that is restored from it saves the same again.
 *
 * @throws Error that says which value is not
 */
export async function checkStateSurvives(spec: RegularizerSpec): Promise<void> {
  const {saved, final} = await recordingOf(spec, 'first');
  const checkpoints = [...saved, {where: 'the end', checkpoint: final}];
  for (const {where, checkpoint} of checkpoints) {
    const difference = checkpointDifference(decodeCheckpoint(encodeCheckpoint(checkpoint)), checkpoint);
    if (difference) fail(`the state at ${where} is not that which was saved`, difference);
  }
  const again = await withRun(spec, {}, async ({trainer}): Promise<Checkpoint> => {
    await trainer.restore(decodeCheckpoint(encodeCheckpoint(final)));
    return trainer.save();
  });
  const difference = checkpointDifference(again, final);
  if (difference) fail('a restored trainer saves something else', difference);
}
