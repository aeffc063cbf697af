import {type IntervalParameter, placeInInterval, valueAt} from './parameter.ts';

/**
 * Strengths to begin with, evenly over the interval in its own scale, the middle of each share: 5 of [1e-6, 1e-1] by its
 * logarithm are 3.2e-6, 3.2e-5, …, 3.2e-2.
 *
 * @param count how many; whole numbers may be fewer
 */
export function gridOf(parameter: IntervalParameter, count: number): readonly number[] {
  const values = Array.from({length: count}, (_, i) => Number(valueAt(parameter, (i + 0.5) / count)));
  return [...new Set(values)];
}

/**
 * What a grid whose best value is at its edge grows by: one step further in the parameter's own scale, beyond the interval
 * where need be. A technique may refuse it.
 *
 * @param tried the grid so far, in any order
 * @param best one of them
 * @param count how many the grid began with
 * @returns undefined where the best is not at an edge, or the scale ends there
 */
export function beyond(
  parameter: IntervalParameter,
  tried: readonly number[],
  best: number,
  count: number,
): number | undefined {
  const isLow = tried.every((value) => value >= best);
  if (!isLow && !tried.every((value) => value <= best)) return undefined;
  const sign = isLow ? -1 : 1;
  const exact = inverse(parameter, placeInInterval(parameter, best) + sign / count);
  const next = parameter.integer ? Math[isLow ? 'min' : 'max'](Math.round(exact), best + sign) : exact;
  return Number.isFinite(next) && next !== best ? next : undefined;
}

/** The number at any place, also outside of the interval. */
function inverse({search: {from, to, scale}}: IntervalParameter, place: number): number {
  switch (scale) {
    case 'linear':
      return from + (to - from) * place;
    case 'log':
      return from * (to / from) ** place;
    case 'logOfRest':
      return 1 - (1 - from) * ((1 - to) / (1 - from)) ** place;
  }
}

/** The parameter over all that was tried. */
export function including(parameter: IntervalParameter, values: readonly number[]): IntervalParameter {
  const {from, to, scale} = parameter.search;
  return {...parameter, search: {from: Math.min(from, ...values), to: Math.max(to, ...values), scale}};
}
