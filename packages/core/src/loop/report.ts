import {evaluateBatches} from '../evaluate/evaluate.ts';
import {evaluationOwner} from '../evaluate/weights-to-evaluate.ts';
import {RegularizerError} from '../lib/errors.ts';
import type {BoundMetric} from '../losses/metrics.ts';
import type {EpochReport, EvaluationReport, ReportedNames, TrainReport} from '../regularizer.ts';
import type {Decisions} from './decisions.ts';
import {isFiniteReport, notFiniteNames, spoiled} from './finite.ts';
import type {MemberFit} from './member-fit.ts';

/** The names of the values in rows. */
export function reportedNames(metrics: readonly BoundMetric[], hasValidation: boolean): ReportedNames {
  const names = metrics.map(({name}) => name);
  return {
    train: ['loss', 'penalty', 'objective', ...names],
    validation: hasValidation ? ['loss', ...names] : undefined,
  };
}

/**
 * The row of the running epoch so far, without an evaluation.
 *
 * @throws RegularizerError with code `not-finite` if the loss, the penalty or a weight is not
 */
export async function trainingSoFar(
  {member}: MemberFit,
  since: number,
  extent?: 'partial',
): Promise<EpochReport> {
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

/**
 * A row with an evaluation, and whether it may be compared with others.
 *
 * @throws RegularizerError with code `not-finite` if the loss on the validation data is not
 */
export async function evaluated(
  fit: MemberFit,
  row: EpochReport,
  decisions: Decisions,
  since: number,
): Promise<EpochReport> {
  const owner = evaluationOwner(fit.member.program);
  const isInterim = owner?.regularizer.collect !== undefined && !decisions.collected.has(owner.name);
  const validation = await validate(fit, decisions);
  return {
    ...row,
    ...(validation ? {validation, seconds: secondsSince(since)} : {}),
    ...(isInterim ? {interim: true} : {}),
  };
}

async function validate(fit: MemberFit, decisions: Decisions): Promise<EvaluationReport | undefined> {
  const {member, validation, combiner, pace, compute} = fit;
  if (!validation) return undefined;
  const {program, position} = member;
  const sets = await decisions.sets();
  const states = decisions.state.plugins;
  const ensemble = {sets: sets.map((weights) => ({program, weights, states})), combiner};
  const report = await evaluateBatches(ensemble, validation.batches(), pace, compute);
  if (Number.isFinite(report.loss)) return report;
  throw new RegularizerError({
    where: 'trainer',
    code: 'not-finite',
    message: `training stopped in epoch ${position.epoch + 1}, by step ${position.step}: the loss on the validation data is ${report.loss}`,
    hint: 'The trained weights are finite, so look at the validation data: values that are not finite, or not scaled as those that are trained on.',
  });
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
