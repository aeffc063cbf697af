import {type DataSummary, RegularizerError, type ValuesSummary} from '@regularizers/core';
import type {Interval, PixelRange} from './options.ts';
import type {ImagePlan} from './plan.ts';

/** The state of a plugin that takes pixel ranges from the data: one for each of its images, null before the first run. */
export type PixelState = {readonly ranges: readonly Interval[] | null} | null;

/** What pixels come in, a narrower range before one that it lies in. */
const known: readonly Interval[] = [
  [0, 1],
  [-1, 1],
  [0, 255],
];

/** What is off by less, as a share of a range's width, is a rounding. */
const rounding = 1e-3;

/** What pixels use of their range at the least: 0 to 1 is no picture in [0, 255]. */
const leastUsed = 1e-2;

/** The pixel range of one image: stated, or found in the data. */
export function settledRange(range: PixelRange, found: Interval | undefined): Interval {
  if (range !== 'data') return range;
  if (found) return found;
  throw new TypeError('[augmentation] the pixel range is not known: no adapt ran before this step');
}

/** The first state of a plugin whose techniques have these ranges, and what comes in the place of null. */
export function pixelState(
  {inputs, outputs}: ImagePlan,
  ranges: readonly PixelRange[],
): {readonly state?: PixelState; readonly later?: Readonly<Record<string, readonly Interval[]>>} {
  if (!ranges.includes('data')) return {};
  return {state: {ranges: null}, later: {ranges: [...inputs, ...outputs].map(() => [0, 1])}};
}

/**
 * Finds the pixel ranges in the training data, and holds those that are stated, or were found before, against it.
 *
 * @throws RegularizerError with code `pixel-range`
 */
export function adaptedPixels(
  where: string,
  {plan, ranges, state}: {plan: ImagePlan; ranges: readonly PixelRange[]; state: PixelState},
  data: DataSummary,
): PixelState | undefined {
  const images = [
    ...plan.inputs.map(({name, index}) => ({what: `input ${name}`, values: data.inputs[index]!})),
    ...plan.outputs.map(({name, index}) => ({what: `target of ${name}`, values: data.targets[index]!})),
  ];
  for (const {what, values} of images) {
    for (const range of ranges) if (range !== 'data') checkStated(where, what, range, values);
  }
  if (!ranges.includes('data')) return undefined;
  const found = state?.ranges;
  if (!found) return {ranges: images.map(({what, values}) => foundRange(where, what, values))};
  for (const [i, {what, values}] of images.entries()) checkFound(where, what, found[i]!, values);
  return undefined;
}

/** What `trainer.explain()` says of pixel ranges. */
export function explainedPixels(
  {inputs, outputs}: ImagePlan,
  ranges: readonly PixelRange[],
  state: PixelState,
): readonly string[] {
  const stated = new Set(ranges.filter((range) => range !== 'data').map(show));
  const found = state?.ranges;
  return [
    ...Array.from(stated, (range) => `pixels are in ${range}, as its range says`),
    ...(ranges.includes('data') && !found ? ['the pixel range is taken from the training data'] : []),
    ...[...inputs, ...outputs].flatMap(({name}, i) =>
      found ? [`pixels of ${name} are in ${show(found[i]!)}, as the training data shows`] : [],
    ),
  ];
}

function foundRange(where: string, what: string, values: ValuesSummary): Interval {
  const range = known.find((one) => liesIn(values, one) && (one[1] === 1 || values.max > one[1] / 2));
  if (range) return range;
  throw refusal(
    where,
    `the values of ${what} are ${spread(values)}, and pixels in none of ${known.map(show).join(', ')}`,
    'Say what pixels can be: range: [0, 255], or of standardized ones the smallest and the largest value.',
  );
}

function checkStated(where: string, what: string, range: Interval, values: ValuesSummary): void {
  if (suits(values, range)) return;
  throw refusal(
    where,
    `range is ${show(range)}, but the values of ${what} are ${spread(values)}`,
    'Leave range out to take it from the data, or bring the pixels to it.',
  );
}

function checkFound(where: string, what: string, range: Interval, values: ValuesSummary): void {
  if (suits(values, range)) return;
  throw refusal(
    where,
    `training began with pixels of ${what} in ${show(range)}, but now they are ${spread(values)}`,
    'Go on with data that is prepared as it was then.',
  );
}

/** Constant images use nothing of any range. */
function suits(values: ValuesSummary, range: Interval): boolean {
  const isUsed = values.max - values.min >= leastUsed * (range[1] - range[0]) || values.max === values.min;
  return liesIn(values, range) && isUsed;
}

function liesIn({min, max, mean}: ValuesSummary, [low, high]: Interval): boolean {
  const slack = rounding * (high - low);
  // A value that is no number leaves min and max as they were, on some backends.
  return Number.isFinite(mean) && min >= low - slack && max <= high + slack;
}

function spread({min, max, mean}: ValuesSummary): string {
  return Number.isFinite(mean) ? `in ${show([min, max])}` : 'not all finite';
}

function show(range: Interval): string {
  return `[${range.map((value) => Number(value.toPrecision(4))).join(', ')}]`;
}

function refusal(where: string, message: string, hint: string): RegularizerError {
  return new RegularizerError({where, code: 'pixel-range', message, hint, option: 'range'});
}
