import * as tf from '@tensorflow/tfjs-core';
import type {Decision, EpochReport, HostContext} from '../hooks.ts';
import {type BoundPlugin, having} from '../program/program.ts';
import {scope} from '../scope.ts';
import type {MemberRun} from '../state/member-run.ts';
import type {Loop} from './member-loop.ts';

/** The `evaluated` hooks. */
export function decide(loop: Loop, report: EpochReport): void {
  const {member} = loop;
  for (const plugin of having(member.program, 'evaluated')) {
    const decision = scope(() => plugin.regularizer.evaluated?.(report, contextFor(loop, plugin)) ?? {});
    follow(member, plugin, decision);
  }
}

/** The `epochEnd` hooks, one after another. */
export async function endOfEpoch(loop: Loop, report: EpochReport): Promise<void> {
  const {member} = loop;
  for (const plugin of having(member.program, 'epochEnd')) {
    const {answer, made} = scope(() => {
      const answer = plugin.regularizer.epochEnd?.(report, contextFor(loop, plugin)) ?? {};
      // What an asynchronous hook has made so far, it may still want after it has waited.
      return {answer, made: answer instanceof Promise ? madeInScope() : []};
    });
    member.retained.hold(made);
    try {
      follow(member, plugin, await answer);
    } finally {
      member.retained.release(made);
    }
  }
}

function madeInScope(): readonly tf.Tensor[] {
  return [...(tf.engine().state.activeScope?.track ?? [])];
}

function contextFor({member, run}: Loop, {name, plan}: BoundPlugin): HostContext {
  const {weights, plugins} = member.state;
  return {plan, state: plugins[name] ?? null, weights, run};
}

/** Does what a plugin decided: next state, mark, stop. */
function follow(member: MemberRun, {name}: BoundPlugin, {state, mark, stop}: Decision): void {
  if (state !== undefined) {
    member.commit({...member.state, plugins: {...member.state.plugins, [name]: state}});
  }
  if (mark) member.mark(name);
  if (stop !== undefined) member.stop(name, stop);
}
