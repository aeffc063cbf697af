import * as tf from '@tensorflow/tfjs-core';
import type {CheckContext, EpochReport, HostContext, RunInfo} from '../hooks.ts';
import {type BoundPlugin, having, type Program} from '../program/program.ts';
import {scope} from '../scope.ts';
import type {MemberRun} from '../state/member-run.ts';
import type {Decisions} from './decisions.ts';

/** The `check` hooks. */
export function checkRun(program: Program, context: Omit<CheckContext, 'plan'>): void {
  for (const {regularizer, plan} of having(program, 'check')) regularizer.check?.({...context, plan});
}

/** The `collect` hooks, at the end of an epoch (from 1). */
export function collect({program}: MemberRun, run: RunInfo, epoch: number, decisions: Decisions): void {
  for (const plugin of having(program, 'collect')) {
    const context = contextFor(decisions, run, plugin);
    const state = scope(() => plugin.regularizer.collect?.(epoch, context));
    if (state !== undefined) decisions.collect(plugin.name, state);
  }
}

/** The `evaluated` hooks. */
export function decide({program}: MemberRun, run: RunInfo, report: EpochReport, decisions: Decisions): void {
  for (const plugin of having(program, 'evaluated')) {
    const context = contextFor(decisions, run, plugin);
    const decision = scope(() => plugin.regularizer.evaluated?.(report, context) ?? {});
    decisions.follow(plugin.name, decision);
  }
}

/** The `epochEnd` hooks, one after another. */
export async function endOfEpoch(
  {program, retained}: MemberRun,
  run: RunInfo,
  report: EpochReport,
  decisions: Decisions,
): Promise<void> {
  for (const plugin of having(program, 'epochEnd')) {
    const context = contextFor(decisions, run, plugin);
    const {answer, made} = scope(() => {
      const answer = plugin.regularizer.epochEnd?.(report, context) ?? {};
      // What an asynchronous hook has made so far, it may still want after it has waited.
      return {answer, made: answer instanceof Promise ? madeInScope() : []};
    });
    retained.hold(made);
    try {
      decisions.follow(plugin.name, await answer);
    } finally {
      retained.release(made);
    }
  }
}

function madeInScope(): readonly tf.Tensor[] {
  return [...(tf.engine().state.activeScope?.track ?? [])];
}

function contextFor({state}: Decisions, run: RunInfo, {name, plan}: BoundPlugin): HostContext {
  const {weights, plugins} = state;
  return {plan, state: plugins[name] ?? null, weights, run};
}
