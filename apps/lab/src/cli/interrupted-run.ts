// Node only: what an interrupted `lab run` leaves, and going on from it.
import {access} from 'node:fs/promises';
import {type Checkpoint, RegularizerError} from '@regularizers/core';
import {loadCheckpoint, previousPath, saveCheckpoint} from '@regularizers/core/node';
import {z} from 'zod';
import type {Recipe} from '../recipe.ts';
import type {RunHooks} from '../runner.ts';
import {
  type Interrupted,
  type ResultPaths,
  readJson,
  refuseToOverwrite,
  removeInterrupted,
  writeJson,
} from './results.ts';

/** Which run a checkpoint is of. */
interface RunFile {
  readonly format: 'regularizers-lab run 1';
  readonly recipe: Recipe;
  readonly backend: string;
}

/**
 * Where a run begins: at a checkpoint, or at the start. From here on the files say which run the checkpoints are of.
 *
 * @param say is told when the last checkpoint is damaged and the one before is taken
 * @throws RegularizerError with code `interrupted` where there is something to go on from and nothing was said of it;
 *   `nothing-to-resume`, `other-run`, or those of `loadCheckpoint`
 */
export async function beginRun(
  paths: ResultPaths,
  {resume = false, restart = false}: Interrupted,
  run: Omit<RunFile, 'format'>,
  say: (sentence: string) => void,
): Promise<Checkpoint | undefined> {
  const file: RunFile = {format: 'regularizers-lab run 1', ...run};
  const isInterrupted = await isThere(paths.checkpoint);
  if (resume) {
    const saved = await readJson<RunFile>(paths.partial);
    if (JSON.stringify(saved) !== JSON.stringify(file)) refuseOther(paths.partial);
    // Without a checkpoint it was interrupted before the first one.
    return isInterrupted ? lastWhole(paths.checkpoint, say) : undefined;
  }
  if (isInterrupted && !restart) refuseToOverwrite(paths.checkpoint, 'a run');
  if (!restart) await refuseComparison(paths.partial);
  await removeInterrupted(paths);
  await writeJson(paths.partial, file);
  return undefined;
}

/** A comparison of the same name may have left its finished runs there; a run without a checkpoint has nothing to lose. */
async function refuseComparison(partial: string): Promise<void> {
  if (!(await isThere(partial))) return;
  const isRun = z.object({format: z.literal('regularizers-lab run 1')}).safeParse(await readJson(partial));
  if (!isRun.success) refuseToOverwrite(partial, 'something other than a run, such as a comparison,');
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

function refuseOther(path: string): never {
  throw new RegularizerError({
    where: 'lab',
    code: 'other-run',
    message: `${path} is of another recipe or backend`,
    hint: 'Give the same recipe and options as before, or --restart in place of --resume to begin anew.',
  });
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
