import * as tf from '@tensorflow/tfjs-core';
import type {Executor, StepCall} from '../execution/executor.ts';
import type {Decision, EpochReport, EvaluationReport, RunInfo, TrainReport} from '../hooks.ts';
import {type BoundPlugin, having} from '../program/program.ts';
import {scope} from '../scope.ts';
import type {MemberRun} from '../state/member-run.ts';
import type {StateTree} from '../tree.ts';
import type {CheckedArrays} from './data.ts';
import {type Combine, evaluateArrays} from './evaluate.ts';
import {KeyRing, numbersAt} from './feed.ts';
import {canCheckEachStep, notFinite} from './finite.ts';
import type {FullFitOptions} from './options.ts';
import type {Pace} from './pace.ts';
import type {EpochCursor, PendingBatch, Source} from './source.ts';
import {type Recalibration, weightsToEvaluate} from './weights-to-evaluate.ts';

/** What one member's training works with. */
export interface Loop {
  readonly executor: Executor;
  readonly member: MemberRun;
  readonly members: number;
  readonly source: Source;
  readonly run: RunInfo;
  readonly options: FullFitOptions;
  readonly validation: CheckedArrays | undefined;
  readonly recalibration: Recalibration | undefined;
  readonly combine: Combine;
  readonly pace: Pace;
}

/** Trains one member from where it is until its last epoch, a plugin's stop, or the signal. */
export async function trainMember(loop: Loop): Promise<void> {
  const {member, run} = loop;
  const keys = new KeyRing(member.program);
  while (member.position.epoch < run.epochs && !member.stopped) {
    await runEpoch(loop, keys);
  }
}

