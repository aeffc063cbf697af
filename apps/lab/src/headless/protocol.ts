import {type EpochReport, type Progress, RegularizerError} from '@regularizers/core';
import type {Recipe} from '../recipe.ts';
import type {Preview, RunReport} from '../run.ts';
import type {SavedModel} from '../saved-model.ts';
import type {SentError} from '../sent-error.ts';

/** A result, or why there is none. */
export type Outcome<Value> = {readonly value: Value} | {readonly error: SentError};

/** What the page tells while it trains. */
export type News =
  | {readonly kind: 'epoch'; readonly report: EpochReport}
  | {readonly kind: 'progress'; readonly progress: Progress}
  /** A checkpoint, encoded, as base64: all that goes between processes is JSON. */
  | {readonly kind: 'checkpoint'; readonly text: string}
  /** What was trained. */
  | {readonly kind: 'trained'; readonly models: readonly SentModel[]};

/** What a run is asked for, beside its recipe. */
interface RunAsked {
  /** An encoded checkpoint, as base64, to go on from. */
  readonly from?: string | undefined;
  /** Whether what was trained is sent, to be stored. */
  readonly models: boolean;
  /** Whether the report has what the model makes of its data. */
  readonly look: boolean;
}

/** A {@link SavedModel} between processes: its weights as base64. */
export type SentModel = Omit<SavedModel, 'weights'> & {readonly weights: string};

/** What the page offers to whoever drives it, as `window.lab`. */
export interface PageHandle {
  preview(recipe: Recipe): Promise<Outcome<Preview>>;
  run(recipe: Recipe, asked: RunAsked): Promise<Outcome<RunReport>>;
  /**
   * The next news, once there are some. Who asks has heard the ones before.
   *
   * @param refused what went wrong with the ones before
   */
  next(refused?: SentError): Promise<News>;
  abort(): void;
}

/** The value, or the error thrown anew. */
export function receive<Value>(outcome: Outcome<Value>): Value {
  if ('error' in outcome) throw new RegularizerError(outcome.error);
  return outcome.value;
}
