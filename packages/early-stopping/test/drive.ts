// Runs a plugin's host hooks over made-up reports, without a trainer.
import type {EpochReport, Regularizer, ReportedNames, StateTree} from '@regularizers/core';
import {setUp} from '@regularizers/testing';

const run = {examples: 8, batchSize: 4, epochs: 100, stepsPerEpoch: 2};

/** A row of the history, at the end of an epoch of two steps unless `more` says otherwise. */
export function report(
  epoch: number,
  validation: Record<string, number> & {loss: number},
  more: Partial<EpochReport> = {},
): EpochReport {
  const train = {loss: 1, penalty: 0, objective: 1};
  return {epoch, member: 0, step: 2 * epoch, train, validation, seconds: 1, ...more};
}

/** Has a plugin check a run whose rows hold these values. */
export function checkReported(plugin: Regularizer, reported: Partial<ReportedNames> = {}): void {
  const names = {train: ['loss', 'penalty', 'objective'], validation: undefined, ...reported};
  plugin.check?.({plan: undefined, run, classWeight: undefined, reported: names});
}

/** Where a plugin stopped, why, and what it marked last. */
export interface Outcome {
  readonly stopped: number | undefined;
  readonly why: string | undefined;
  readonly marked: number | undefined;
  readonly state: StateTree;
}

/** Feeds reports to the hooks as the trainer does, until the plugin stops. */
export function drive(plugin: Regularizer, reports: readonly EpochReport[]): Outcome {
  const {plan, state: first = null} = setUp(plugin);
  let state: StateTree = first;
  let marked: number | undefined;
  for (const row of reports) {
    for (const hook of [plugin.evaluated, plugin.epochEnd]) {
      const decision = hook?.(row, {plan, state, weights: {}, run}) ?? {};
      if (decision instanceof Promise) throw new Error('synchronous here');
      state = decision.state === undefined ? state : decision.state;
      if (decision.mark) marked = row.epoch;
      if (decision.stop !== undefined) return {stopped: row.epoch, why: decision.stop, marked, state};
    }
  }
  return {stopped: undefined, why: undefined, marked, state};
}

/** A row per value, as `validation.loss`. */
export function losses(values: readonly number[]): readonly EpochReport[] {
  return values.map((loss, i) => report(i + 1, {loss}));
}
