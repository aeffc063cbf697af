import type {EpochReport} from '@regularizers/core';

/** Epochs of a member that are kept of a run, at the most: a curve has hardly as many pixels. */
export const mostEpochs = 1024;

/**
 * A history with no more of it than can be drawn: of each member every 2nd, 4th, 8th … epoch where it has more than
 * {@link mostEpochs}, its last, and those at which its validation loss and its validation error were the least, each as it
 * was. So a page and a worker that follow a run of 100,000 epochs hold, draw and keep no more than of one of a thousand.
 * What has been thinned can grow, and be thinned again.
 */
export function thinned(history: readonly EpochReport[]): readonly EpochReport[] {
  const members = new Map<number, Kept>();
  for (const report of history) members.set(report.member, withReport(members.get(report.member), report));
  return history.filter((report) => {
    const {last, loss, error} = members.get(report.member)!;
    return report.epoch % strideFor(last.epoch) === 0 || [last, loss, error].includes(report);
  });
}

/** Of one member's epochs those that are kept wherever they are. */
interface Kept {
  readonly last: EpochReport;
  readonly loss: EpochReport | undefined;
  readonly error: EpochReport | undefined;
}

function withReport(kept: Kept | undefined, report: EpochReport): Kept {
  const [loss, accuracy] = [report.validation?.loss, report.validation?.['accuracy']];
  const isLess = loss !== undefined && !(loss >= (kept?.loss?.validation?.loss ?? Infinity));
  const isRighter =
    accuracy !== undefined && !(accuracy <= (kept?.error?.validation?.['accuracy'] ?? -Infinity));
  return {
    last: report,
    loss: isLess ? report : kept?.loss,
    error: isRighter ? report : kept?.error,
  };
}

/** The least power of two that leaves no more than {@link mostEpochs} of so many. */
const strideFor = (epochs: number): number => 2 ** Math.max(0, Math.ceil(Math.log2(epochs / mostEpochs)));
