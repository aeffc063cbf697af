import {fail} from '../lib/errors.ts';
import type {MemberRun} from './member-run.ts';

/**
 * Lets training go on in a further `fit`: of members that were interrupted, or have not reached this many epochs;
 * where a plugin has stopped every one of them, of all.
 *
 * @throws RegularizerError with code `already-trained`
 */
export function reopenRuns(runs: readonly MemberRun[], members: number, epochs: number): void {
  for (const run of runs) {
    const isInterrupted =
      run.ended === 'aborted' ||
      run.ended === 'failed' ||
      // Saved after the signal, while the weights that are left were still being worked out.
      (run.ended === undefined && run.stopped?.by === 'signal');
    if (isInterrupted || (run.ended === 'completed' && run.position.epoch < epochs)) run.reopen();
  }
  if (runs.length < members || runs.some(({ended}) => !ended)) return;
  const done = Math.min(...runs.map(({position}) => position.epoch));
  if (done >= epochs) {
    fail(
      'already-trained',
      `the model is trained for ${done} epochs already`,
      `epochs counts all of them: pass more than ${done} to go on.`,
    );
  }
  for (const run of runs) run.reopen();
}
