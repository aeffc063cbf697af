// What goes between a search and those that train for it: plain JSON.
import type {Progress} from '@regularizers/core';
import type {FixedBackend} from '../cli/backend-names.ts';
import type {Recipe} from '../recipe.ts';
import type {RunReport} from '../run.ts';
import type {SentError} from '../sent-error.ts';

/** A training: all that decides what comes of it, so that it comes to the same wherever it is done. */
export interface Task {
  readonly backend: FixedBackend;
  /** What `--plugin` named, which whoever trains has to have loaded as well. */
  readonly plugins: readonly string[];
  readonly recipe: Recipe;
  /** Whether the report has what the model makes of its data. @defaultValue false */
  readonly look?: boolean;
}

/** What came of a task: what it was trained to, why it can't be trained, or why this worker can't. */
export type Answer =
  | {readonly report: RunReport}
  | {readonly error: SentError}
  | {readonly refused: SentError};

/** What a process says while it trains, and then. */
export type Said = Answer | {readonly progress: Progress};

/** What ends a task, and who hears of it; those at a queue tell nothing before it has ended. */
export interface TaskHooks {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** How the lab is started in a process of its own. */
export interface Entry {
  /** The file that Node runs. */
  readonly file: string;
  /** What Node itself is given. */
  readonly execArgv: readonly string[];
}

/** Trains what it is handed, elsewhere. */
export interface Workers {
  /**
   * @throws RegularizerError that training throws; with code `worker-lost` where it ended two workers, `no-worker` where
   *   none can train it, `aborted` at the signal
   */
  train(task: Task, hooks?: TaskHooks): Promise<RunReport>;
  close(): Promise<void>;
}
