import {canCheckEachStep} from '../backend/losable.ts';
import type {Executor, MemberCall, StepOutcome} from '../execution/executor.ts';
import {tensorsOf} from '../lib/tree.ts';
import type {MemberRun} from '../member/member-run.ts';
import {isFiniteReport, spoiled} from './finite.ts';
import type {Fit} from './prepare.ts';
import {type Steps, trainMember} from './train-member.ts';

/**
 * Trains members until all have ended or one is aborted, in groups of as many as the executor has room for: one by
 * one where steps run op by op, several in one graph on native. A member is asked for when its turn has come.
 *
 * @throws what went wrong first
 */
export async function trainMembers(
  fit: Fit,
  members: Iterable<MemberRun>,
  executor: Executor,
): Promise<void> {
  for (const group of groupsOf(members, (first) => roomFor(first, fit, executor))) {
    await trainGroup(fit, group, executor);
    if (group.some(({ended}) => ended === 'aborted')) return;
  }
}

/** A member's training, and where it is waiting. */
interface Turn {
  readonly steps: Steps;
  readonly call: MemberCall;
}

/** Trains the members of a group side by side: each round takes one step of every member that has not ended. */
async function trainGroup(fit: Fit, group: readonly MemberRun[], executor: Executor): Promise<void> {
  const session = executor.open();
  const all = group.map((member) => trainMember(fit, member, session));
  try {
    let turns = await next(all.map((steps) => ({steps})));
    while (turns.length > 0) {
      // Once one has seen the signal, all stop at this step.
      const calls = fit.options.signal?.aborted ? [] : turns.map(({call}) => call);
      const outcomes = session.step(calls);
      await takeOver(calls, outcomes);
      turns = await next(turns.map(({steps}, i) => ({steps, outcome: outcomes[i]})));
    }
  } catch (error) {
    // Those that wait end as failed; what they make of it matters no more.
    for (const steps of all) await steps.throw(error).catch(() => undefined);
    throw error;
  } finally {
    session.close();
  }
}

/**
 * Makes the results of steps the members' states, but for those that are not finite. All are taken over before anybody
 * else runs: what is saved then is of one moment.
 *
 * @throws RegularizerError with code `not-finite`
 */
async function takeOver(calls: readonly MemberCall[], outcomes: readonly StepOutcome[]): Promise<void> {
  let bad: {readonly call: MemberCall; readonly values: ArrayLike<number>} | undefined;
  for (const [i, {report, accept, reject}] of outcomes.entries()) {
    const call = calls[i]!;
    const values = canCheckEachStep() ? report.dataSync() : undefined;
    report.dispose();
    if (values && !isFiniteReport(values)) {
      reject();
      bad ??= {call, values};
    } else {
      accept();
      advance(call);
    }
  }
  if (bad) throw await spoiled(bad.call.member, bad.values, `at step ${bad.call.step}`);
}

function advance({member, step, batches}: MemberCall): void {
  const {epoch, batch, counted, decided} = member.position;
  member.position = {
    epoch,
    batch: batch + batches.length,
    step,
    counted: counted + batches.reduce((sum, {size}) => sum + size, 0),
    decided,
  };
}

/** Hands members what came of their steps, and gets those that they want to take next; who has ended wants none. */
async function next(
  members: readonly {readonly steps: Steps; readonly outcome?: StepOutcome | undefined}[],
): Promise<Turn[]> {
  const turns: Turn[] = [];
  for (const {steps, outcome} of members) {
    const {done, value} = await steps.next(outcome);
    if (!done) turns.push({steps, call: value});
  }
  return turns;
}

function* groupsOf(
  members: Iterable<MemberRun>,
  room: (first: MemberRun) => number,
): Generator<readonly MemberRun[]> {
  let group: MemberRun[] = [];
  let size = 1;
  for (const member of members) {
    if (group.length === 0) size = room(member);
    group.push(member);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

function roomFor({state}: MemberRun, {source}: Fit, executor: Executor): number {
  // Several readers of one stream would each keep a batch of their own in memory.
  if (source.examples === undefined) return 1;
  return executor.room(tensorsOf(state).reduce((sum, {size}) => sum + 4 * size, 0));
}
