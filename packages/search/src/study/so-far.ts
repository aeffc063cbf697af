import {checkOption, option} from '@regularizers/core';
import {type Trial, trialNamed} from '../search/trial.ts';
import {type Outcome, readStudy, reported} from './records.ts';
import {isStorage, type StudyStorage} from './storage.ts';

/** A trial that is done, and what came of it. */
export interface StudyTrial extends Trial, Outcome {}

/** What a study says of its search. */
export interface StudySoFar {
  /** In the order in which they were done. */
  readonly trials: readonly StudyTrial[];
  /** Its search came to its end. */
  readonly isReported: boolean;
  /** Somebody who still works has begun a trial that is not done. */
  readonly isInUse: boolean;
}

const described = option.instance<StudyStorage>(
  'a storage such as studyFile(path)',
  isStorage,
)({
  about: 'Where the study is kept.',
  required: true,
});

/**
 * Looks at a study without going on with it.
 *
 * @returns undefined where nobody has begun one
 * @throws RegularizerError with code `bad-option` for what is no storage, `bad-study`, or as the storage
 *
 * @example
 * ```ts
 * import {studySoFar} from '@regularizers/search';
 * import {studyFile} from '@regularizers/search/node';
 *
 * const soFar = await studySoFar(studyFile('study.jsonl'));
 * console.log(soFar?.trials.length ?? 'not begun');
 * ```
 */
export async function studySoFar(storage: StudyStorage): Promise<StudySoFar | undefined> {
  checkOption('studySoFar', 'storage', storage, described);
  const {about, outcomes, claims, decisions} = readStudy(await storage.read());
  if (about === undefined) return undefined;
  return {
    trials: [...outcomes].map(([name, outcome]) => ({...trialNamed(name), ...outcome})),
    isReported: decisions.get(reported) ?? false,
    isInUse: [...claims.values()].some((own) => own.some(({owner}) => storage.isAlive(owner))),
  };
}
