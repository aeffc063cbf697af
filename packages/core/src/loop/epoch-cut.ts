import type {Source} from '../data/source.ts';
import {RegularizerError} from '../lib/errors.ts';
import type {EpochCut, MemberRun} from '../member/member-run.ts';
import type {FullFitOptions} from './options.ts';

/** How a run cuts epochs. */
export function cutOf(
  {accumulate, shuffle, dropLast, stepsPerEpoch}: FullFitOptions,
  {examples, batchSize}: Source,
): EpochCut {
  return {
    examples: examples ?? null,
    batchSize,
    accumulate,
    shuffle,
    dropLast,
    stepsPerEpoch: stepsPerEpoch ?? null,
  };
}

/**
 * Checks that members that stopped within an epoch go on with batches of the same epoch: cut otherwise, some examples
 * would be seen twice and some never.
 *
 * @throws RegularizerError with code `cut-otherwise`, naming what differs
 */
export function checkCut(runs: readonly MemberRun[], now: EpochCut): void {
  for (const {position, cut: before, program} of runs) {
    if (position.batch === 0 || !before) continue;
    const key = (Object.keys(now) as (keyof EpochCut)[]).find((one) => now[one] !== before[one]);
    if (key === undefined) continue;
    const [then, given] = [before[key], now[key]].map((value) =>
      value === null ? 'not given' : String(value),
    );
    throw new RegularizerError({
      where: 'fit',
      code: 'cut-otherwise',
      message: `member ${program.member} stopped within epoch ${position.epoch + 1}, which cannot go on with other batches: ${key} was ${then}, and is ${given}`,
      hint: 'Pass the same until the epoch is at its end.',
    });
  }
}
