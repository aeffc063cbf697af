import {checkAlive} from '../data/data.ts';
import {type EpochCursor, type PendingBatch, runInfoOf} from '../data/source.ts';
import type {Compute, MemberCall, Session, StepOutcome} from '../execution/executor.ts';
import {Aborted} from '../lib/aborted.ts';
import type {MemberRun} from '../member/member-run.ts';
import type {EpochReport} from '../regularizer.ts';
import {KeyRing, numbersAt} from '../step/feed.ts';
import {cutOf} from './epoch-cut.ts';
import {finishMember} from './finish.ts';
import {endEpoch, judgeWithin} from './judge.ts';
import type {MemberFit} from './member-fit.ts';
import type {Progress} from './options.ts';
import type {Fit} from './prepare.ts';
import {trainingSoFar} from './report.ts';
import {takeBatches} from './take-batches.ts';
import {thinned} from './thin-history.ts';

/**
 * A member's training: gives the steps that it wants to take, one after another, and is told what came of each;
 * undefined where it is not taken, as the signal has aborted.
 */
export type Steps = AsyncGenerator<MemberCall, void, StepOutcome | undefined>;

/**
 * Trains one member from where it is until its last epoch, a plugin's stop, or the signal, and settles the weights
 * that it is left with, also where training fails.
 */
export async function* trainMember(shared: Fit, member: MemberRun, session: Session): Steps {
  const run = runInfoOf(member.program, shared.source, shared.options);
  const compute: Compute = (evaluate, tree) => session.compute(member, evaluate, tree);
  const fit: MemberFit = {...shared, member, run, compute};
  const keys = new KeyRing(member.program);
  member.cut = cutOf(shared.options, shared.source, shared.held?.record);
  member.keepSafe();
  try {
    try {
      while (member.position.epoch < run.epochs && !member.stopped) yield* runEpoch(fit, keys);
    } finally {
      session.release(member);
    }
    await finishMember(member, reasonOf(member), fit);
  } catch (error) {
    if (!member.ended) await finishMember(member, 'failed', fit).catch(() => undefined);
    throw error;
  }
}

async function* runEpoch(fit: MemberFit, keys: KeyRing): Steps {
  const {member, source, options, pace} = fit;
  const {epoch, batch} = member.position;
  // An epoch that was stopped halfway has a row already, which the whole epoch's replaces, its time included.
  const spent = member.history.find((row) => row.partial && row.epoch === epoch + 1)?.seconds ?? 0;
  member.history = member.history.filter((row) => row.epoch <= epoch);
  pace.check();
  member.program.adapter.check();
  const since = performance.now() - 1000 * spent;
  let report: EpochReport;
  try {
    const batches = await source.open(member.program, epoch + 1, batch);
    try {
      yield* runSteps(fit, keys, batches, since);
    } finally {
      await batches.close();
    }
    if (member.stopped) return;
    report = await endEpoch(fit, since);
    member.history = thinned(member.history, options);
  } catch (error) {
    // What waited for a stream, or went through data, has done nothing yet.
    if (!(error instanceof Aborted)) throw error;
    return stopBySignal(fit, since);
  }
  await options.onEpoch?.(report);
}

/** The steps that are left of an epoch. */
async function* runSteps(fit: MemberFit, keys: KeyRing, batches: EpochCursor, since: number): Steps {
  const {member, options, pace} = fit;
  for (;;) {
    if (options.signal?.aborted) return stopBySignal(fit, since);
    // At the end of an epoch everything is evaluated anyway.
    if (evaluationIsDue(member) && !(await batches.isDone())) {
      await judgeWithin(fit, since);
      if (member.stopped) return;
    }
    const taken = await takeBatches(batches, options);
    if (options.signal?.aborted && taken.length === 0) return stopBySignal(fit, since);
    if (taken.length === 0) return;
    const outcome = yield* takeStep(fit, keys, taken);
    if (!outcome) return stopBySignal(fit, since);
    await options.onStep?.(progressOf(fit, outcome));
    await pace.rest();
  }
}

async function* takeStep(
  fit: MemberFit,
  keys: KeyRing,
  batches: readonly PendingBatch[],
): AsyncGenerator<MemberCall, StepOutcome | undefined, StepOutcome | undefined> {
  try {
    for (const {sources} of batches) checkAlive('fit', sources);
    return yield callFor(fit, keys, batches);
  } finally {
    for (const batch of batches) batch.dispose();
  }
}

/** The next step, still on the host. */
function callFor(
  {member, run, options}: MemberFit,
  keys: KeyRing,
  batches: readonly PendingBatch[],
): MemberCall {
  const {program, position} = member;
  const step = position.step + 1;
  const stepInEpoch = Math.floor(position.batch / options.accumulate) + 1;
  const at = {step, stepInEpoch, epoch: position.epoch + 1, member: program.member, run};
  const firstBatch = position.step * options.accumulate + 1;
  return {
    member,
    step,
    numbers: numbersAt(program, at),
    batches,
    run,
    pair: (plugin, purpose, batch) =>
      batch === undefined
        ? keys.pair(plugin, purpose, step, 'step')
        : keys.pair(plugin, purpose, firstBatch + batch, 'batch'),
  };
}

async function stopBySignal(fit: MemberFit, since: number): Promise<void> {
  const {member} = fit;
  member.stop('signal', 'aborted');
  if (member.position.batch === 0) return;
  member.history = [...member.history, await trainingSoFar(fit, since, 'partial')];
}

function progressOf({member, members, run, options}: MemberFit, {isWarmUp}: StepOutcome): Progress {
  const {epoch, step, batch} = member.position;
  return {
    member: member.program.member,
    members,
    epoch: epoch + 1,
    epochs: run.epochs,
    stepInEpoch: Math.ceil(batch / options.accumulate),
    stepsPerEpoch: run.stepsPerEpoch,
    step,
    isWarmUp,
  };
}

/** Somebody wants a report on this step, and has not had it: a checkpoint may be from before it. */
function evaluationIsDue({program, position: {step, decided}}: MemberRun): boolean {
  if (decided === step) return false;
  return program.plugins.some(({evaluateEvery}) => evaluateEvery && step % evaluateEvery === 0);
}

function reasonOf({stopped}: MemberRun): 'completed' | 'stopped' | 'aborted' {
  if (!stopped) return 'completed';
  return stopped.by === 'signal' ? 'aborted' : 'stopped';
}
