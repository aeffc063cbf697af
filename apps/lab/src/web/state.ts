import type {EpochReport, Progress} from '@regularizers/core';
import type {Recipe} from '../recipe.ts';
import type {RunReport} from '../run.ts';
import type {SentError} from '../sent-error.ts';
import type {Draft} from './draft.ts';
import type {Problem} from './problem.ts';
import type {BackendInfo, MnistRequest, Phase, Plan} from './worker/protocol.ts';

/** A run that is training. */
export interface RunningRun {
  readonly id: number;
  readonly recipe: Recipe;
  readonly phase: Phase;
  readonly stopping: boolean;
  readonly progress: Progress | undefined;
  /** When its first step was done, in milliseconds as `performance.now()` counts. */
  readonly trainingSince: number | undefined;
  /** When `progress` was told. */
  readonly progressAt: number | undefined;
  readonly history: readonly EpochReport[];
}

/** A run that ended. */
export interface EndedRun {
  readonly id: number;
  readonly recipe: Recipe;
  readonly history: readonly EpochReport[];
  /** Left out where the run failed or was cut off. */
  readonly report: RunReport | undefined;
  /** Why it failed, where it did. */
  readonly failure: SentError | undefined;
  /** Seconds until the first step was done. */
  readonly warmUp: number | undefined;
  readonly backend: BackendInfo | undefined;
  /** Its curves are drawn. */
  readonly shown: boolean;
}

/** All that the page shows. */
export interface PageState {
  readonly draft: Draft;
  /** The draft as a recipe, if it is one. */
  readonly recipe: Recipe | undefined;
  /** Why the draft can't be trained. */
  readonly problem: Problem | undefined;
  /** What a worker said of {@link planned}, which may be the recipe before. */
  readonly plan: Plan | undefined;
  readonly planned: Recipe | undefined;
  /** Techniques that can do nothing with the recipe's data and model, and why. */
  readonly misfits: ReadonlyMap<string, string>;
  readonly mnist: MnistRequest;
  readonly running: RunningRun | undefined;
  /** Why the last run failed. */
  readonly failure: SentError | undefined;
  /** The newest first. */
  readonly runs: readonly EndedRun[];
  readonly backend: BackendInfo | undefined;
  readonly logarithmic: boolean;
  /** What a screen reader is told. */
  readonly announcement: string;
}

/** How many ended runs are kept. */
export const mostRuns = 12;

/** How many colours there are for runs. */
export const colours = 6;

/** The colour that a run's curves and its row have. */
export const colourOf = ({id}: {readonly id: number}): number => (id - 1) % colours;

/** Holds the page's state; whoever listens is told once after any number of changes at a time. */
export interface Store {
  get(): PageState;
  set(change: Partial<PageState>): void;
}

/** @param onChange called after changes, not during them */
export function createStore(first: PageState, onChange: () => void): Store {
  let state = first;
  let isWaiting = false;
  return {
    get: () => state,
    set(change) {
      state = {...state, ...change};
      if (isWaiting) return;
      isWaiting = true;
      queueMicrotask(() => {
        isWaiting = false;
        onChange();
      });
    },
  };
}
