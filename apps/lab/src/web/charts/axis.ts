import {type Drawn, lastEpoch} from './series.ts';

/**
 * How many epochs the axis of the curves is long: as many as anything drawn has trained; what still trains gets room
 * ahead, which grows in a few large steps.
 *
 * @param asked how many the form asks for, where nothing is drawn
 */
export function epochsShown(drawn: readonly Pick<Drawn, 'histories' | 'asked'>[], asked: unknown): number {
  if (drawn.length === 0) return Number(asked) >= 1 ? Number(asked) : 30;
  return Math.max(1, ...drawn.map(epochsOf));
}

function epochsOf({histories, asked}: Pick<Drawn, 'histories' | 'asked'>): number {
  const trained = lastEpoch(histories);
  return asked === undefined ? trained : Math.min(asked, roundedUp(trained + 1));
}

/** The smallest 1, 2 or 5 times a power of ten that is not below a number; 10 at the least. */
function roundedUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(10, value)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= value) ?? value;
}

/**
 * The room that an axis needs beside the chart, in pixels.
 *
 * @param measure the width of a text
 */
export function roomFor(ticks: readonly string[] | null, measure: (text: string) => number): number {
  return 14 + Math.ceil(Math.max(20, ...(ticks ?? []).map(measure)));
}
