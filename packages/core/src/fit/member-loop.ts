import type {Compute, StepCall, StepOutcome, StepRequest} from '../execution/executor.ts';
import type {RunInfo} from '../hooks.ts';
import type {MemberRun} from '../state/member-run.ts';
import type {Combiner} from './combiner.ts';
import {type CheckedArrays, checkAlive} from './data.ts';
import {KeyRing, numbersAt} from './feed.ts';
import {canCheckEachStep, isFiniteReport, spoiled} from './finite.ts';
import {endEpoch, judgeWithin} from './judge.ts';
import type {FullFitOptions, Progress} from './options.ts';
import type {Pace} from './pace.ts';
import {trainingSoFar} from './report.ts';
import type {EpochCursor, PendingBatch, Source} from './source.ts';

/** Takes a member's steps for it. */
export interface Stepper {
  step(request: StepRequest): StepOutcome | Promise<StepOutcome>;
  /** The member takes no more steps; its state stays readable. */
  release(member: MemberRun): void;
}

/** What one member's training works with. */
export interface Loop {
  readonly stepper: Stepper;
  readonly compute: Compute;
  readonly member: MemberRun;
  readonly members: number;
  readonly source: Source;
  readonly run: RunInfo;
  readonly options: FullFitOptions;
  readonly validation: CheckedArrays | undefined;
  readonly combiner: Combiner;
  readonly pace: Pace;
}

/** Trains one member from where it is until its last epoch, a plugin's stop, or the signal. */
export async function trainMember(loop: Loop): Promise<void> {
  const {member, run} = loop;
  const keys = new KeyRing(member.program);
  member.keepSafe();
  while (member.position.epoch < run.epochs && !member.stopped) {
    await runEpoch(loop, keys);
  }
}

async function runEpoch(loop: Loop, keys: KeyRing): Promise<void> {
  const {member, source, options} = loop;
  const {epoch, batch} = member.position;
  // An epoch that was stopped halfway has a row already, which the whole epoch's replaces.
  member.history = member.history.filter((row) => row.epoch <= epoch);
  loop.pace.check();
  member.program.adapter.check();
  const since = performance.now();
  const cursor = await source.open(member.program, epoch + 1, batch);
  try {
    await runSteps(loop, keys, cursor, since);
  } finally {
    cursor.close();
  }
  if (member.stopped) return;
  const report = await endEpoch(loop, since);
  await options.onEpoch?.(report);
}

/** The steps that are left of an epoch. */
async function runSteps(loop: Loop, keys: KeyRing, cursor: EpochCursor, since: number): Promise<void> {
  const {member, options, pace} = loop;
  for (;;) {
    if (options.signal?.aborted) return stopBySignal(loop, since);
    // At the end of an epoch everything is evaluated anyway.
    if (evaluationIsDue(member) && !(await cursor.isDone())) {
      await judgeWithin(loop, since);
      if (member.stopped) return;
    }
    const pending = await nextBatches(loop, cursor);
    if (pending.length === 0) return;
    for (const {sources} of pending) checkAlive('fit', sources);
    const isWarmUp = await takeStep(loop, keys, pending);
    await options.onStep?.(progressOf(loop, isWarmUp));
    await pace.rest();
  }
}

async function nextBatches({options}: Loop, cursor: EpochCursor): Promise<readonly PendingBatch[]> {
  const pending: PendingBatch[] = [];
  while (pending.length < options.accumulate) {
    const next = cursor.next();
    const batch = next instanceof Promise ? await next : next;
    if (!batch) break;
    pending.push(batch);
  }
  return pending;
}

/** Takes a step; resolves to whether it was a warm-up. */
async function takeStep(loop: Loop, keys: KeyRing, pending: readonly PendingBatch[]): Promise<boolean> {
  const {member, run, options} = loop;
  const {program, position} = member;
  const step = position.step + 1;
  const stepInEpoch = Math.floor(position.batch / options.accumulate) + 1;
  const numbers = numbersAt(program, {
    step,
    stepInEpoch,
    epoch: position.epoch + 1,
    member: program.member,
    run,
  });
  const firstBatch = position.step * options.accumulate + 1;
  const pair: StepCall['pair'] = (plugin, purpose, batch) =>
    batch === undefined
      ? keys.pair(plugin, purpose, step, 'step')
      : keys.pair(plugin, purpose, firstBatch + batch, 'batch');
  const {report, weights, isWarmUp, accept, reject} = await runAndDispose(loop, {
    numbers,
    batches: pending,
    run,
    pair,
  });
  const values = canCheckEachStep() ? report.dataSync() : undefined;
  report.dispose();
  if (values && !isFiniteReport(values)) {
    reject();
    throw await spoiled(member, values, `at step ${step}`, weights === undefined);
  }
  accept();
  member.position = {
    epoch: position.epoch,
    batch: position.batch + pending.length,
    step,
    counted: position.counted + pending.reduce((sum, {size}) => sum + size, 0),
    decided: position.decided,
  };
  return isWarmUp;
}

async function runAndDispose({stepper, member}: Loop, call: StepCall): Promise<StepOutcome> {
  try {
    return await stepper.step({member, call});
  } finally {
    for (const batch of call.batches) batch.dispose();
  }
}

async function stopBySignal(loop: Loop, since: number): Promise<void> {
  const {member} = loop;
  member.stop('signal', 'aborted');
  if (member.position.batch === 0) return;
  member.history = [...member.history, await trainingSoFar(loop, since, 'partial')];
}

function progressOf({member, members, run, options}: Loop, isWarmUp: boolean): Progress {
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
