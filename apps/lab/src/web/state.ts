import type {Recipe} from '../recipe.ts';
import type {SavedModel} from '../saved-model.ts';
import type {RecipeSearch} from '../search/search-recipes.ts';
import type {SentError} from '../sent-error.ts';
import type {Draft} from './draft.ts';
import type {CameraState} from './drawing/camera-state.ts';
import type {Drawing, Drawn} from './drawing/drawing.ts';
import type {OpenLesson} from './lessons/open-lesson.ts';
import type {KeptData} from './own/kept-data.ts';
import type {WebcamState} from './own/webcam-state.ts';
import type {Problem} from './problem.ts';
import type {EndedRun, RunningRun} from './runs/run.ts';
import type {Step} from './undo.ts';
import type {Trained} from './worker/ask.ts';
import type {BackendChoice, BackendInfo, MnistRequest, Plan, SearchNews, Speed} from './worker/protocol.ts';

/** Data of the user's own. */
export interface OwnState {
  /** What the browser keeps, the newest first. */
  readonly kept: readonly KeptData[];
  /** What is being read, as a person calls it. */
  readonly reading: string | undefined;
  /** Why what was dropped last is not kept. */
  readonly refusal: SentError | undefined;
}

/** The search for what helps. */
export interface SearchState {
  /** How long the next one may take. */
  readonly minutes: number;
  readonly running:
    | {
        readonly minutes: number;
        readonly stopping: boolean;
        /** When it was asked for, and when `news` was told, in milliseconds as `performance.now()` counts. */
        readonly since: number;
        readonly at: number;
        readonly news: SearchNews | undefined;
      }
    | undefined;
  readonly found: RecipeSearch | undefined;
}

/** All that the page shows. */
export interface PageState {
  /** The lesson that is open; undefined in the lab. */
  readonly lesson: OpenLesson | undefined;
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
  readonly own: OwnState;
  /** Where pictures are being taken. */
  readonly webcam: WebcamState | undefined;
  readonly search: SearchState;
  readonly running: RunningRun | undefined;
  /** Why the last run failed. */
  readonly failure: SentError | undefined;
  /** The newest first. */
  readonly runs: readonly EndedRun[];
  /** What runs of this visit trained, as files have it, by their ids: the latest few. */
  readonly saved: ReadonlyMap<string, readonly SavedModel[]>;
  readonly backend: BackendInfo | undefined;
  /** What was measured for the last run that was to be the fastest. */
  readonly speeds: readonly Speed[];
  /** Undefined until one is chosen: then it is whatever is fastest. */
  readonly backendChoice: BackendChoice | undefined;
  /** The row that others are held against, by its key. */
  readonly pinned: string | undefined;
  /** The row that is pointed at, there or in a chart. */
  readonly lit: string | undefined;
  /** What can be undone, the newest last. */
  readonly past: readonly Step[];
  /** Why runs are not kept over a reload, where they are not. */
  readonly notKept: string | undefined;
  readonly logarithmic: boolean;
  /** Where models are asked what the camera sees, in place of the pad. */
  readonly camera: CameraState | undefined;
  /** What is on the pad. */
  readonly drawing: Drawing;
  /** What the models make of it, or of what the camera sees; undefined while there is nothing. */
  readonly drawn: Drawn | undefined;
  /** The models of pictures that this page has trained last, by their run. */
  readonly models: ReadonlyMap<string, Trained>;
  /** What was copied or saved last, in words. */
  readonly taken: string | undefined;
  /** What a screen reader is told. */
  readonly announcement: string;
}

/** How many ended runs are kept. */
export const mostRuns = 200;

/** How many models are kept. */
export const mostModels = 8;
/** Of how many there are files. */
export const mostSaved = 10;

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
