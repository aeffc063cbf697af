import type {EpochReport, Progress} from '@regularizers/core';
import type {Look} from '../../looks/look.ts';
import type {Recipe} from '../../recipe.ts';
import type {RunReport} from '../../run.ts';
import type {SentError} from '../../sent-error.ts';
import type {BackendInfo, Phase} from '../worker/protocol.ts';

/** A run that is training. */
export interface RunningRun {
  readonly id: string;
  /** The row of the table that it goes to, where there is one already. */
  readonly key: string;
  readonly colour: number;
  /** Which it is of how many that were asked for. */
  readonly place: {readonly index: number; readonly of: number};
  readonly recipe: Recipe;
  readonly phase: Phase;
  readonly stopping: boolean;
  readonly progress: Progress | undefined;
  /** When its first step was done, in milliseconds as `performance.now()` counts. */
  readonly trainingSince: number | undefined;
  /** When `progress` was told. */
  readonly progressAt: number | undefined;
  /** As much as can be drawn. */
  readonly history: readonly EpochReport[];
  /** What the model makes of its data by now. */
  readonly look: Look | undefined;
}

/** A run that ended. */
export interface EndedRun {
  readonly id: string;
  /** As `Date.now()` counts. */
  readonly endedAt: number;
  readonly recipe: Recipe;
  /** As much as can be drawn. */
  readonly history: readonly EpochReport[];
  /** What the model makes of its data at the end. */
  readonly look: Look | undefined;
  /** Left out where the run failed or was cut off. */
  readonly report: RunReport | undefined;
  /** Why it failed, where it did. */
  readonly failure: SentError | undefined;
  /** Seconds until the first step was done. */
  readonly warmUp: number | undefined;
  readonly backend: BackendInfo | undefined;
  /** Tells test sets apart; undefined where it came to none. */
  readonly data: string | undefined;
  /** That of its curves and its row. */
  readonly colour: number;
  /** Its curves are drawn. */
  readonly shown: boolean;
}