async function runEpoch(loop: Loop, keys: KeyRing): Promise<void> {
  const {member, source, pace} = loop;
  const epoch = member.position.epoch + 1;
  const cursor = await source.open(member.program, epoch, member.position.batch);
  const since = performance.now();
  for (;;) {
    if (stopBySignal(loop)) return;
    const pending = await nextBatches(loop, cursor);
    if (pending.length === 0) break;
    await takeStep(loop, keys, pending);
    await loop.options.onStep?.(progressOf(loop));
    if (evaluationIsDue(loop)) {
      const report = await reportOf(loop, since);
      decide(loop, report);
      if (member.stopped) return;
    }
    await pace.rest();
  }
  if (stopBySignal(loop)) return;
  const report = await reportOf(loop, since);
  endEpoch(member);
  member.history = [...member.history, report];
  decide(loop, report);
  for (const plugin of having(member.program, 'epochEnd')) {
    const context = hostContext(loop, plugin);
    const asked = scope(() => ({decision: plugin.regularizer.epochEnd?.(report, context) ?? {}}));
    follow(loop, plugin, await asked.decision);
  }
  await loop.options.onEpoch?.(report);
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

async function takeStep(loop: Loop, keys: KeyRing, pending: readonly PendingBatch[]): Promise<void> {
  const {member, run, options} = loop;
  const {program, position} = member;
  const step = position.step + 1;
  const stepInEpoch = position.batch / options.accumulate + 1;
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
  const {report, weights, accept, reject} = loop.executor.step(member, {
    numbers,
    batches: pending,
    run,
    pair,
  });
  for (const batch of pending) batch.dispose();
  const problem = canCheckEachStep()
    ? await notFinite(report.dataSync(), weights, `at step ${step}`)
    : undefined;
  report.dispose();
  if (problem) {
    reject();
    if (problem.inWeights) member.rollBack();
    throw problem.error;
  }
  accept();
  member.position = {
    epoch: position.epoch,
    batch: position.batch + pending.length,
    step,
    counted: position.counted + pending.reduce((sum, {size}) => sum + size, 0),
  };
}

function stopBySignal({member, options}: Loop): boolean {
  if (!options.signal?.aborted) return false;
  const {epoch, step} = member.position;
  member.stopped = {by: 'signal', why: 'aborted', member: member.program.member, epoch: epoch + 1, step};
  return true;
}

function progressOf({
  member,
  members,
  run,
  options,
}: Loop): Parameters<NonNullable<FullFitOptions['onStep']>>[0] {
  const {epoch, step, batch} = member.position;
  return {
    member: member.program.member,
    members,
    epoch: epoch + 1,
    epochs: run.epochs,
    stepInEpoch: Math.ceil(batch / options.accumulate),
    stepsPerEpoch: run.stepsPerEpoch,
    step,
  };
}

function evaluationIsDue({member, run}: Loop): boolean {
  const {step, batch} = member.position;
  const endsEpoch = run.stepsPerEpoch !== undefined && batch > 0 && step % run.stepsPerEpoch === 0;
  return (
    !endsEpoch &&
    member.program.plugins.some(({evaluateEvery}) => evaluateEvery && step % evaluateEvery === 0)
  );
}

/** The row of the running epoch so far: means of the training totals, and an evaluation. */
async function reportOf(loop: Loop, since: number): Promise<EpochReport> {
  const {member} = loop;
  const {epoch, step, counted} = member.position;
  const totals = await member.state.totals.data();
  const problem = await notFinite(
    totals,
    member.state.weights,
    `in epoch ${epoch + 1}, before step ${step + 1}`,
  );
  if (problem) throw problem.error;
  const mean = (i: number): number => (totals[i] ?? 0) / Math.max(1, counted);
  const metrics = member.program.metrics.map(({name}, i) => [name, mean(2 + i)]);
  const train: TrainReport = {
    loss: mean(0),
    penalty: mean(1),
    objective: mean(0) + mean(1),
    ...Object.fromEntries(metrics),
  };
  const validation = await validate(loop);
  return {
    epoch: epoch + 1,
    member: member.program.member,
    step,
    train,
    ...(validation ? {validation} : {}),
    seconds: (performance.now() - since) / 1000,
  };
}

async function validate(loop: Loop): Promise<EvaluationReport | undefined> {
  const {member, validation, options, combine, pace, run, recalibration} = loop;
  if (!validation) return undefined;
  const sets = await weightsToEvaluate(member, run, recalibration, pace);
  member.retained.hold(sets);
  try {
    const {program} = member;
    const ensemble = {sets: sets.map((weights) => ({program, weights})), combine};
    return await evaluateArrays(ensemble, validation, options.evaluationBatchSize, pace);
  } finally {
    member.retained.release(sets);
  }
}

function endEpoch(member: MemberRun): void {
  const {state, position} = member;
  member.commit({...state, totals: tf.zerosLike(state.totals)});
  member.position = {epoch: position.epoch + 1, batch: 0, step: position.step, counted: 0};
}

function hostContext(
  {member, run}: Loop,
  {name, plan}: BoundPlugin,
): {
  plan: unknown;
  state: StateTree;
  weights: MemberRun['state']['weights'];
  run: RunInfo;
} {
  return {plan, state: member.state.plugins[name] ?? null, weights: member.state.weights, run};
}

/** The `evaluated` hooks. */
function decide(loop: Loop, report: EpochReport): void {
  for (const plugin of having(loop.member.program, 'evaluated')) {
    const decision = scope(() => plugin.regularizer.evaluated?.(report, hostContext(loop, plugin)) ?? {});
    follow(loop, plugin, decision);
  }
}

/** Does what a plugin decided: next state, mark, stop. The first plugin that stops is the one reported. */
function follow({member}: Loop, {name}: BoundPlugin, {state, mark, stop}: Decision): void {
  if (state !== undefined) {
    member.commit({...member.state, plugins: {...member.state.plugins, [name]: state}});
  }
  if (mark) member.mark(name);
  if (stop !== undefined && !member.stopped) {
    const {epoch, step, batch} = member.position;
    member.stopped = {
      by: name,
      why: stop,
      member: member.program.member,
      epoch: batch > 0 ? epoch + 1 : epoch,
      step,
    };
  }
}
