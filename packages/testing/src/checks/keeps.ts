import type {Checkpoint} from '@regularizers/core';
import {flattenCheckpoint} from '../flatten-checkpoint.ts';
import {recordingOf} from '../recording.ts';
import {fixtureOf, type RegularizerSpec} from '../spec.ts';
import {fail} from './fail.ts';

/**
 * Checks that the plugin keeps no more sets of the model's weights than its `keeps` says, in its state and as marked
 * ones. A state of fewer numbers than half the model's weights is none.
 *
 * @throws Error that says how many sets it keeps, and where in the run
 */
export async function checkKeeps(spec: RegularizerSpec): Promise<void> {
  const fixture = fixtureOf(spec);
  const {name, keeps = 0} = spec.create(fixture);
  fixture.dispose();
  const {saved, final} = await recordingOf(spec, 'first');
  for (const {where, checkpoint} of [...saved, {where: 'the end', checkpoint: final}]) {
    for (const [member, sets] of setsKept(checkpoint, name).entries()) {
      if (sets <= keeps + 0.5) continue;
      fail(
        'the plugin keeps more sets of weights than it says',
        `${sets.toFixed(1)} of member ${member} at ${where}, and its keeps is ${keeps}`,
      );
    }
  }
}

/** How many sets of each member's weights a plugin's state and marks come to. */
function setsKept(checkpoint: Checkpoint, plugin: string): readonly number[] {
  const flat = [...flattenCheckpoint(checkpoint)];
  const numbersUnder = (path: string): number =>
    flat
      .filter(([at]) => at.startsWith(`${path}/`))
      .reduce((sum, [, leaf]) => sum + (typeof leaf === 'object' && leaf ? leaf.values.length : 1), 0);
  return checkpoint.members.map(({marks}, member) => {
    const ofState = numbersUnder(`${member}/state/plugins/${plugin}`);
    return ofState / numbersUnder(`${member}/state/weights`) + (marks[plugin]?.length ?? 0);
  });
}
