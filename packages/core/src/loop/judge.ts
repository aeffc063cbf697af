import type {EpochReport} from '../regularizer.ts';
import {Decisions} from './decisions.ts';
import {collect, decide} from './host-hooks.ts';
import type {MemberFit} from './member-fit.ts';
import {evaluated, trainingSoFar} from './report.ts';

/** Until they are taken over, the signal may end them: nothing has happened then. */
function decisionsOf(fit: MemberFit): Decisions {
  return new Decisions(fit.member, {...fit, signal: fit.options.signal});
}

/**
 * Reports on an epoch that is not at its end, and lets plugins decide.
 *
 * @throws RegularizerError with code `not-finite` if a loss, the penalty or a weight is not; Aborted at the signal
 */
export async function judgeWithin(fit: MemberFit, since: number): Promise<void> {
  const {member, run} = fit;
  const decisions = decisionsOf(fit);
  try {
    const row = await trainingSoFar(fit, since, 'partial');
    const report = await evaluated(fit, row, decisions, since);
    decide(member, 'evaluated', run, report, decisions);
    await decisions.takeOver(report);
  } finally {
    decisions.release();
  }
}

/**
 * Reports on an epoch whose steps are all done, lets plugins decide, and ends it.
 *
 * @throws RegularizerError with code `not-finite` if a loss, the penalty or a weight is not; Aborted at the signal
 */
export async function endEpoch(fit: MemberFit, since: number): Promise<EpochReport> {
  const {member, run} = fit;
  const decisions = decisionsOf(fit);
  try {
    const row = await trainingSoFar(fit, since);
    collect(member, run, row.epoch, decisions);
    const report = await evaluated(fit, row, decisions, since);
    decide(member, 'evaluated', run, report, decisions);
    decide(member, 'epochEnd', run, report, decisions);
    await decisions.endEpoch(report);
    return report;
  } finally {
    decisions.release();
  }
}
