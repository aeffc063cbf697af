import {type EpochReport, type Progress, RegularizerError} from '@regularizers/core';
import type {Recipe} from '../recipe.ts';
import type {Preview, RunReport} from '../run.ts';
import type {SentError} from '../sent-error.ts';

/** A result, or why there is none. */
export type Outcome<Value> = {readonly value: Value} | {readonly error: SentError};

/** What the page offers to whoever drives it, as `window.lab`. */
export interface PageHandle {
  preview(recipe: Recipe): Promise<Outcome<Preview>>;
  /** @param from an encoded checkpoint, as base64, to go on from */
  run(recipe: Recipe, from?: string): Promise<Outcome<RunReport>>;
  abort(): void;
}

/** What the page calls, which the driver binds to `window`. */
export interface DriverHandle {
  labEpoch(report: EpochReport): Promise<void>;
  labProgress(progress: Progress): Promise<void>;
  /** A checkpoint, encoded, as base64: all that goes between processes is JSON. */
  labCheckpoint(text: string): Promise<void>;
}

/** The value, or the error thrown anew. */
export function receive<Value>(outcome: Outcome<Value>): Value {
  if ('error' in outcome) throw new RegularizerError(outcome.error);
  return outcome.value;
}
