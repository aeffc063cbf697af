import type {EpochReport} from '@regularizers/core';

/** Epochs of a member that are kept of a run, at the most: a curve has hardly as many pixels. */
export const mostEpochs = 1024;

/**
 * A history with no more of it than can be drawn: of each member every 2nd, 4th, 8th … epoch where it has more than
 * {@link mostEpochs}, and its last. So a page that follows a run of 100,000 epochs holds, draws and keeps no more than of
 * one of a thousand. What has been thinned can grow, and be thinned again.
 */
export function thinned(history: readonly EpochReport[]): readonly EpochReport[] {
  const last = new Map<number, EpochReport>();
  for (const report of history) last.set(report.member, report);
  const strides = new Map([...last].map(([member, {epoch}]) => [member, strideFor(epoch)]));
  return history.filter(
    (report) => report.epoch % strides.get(report.member)! === 0 || last.get(report.member) === report,
  );
}

/** The least power of two that leaves no more than {@link mostEpochs} of so many. */
const strideFor = (epochs: number): number => 2 ** Math.max(0, Math.ceil(Math.log2(epochs / mostEpochs)));
