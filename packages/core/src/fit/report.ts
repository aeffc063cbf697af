import type {EpochReport, EvaluationReport, TrainReport} from '../hooks.ts';
import {evaluateArrays} from './evaluate.ts';
import {isFiniteReport, notFiniteNames, spoiled} from './finite.ts';
import type {Loop} from './member-loop.ts';
import {weightsToEvaluate} from './weights-to-evaluate.ts';

/**
 * The row of the running epoch so far: means of the training totals, and an evaluation.
 *
 * @throws RegularizerError with code `not-finite` if the loss, the penalty or a weight is not
 */
export async function reportOf(loop: Loop, since: number, extent?: 'partial'): Promise<EpochReport> {
  const row = await trainingSoFar(loop, since, extent);
  const validation = await validate(loop);
  if (!validation) return row;
  const seconds = secondsSince(since);
  return {...row, validation, seconds};
}

/**
 * The row of the running epoch so far, without an evaluation.
 *
 * @throws RegularizerError with code `not-finite` if the loss, the penalty or a weight is not
 */
export async function trainingSoFar({member}: Loop, since: number, extent?: 'partial'): Promise<EpochReport> {
  const {epoch, step, counted} = member.position;
  const {totals, weights} = member.state;
  const values = await totals.data();
  // The last update has spoiled no report yet.
  if (!isFiniteReport(values) || (await notFiniteNames(weights)).length > 0) {
    throw await spoiled(member, values, `in epoch ${epoch + 1}, by step ${step}`);
  }
  const mean = (i: number): number => (values[i] ?? 0) / Math.max(1, counted);
  const metrics = member.program.metrics.map(({name}, i) => [name, mean(2 + i)]);
  const train: TrainReport = {
    loss: mean(0),
    penalty: mean(1),
    objective: mean(0) + mean(1),
    ...Object.fromEntries(metrics),
  };
  return {
    epoch: epoch + 1,
    member: member.program.member,
    step,
    train,
    seconds: secondsSince(since),
    ...(extent === 'partial' ? {partial: true} : {}),
  };
}

async function validate(loop: Loop): Promise<EvaluationReport | undefined> {
  const {member, validation, options, combine, pace, run, recalibration, compute} = loop;
  if (!validation) return undefined;
  const {program, retained} = member;
  const sets = await weightsToEvaluate(member, run, recalibration, pace);
  try {
    const ensemble = {sets: sets.map((weights) => ({program, weights})), combine};
    return await evaluateArrays(ensemble, validation, options.evaluationBatchSize, pace, (run, tree) =>
      compute(member, run, tree),
    );
  } finally {
    retained.release(sets);
  }
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
