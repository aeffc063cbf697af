import {evaluateBatches} from '../evaluate/evaluate.ts';
import {evaluationOwner} from '../evaluate/weights-to-evaluate.ts';
import {untilAborted} from '../lib/aborted.ts';
import {RegularizerError} from '../lib/errors.ts';
import {namesOfReported, valuesOfReported} from '../losses/reported.ts';
import {ownPenaltyNames} from '../plugins/penalties.ts';
import type {Program} from '../plugins/program.ts';
import type {EpochReport, EvaluationReport, ReportedNames, TrainReport} from '../regularizer.ts';
import type {Decisions} from './decisions.ts';
import {isFiniteReport, notFiniteNames, spoiled} from './finite.ts';
import type {MemberFit} from './member-fit.ts';

/** The names of the values in rows. */
export function reportedNames(program: Program, hasValidation: boolean): ReportedNames {
  const names = namesOfReported(program.reported);
  return {
    train: ['loss', 'penalty', 'objective', ...ownPenaltyNames(program), ...names],
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
  const {reported} = member.program;
  const [loss = 0, penalty = 0, ...rest] = Array.from(values, (sum) => sum / Math.max(1, counted));
  const penalties = ownPenaltyNames(member.program).map((name, i) => [name, rest[i] ?? 0] as const);
  const others = rest.slice(penalties.length);
  const losses = others.slice(0, reported.ownLosses.length);
  const train: TrainReport = {
    loss,
    penalty,
    objective: loss + penalty,
    ...Object.fromEntries(penalties),
    ...valuesOfReported(reported, {losses, metrics: others.slice(losses.length)}),
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
 * @throws RegularizerError with code `not-finite` if the loss on the validation data is not; Aborted at the signal
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
  const {member, validation, combiner, pace, compute, options} = fit;
  if (!validation) return undefined;
  const {program, position} = member;
  const sets = await decisions.sets();
  const states = decisions.state.plugins;
  const ensemble = {sets: sets.map((weights) => ({program, weights, states})), combiner};
  const batches = untilAborted(validation.batches(), options.signal);
  const report = await evaluateBatches(ensemble, batches, pace, compute);
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
