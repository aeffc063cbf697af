// Node only: what an interrupted `lab compare` leaves, and going on from it.
import {RegularizerError} from '@regularizers/core';
import type {Cell, Comparison} from '../compare.ts';
import {readPartial, refuseOther, refuseToOverwrite, refuseToResume} from './partial-file.ts';
import {type Interrupted, isThere, type ResultPaths} from './results.ts';

/**
 * The finished runs of an interrupted comparison.
 *
 * @throws RegularizerError with code `interrupted` where there are some and nothing was said of them, or where a run of
 *   the same name has left a checkpoint; `nothing-to-resume`; `other-comparison` where the file is of another comparison
 *   or another backend, whose runs must not be mixed with these; or those of `readPartial`
 */
export async function finishedRuns(
  paths: ResultPaths,
  {resume = false, restart = false}: Interrupted,
  comparison: Comparison,
  backend: string,
): Promise<readonly Cell[]> {
  const found = await readPartial(paths.partial, restart);
  // A run without a checkpoint has nothing to lose.
  if (await isThere(paths.checkpoint)) refuseOther(paths.checkpoint, 'a run', 'another --name or --out');
  if (restart) return [];
  const saved = found?.format === 'regularizers-lab comparison 2' ? found : undefined;
  if (!resume) {
    if (saved && saved.cells.length > 0) {
      refuseToOverwrite(paths.partial, `${saved.cells.length} finished runs of a comparison`);
    }
    return [];
  }
  if (!saved) return refuseToResume(paths.partial);
  const isSame = JSON.stringify(saved.comparison) === JSON.stringify(comparison) && saved.backend === backend;
  if (isSame) return saved.cells;
  throw new RegularizerError({
    where: 'lab',
    code: 'other-comparison',
    message: `${paths.partial} holds runs of another comparison or backend`,
    hint: 'Give the same options and data files as before, or --restart in place of --resume to begin anew.',
  });
}
