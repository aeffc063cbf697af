import {checkState} from '../answers/host.ts';
import type {Source} from '../data/source.ts';
import type {DataSummary} from '../info.ts';
import {scope} from '../lib/scope.ts';
import type {StateTree} from '../lib/tree.ts';
import type {MemberRun} from '../member/member-run.ts';
import {having, type Program, stateStructure} from '../plugins/program.ts';

/** What the data is like, where some plugin wants to know. */
export async function summaryFor(program: Program, {sample}: Source): Promise<DataSummary | undefined> {
  if (having(program, 'adapt').length === 0) return undefined;
  const {summaryOf} = await import('../data/summary.ts');
  return summaryOf(sample);
}

/** The `adapt` hooks of one member. */
export function adapt(member: MemberRun, data: DataSummary | undefined): void {
  if (!data) return;
  const {program, state} = member;
  const next = scope(() => {
    const states: Record<string, StateTree> = {};
    for (const {regularizer, name, plan} of having(program, 'adapt')) {
      const answer: unknown = regularizer.adapt(data, {plan, state: state.plugins[name] ?? null});
      if (answer === undefined) continue;
      checkState({name, hook: 'adapt'}, answer, stateStructure(program, name));
      states[name] = answer;
    }
    return states;
  });
  if (Object.keys(next).length === 0) return;
  member.commit({...state, plugins: {...state.plugins, ...next}});
}
