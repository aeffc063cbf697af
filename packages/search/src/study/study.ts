import {RegularizerError} from '@regularizers/core';
import pLimit from 'p-limit';
import {lineOf, type Outcome, readStudy, type StudyState, studyFormat, studyReader} from './records.ts';
import type {StudyStorage} from './storage.ts';

/** What several processes know together: which trials are done, and who is at work on others. */
export interface Study {
  /** What was known when it was last looked at. */
  readonly state: StudyState;
  /** Looks again. */
  refresh(): Promise<void>;
  /** Whether this search may run a trial: nobody who still works does, and it is not done. */
  claim(trial: string): Promise<boolean>;
  /** Gives a claim back, for others. */
  release(trial: string): Promise<void>;
  finish(trial: string, outcome: Outcome): Promise<void>;
  /** What is decided, for all that work on the study: by whoever asks first. */
  decide(what: string, value: () => boolean): Promise<boolean>;
}

/**
 * Opens a study, or begins one where there is nothing.
 *
 * @param about what is searched, as text: another search may not go on with it
 * @param name a name that no other search has
 * @throws RegularizerError with code `other-study`, or as {@link readStudy}
 */
export async function openStudy(storage: StudyStorage, about: string, name: string): Promise<Study> {
  let state = readStudy(await storage.read());
  /** One after another: what is read later never gives way to what was read before. */
  const inTurn = pLimit(1);
  const read = studyReader();
  const refresh = async (): Promise<void> => {
    state = read(await storage.read());
    if (state.about !== undefined && state.about !== about) throw otherStudy();
  };
  if (state.about === undefined) await storage.append(lineOf({type: 'study', format: studyFormat, about}));
  await refresh();
  /** The first who still works: all that look see the same, since what is written is never moved. */
  const holder = (trial: string): string | undefined =>
    state.claims.get(trial)?.find(({by, owner}) => by === name || storage.isAlive(owner))?.by;
  return {
    get state() {
      return state;
    },
    refresh: () => inTurn(refresh),
    claim: (trial) =>
      inTurn(async () => {
        if (state.outcomes.has(trial)) return false;
        if (holder(trial) === undefined) {
          await storage.append(lineOf({type: 'claim', trial, by: name, owner: storage.owner}));
        }
        await refresh();
        return !state.outcomes.has(trial) && holder(trial) === name;
      }),
    release: (trial) => inTurn(() => storage.append(lineOf({type: 'release', trial, by: name}))),
    finish: (trial, outcome) =>
      inTurn(async () => {
        await storage.append(lineOf({type: 'outcome', trial, outcome}));
        await refresh();
      }),
    decide: (what, value) =>
      inTurn(async () => {
        if (!state.decisions.has(what)) {
          await storage.append(lineOf({type: 'decision', what, value: value()}));
          await refresh();
        }
        return state.decisions.get(what)!;
      }),
  };
}

function otherStudy(): RegularizerError {
  return new RegularizerError({
    where: 'study',
    code: 'other-study',
    message: 'this is the study of another search: of other techniques, settings or seeds',
    hint: 'Go on with it by the options that it was begun with, or give another file.',
  });
}
