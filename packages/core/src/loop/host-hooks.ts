import {checkDecision, checkNothing, checkState} from '../answers/host.ts';
import {scope} from '../lib/scope.ts';
import type {MemberRun} from '../member/member-run.ts';
import {type BoundPlugin, having, type Program, stateStructure} from '../plugins/program.ts';
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
      checkState({name: plugin.name, hook: 'collect'}, answer, stateStructure(program, plugin.name));
      return answer;
    });
    if (state !== undefined) decisions.collect(plugin.name, state);
  }
}

/** The `evaluated` hooks, or those at the end of an epoch. */
export function decide(
  {program}: MemberRun,
  hook: 'evaluated' | 'epochEnd',
  run: RunInfo,
  report: EpochReport,
  decisions: Decisions,
): void {
  for (const plugin of having(program, hook)) {
    const context = contextFor(decisions, run, plugin);
    const decision = scope(() => {
      const answer: unknown = plugin.regularizer[hook](report, context);
      checkDecision({name: plugin.name, hook}, answer, stateStructure(program, plugin.name));
      return answer;
    });
    decisions.follow(plugin.name, decision);
  }
}

function contextFor({state}: Decisions, run: RunInfo, {name, plan}: BoundPlugin): HostContext {
  const {weights, plugins} = state;
  return {plan, state: plugins[name] ?? null, weights, run};
}
