// Node only: what an interrupted `lab run` leaves, and going on from it.
import {type Checkpoint, RegularizerError} from '@regularizers/core';
import {loadCheckpoint, previousPath, saveCheckpoint} from '@regularizers/core/node';
import type {Recipe} from '../recipe.ts';
import type {RunHooks} from '../runner.ts';
import {
  type PartialRun,
  readPartial,
  refuseOther,
  refuseToOverwrite,
  refuseToResume,
} from './partial-file.ts';
import {type Interrupted, isThere, type ResultPaths, removeInterrupted, writeJson} from './results.ts';

/**
 * Where a run begins: at a checkpoint, or at the start. From here on the files say which run the checkpoints are of.
 *
 * @param say is told when the last checkpoint is damaged and the one before is taken
 * @throws RegularizerError with code `interrupted` where there is something to go on from and nothing was said of it, or
 *   where a comparison of the same name has left finished runs; `nothing-to-resume`, `other-run`, or those of
 *   `readPartial` and `loadCheckpoint`
 */
export async function beginRun(
  paths: ResultPaths,
  {resume = false, restart = false}: Interrupted,
  run: {readonly recipe: Recipe; readonly backend: string},
  say: (sentence: string) => void,
): Promise<Checkpoint | undefined> {
  const file: PartialRun = {format: 'regularizers-lab run 1', ...run};
  const found = await readPartial(paths.partial, restart);
  if (found?.format === 'regularizers-lab comparison 2' && found.cells.length > 0) {
    refuseOther(paths.partial, 'a comparison', 'another --out, or its recipe another name');
  }
  const isInterrupted = await isThere(paths.checkpoint);
  if (resume) {
    if (found?.format !== 'regularizers-lab run 1') return refuseToResume(paths.partial);
    if (JSON.stringify(found) !== JSON.stringify(file)) refuseOtherRun(paths.partial);
    // Without a checkpoint it was interrupted before the first one.
    return isInterrupted ? lastWhole(paths.checkpoint, say) : undefined;
  }
  if (isInterrupted && !restart) refuseToOverwrite(paths.checkpoint, 'a run');
  await removeInterrupted(paths);
  await writeJson(paths.partial, file);
  return undefined;
}

/** The last checkpoint; where it is damaged the one before, from which the run comes to the same end. */
async function lastWhole(path: string, say: (sentence: string) => void): Promise<Checkpoint> {
  try {
    return await loadCheckpoint(path);
  } catch (error) {
    const previous = previousPath(path);
    const isDamaged = RegularizerError.isInstance(error) && error.code === 'bad-checkpoint';
    if (!isDamaged || !(await isThere(previous))) throw error;
    const checkpoint = await loadCheckpoint(previous);
    say(`${path} is damaged; going on from ${previous}.`);
    return checkpoint;
  }
}

/**
 * Saves checkpoints of a run.
 *
 * @param seconds between two of them, at the least; the last one, where the signal ends the run, doesn't wait
 */
export function checkpointing(
  {checkpoint}: ResultPaths,
  seconds: number,
  signal: AbortSignal,
): NonNullable<RunHooks['onCheckpoint']> {
  let last = performance.now();
  return async (save) => {
    if (!signal.aborted && performance.now() - last < seconds * 1000) return;
    await saveCheckpoint(checkpoint, await save());
    last = performance.now();
  };
}

function refuseOtherRun(path: string): never {
  throw new RegularizerError({
    where: 'lab',
    code: 'other-run',
    message: `${path} is of another recipe or backend`,
    hint: 'Give the same recipe, options and data files as before, or --restart in place of --resume to begin anew.',
  });
}
