import {computed, type SearchInterval, type SearchValues, searchedAt} from '@regularizers/core';

/** One thing that a search chooses: a setting of training, whether a technique is on, or one of its options. */
export interface Parameter {
  /** `learningRate`, `l2` for whether it is on, `l2.strength` for an option of it. */
  readonly key: string;
  readonly search: SearchInterval | SearchValues;
  /** Numbers are rounded to whole ones. */
  readonly integer: boolean;
  /** What it is where nobody chooses: a place to begin. */
  readonly default?: unknown;
  /** It is chosen only where all of these hold; what they ask for comes before it in a space. */
  readonly when: readonly Condition[];
}

/** What another parameter has to be. */
export interface Condition {
  readonly key: string;
  readonly values: readonly unknown[];
  /** What it counts as where it is not chosen itself. */
  readonly otherwise?: unknown;
}

/** What was chosen, by key: plain JSON. What had no meaning beside the rest is left out. */
export type Point = Readonly<Record<string, unknown>>;

/** A parameter that is drawn from an interval. */
export type IntervalParameter = Parameter & {readonly search: SearchInterval};

export const isInterval = (parameter: Parameter): parameter is IntervalParameter =>
  'from' in parameter.search;

/** Whether a parameter has a meaning beside the rest of a point. */
export const isActive = ({when}: Parameter, point: Point): boolean =>
  when.every(({key, values, otherwise}) => {
    const value = point[key] ?? otherwise;
    return values.some((one) => isSame(one, value));
  });

/** Values of a space are JSON. */
const isSame = (one: unknown, other: unknown): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);

/** The value at a place in [0, 1], in the parameter's own scale. */
export const valueAt = ({key, search, integer}: Parameter, place: number): unknown =>
  searchedAt({path: key, search, integer}, place);

/**
 * A point drawn at random: each parameter from all that it may be, and only where it has a meaning.
 *
 * @param random numbers in [0, 1)
 */
export function drawPoint(parameters: readonly Parameter[], random: () => number): Point {
  const point: Record<string, unknown> = {};
  for (const parameter of parameters) {
    if (isActive(parameter, point)) point[parameter.key] = valueAt(parameter, random());
  }
  return point;
}

/** What a parameter begins with: its default, or the middle. */
export const startOf = (parameter: Parameter): unknown => parameter.default ?? valueAt(parameter, 0.5);

/** Which of its values a parameter has; −1 for none of them. */
export const indexOf = ({values}: SearchValues, value: unknown): number =>
  values.findIndex((one) => isSame(one, value));

/**
 * Where a value is among all that its parameter may be, from 0 to 1: what charts are drawn by. A number is where it is in
 * the parameter's own scale, and beyond 0 or 1 outside of its interval; one of several values in the middle of its share.
 *
 * @example
 * ```ts
 * import type {Parameter} from '@regularizers/search';
 *
 * const rate: Parameter = {key: 'rate', search: {from: 1e-4, to: 1, scale: 'log'}, integer: false, when: []};
 * placeOf(rate, 0.01); // 0.5
 * ```
 */
export function placeOf(parameter: Parameter, value: unknown): number {
  return computed('placeOf', {parameter, value}, () => {
    if (isInterval(parameter)) return placeInInterval(parameter, Number(value));
    const {values} = parameter.search as SearchValues;
    return (indexOf(parameter.search as SearchValues, value) + 0.5) / values.length;
  });
}

/**
 * Where a number is in its parameter's own scale: 0 at the interval's lower end, 1 at the upper. Whole numbers have half a
 * unit on each side, as where they are drawn.
 */
export function placeInInterval(
  {search: {from, to, scale}, integer}: IntervalParameter,
  value: number,
): number {
  const [low, high] = integer ? [from - 0.5, to + 0.5] : [from, to];
  switch (scale) {
    case 'linear':
      return (value - low) / (high - low);
    case 'log':
      return Math.log(value / low) / Math.log(high / low);
    case 'logOfRest':
      return Math.log((1 - value) / (1 - low)) / Math.log((1 - high) / (1 - low));
  }
}
