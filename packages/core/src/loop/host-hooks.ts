import * as tf from '@tensorflow/tfjs-core';
import {checkDecision, checkNothing, checkState} from '../answers/host.ts';
import {isPromise} from '../lib/is-promise.ts';
import {scope} from '../lib/scope.ts';
import type {MemberRun} from '../member/member-run.ts';
import {type BoundPlugin, having, type Program, stateForm} from '../plugins/program.ts';
import type {CheckContext, EpochReport, HostContext, RunInfo} from '../regularizer.ts';
import type {Decisions} from './decisions.ts';

/** The `check` hooks. */
export function checkRun(program: Program, context: Omit<CheckContext, 'plan'>): void {
  for (const {regularizer, name, plan} of having(program, 'check')) {
    checkNothing({name, hook: 'check'}, regularizer.check({...context, plan}));
  }
}

/** The `collect` hooks, at the end of an epoch (from 1). */
export function collect({program}: MemberRun, run: RunInfo, epoch: number, decisions: Decisions): void {
  for (const plugin of having(program, 'collect')) {
    const context = contextFor(decisions, run, plugin);
    const state = scope(() => {
      const answer: unknown = plugin.regularizer.collect(epoch, context);
      if (answer === undefined) return undefined;
      checkState({name: plugin.name, hook: 'collect'}, answer, stateForm(program, plugin.name));
      return answer;
    });
    if (state !== undefined) decisions.collect(plugin.name, state);
  }
}

/** The `evaluated` hooks. */
export function decide({program}: MemberRun, run: RunInfo, report: EpochReport, decisions: Decisions): void {
  for (const plugin of having(program, 'evaluated')) {
    const context = contextFor(decisions, run, plugin);
    const decision = scope(() => {
      const answer: unknown = plugin.regularizer.evaluated(report, context);
      checkDecision({name: plugin.name, hook: 'evaluated'}, answer, stateForm(program, plugin.name));
      return answer;
    });
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
    const asked = {name: plugin.name, hook: 'epochEnd'};
    const form = stateForm(program, plugin.name);
    const {answer, made} = scope(() => {
      const answer: unknown = plugin.regularizer.epochEnd(report, context);
      if (!isPromise(answer)) checkDecision(asked, answer, form);
      // What an asynchronous hook has made so far, it may still want after it has waited.
      return {answer, made: isPromise(answer) ? madeInScope() : []};
    });
    retained.hold(made);
    try {
      const decision: unknown = await answer;
      checkDecision(asked, decision, form);
      decisions.follow(plugin.name, decision);
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
