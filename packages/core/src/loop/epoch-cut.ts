import type {Source} from '../data/source.ts';
import {RegularizerError} from '../lib/errors.ts';
import type {EpochCut, MemberRun} from '../member/member-run.ts';
import type {SplitRecord} from '../state/split-record.ts';
import type {FullFitOptions} from './options.ts';

/** How a run cuts epochs. */
export function cutOf(
  {accumulate, shuffle, dropLast, stepsPerEpoch}: FullFitOptions,
  {examples, batchSize}: Source,
  split: SplitRecord | undefined,
): EpochCut {
  return {
    examples: examples ?? null,
    batchSize,
    accumulate,
    shuffle,
    dropLast,
    stepsPerEpoch: stepsPerEpoch ?? null,
    split: split ?? null,
  };
}

const within = ['examples', 'batchSize', 'accumulate', 'shuffle', 'dropLast', 'stepsPerEpoch'] as const;

/**
 * Checks that members go on as they began: within an epoch with batches of the same one, or else some examples would
 * be seen twice and some never; and with the same examples held out, or else those that are evaluated on would have
 * been trained on.
 *
 * @throws RegularizerError with code `cut-otherwise`, naming what differs, or `split-otherwise`
 */
export function checkCut(runs: readonly MemberRun[], now: EpochCut): void {
  for (const run of runs) {
    checkSplit(run, now.split);
    checkWithin(run, now);
  }
}

function checkSplit({position, cut, program}: MemberRun, now: SplitRecord | null): void {
  if (!now || position.step === 0 || cut?.split?.digest === now.digest) return;
  const before = cut?.split ?? null;
  throw new RegularizerError({
    where: 'fit',
    code: 'split-otherwise',
    message: `${describe(now)} would be held out, but member ${program.member} has been trained with ${before ? describe(before) : 'none'} held out`,
    hint: before
      ? 'Pass the same data, in the same order, and the same split until the end.'
      : 'Pass data of its own as validation, or train a new model with the split from the start.',
    option: 'validation',
  });
}

function checkWithin({position, cut: before, program}: MemberRun, now: EpochCut): void {
  if (position.batch === 0 || !before) return;
  const key = within.find((one) => now[one] !== before[one]);
  // A split that was left out changes which examples there are, be they as many.
  const isSame = now.split !== null || before.split === null;
  if (key === undefined && isSame) return;
  const [then, given] = key === undefined ? ['given', null] : [before[key], now[key]];
  const say = (value: unknown): string => (value === null ? 'not given' : String(value));
  throw new RegularizerError({
    where: 'fit',
    code: 'cut-otherwise',
    message: `member ${program.member} stopped within epoch ${position.epoch + 1}, which cannot go on with other batches: ${key ?? 'validation.split'} was ${say(then)}, and is ${say(given)}`,
    hint: 'Pass the same until the epoch is at its end.',
  });
}

function describe({held, of, by}: SplitRecord): string {
  return `${held} of ${of} examples${by.length > 0 ? ` by the classes of ${by.join(' and ')}` : ''}`;
}
