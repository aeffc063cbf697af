// Node only: the files of a search, which several processes may work on.
import {rename} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {RegularizerError} from '@regularizers/core';
import {checkWritable, previousPath} from '@regularizers/core/node';
import {type StudySoFar, type StudyStorage, studySoFar} from '@regularizers/search';
import {studyFile} from '@regularizers/search/node';
import {openFolder} from './open-folder.ts';
import {claimOutput} from './output-lock.ts';
import {refuseToOverwrite, refuseToResume} from './partial-file.ts';
import {type Interrupted, recipeFileOf, stemOf, writeResult} from './results.ts';

/** Where the files of a search are. */
export interface SearchPaths {
  readonly json: string;
  readonly html: string;
  /** The winner, for `lab run`. */
  readonly recipe: string;
  /** What the search is kept in. */
  readonly study: string;
}

/**
 * Makes sure, before anything is trained, that the files of a search can be written.
 *
 * @throws RegularizerError with code `cannot-write`
 */
export async function searchPaths(folder: string, name: string): Promise<SearchPaths> {
  const path = (suffix: string): string => join(folder, `${stemOf(name)}${suffix}`);
  const paths = {
    json: path('.json'),
    html: path('.html'),
    recipe: join(folder, recipeFileOf(name)),
    study: path('.study.jsonl'),
  };
  return openFolder(folder, async () => {
    for (const one of [paths.json, paths.html, paths.recipe]) await checkWritable(one);
    return paths;
  });
}

/**
 * The study to begin, or to go on with: one that came to its end is kept as `….previous.jsonl`.
 *
 * @throws RegularizerError with code `interrupted` where one was, and nothing was said of it; `nothing-to-resume`; `in-use`
 *   where one is to be given up that somebody works on; `bad-study` for a file that is none
 */
export async function openSearchStudy(
  {study: path}: SearchPaths,
  {resume = false, restart = false}: Interrupted,
): Promise<StudyStorage> {
  const storage = studyFile(path);
  const soFar = await standing(storage, restart);
  if (resume) return soFar ? storage : refuseToResume(path);
  if (!soFar) return storage;
  const {trials, isInUse, isReported} = soFar;
  if (isInUse && restart) {
    throw new RegularizerError({
      where: 'lab',
      code: 'in-use',
      message: `another process searches in ${path}`,
      hint: 'Add --resume to share its work, or give another --name or --out.',
    });
  }
  if (!restart && !isReported && (trials.length > 0 || isInUse)) {
    refuseToOverwrite(path, `${trials.length} finished trials of a search`);
  }
  await rename(path, previousPath(path));
  return storage;
}

/** What is no study is as good as one that has ended, where it is given up. */
async function standing(storage: StudyStorage, isGivenUp: boolean): Promise<StudySoFar | undefined> {
  try {
    return await studySoFar(storage);
  } catch (error) {
    if (!isGivenUp || !RegularizerError.isInstance(error) || error.code !== 'bad-study') throw error;
    return {trials: [], isInUse: false, isReported: true};
  }
}

/**
 * Files of a search by what they hold; those of that name that there were are kept, as `….previous.json`.
 *
 * @returns false where another process, which shared the work, is writing them: they are the same
 */
export async function writeSearch(
  folder: string,
  paths: SearchPaths,
  texts: readonly (readonly [path: string, text: string])[],
): Promise<boolean> {
  const release = await claimOrNot(folder, basename(paths.json, '.json'));
  if (!release) return false;
  try {
    for (const [path, text] of texts) await writeResult(path, text);
    return true;
  } finally {
    await release();
  }
}

async function claimOrNot(folder: string, stem: string): Promise<(() => Promise<void>) | undefined> {
  try {
    return await claimOutput(folder, stem);
  } catch (error) {
    if (RegularizerError.isInstance(error) && error.code === 'in-use') return undefined;
    throw error;
  }
}
