import {type Parameter, type Point, partOf, placeOf, type StudyTrial} from '@regularizers/search';
import type {SearchPart} from './parts.ts';

/** One thing that points of a search differ in: a setting, or a technique, which is off or has a strength. Plain JSON. */
export interface SearchAxis {
  readonly name: string;
  readonly kind: 'setting' | 'technique';
  /** The setting, or the technique's strength where a number says so. */
  readonly parameter?: Parameter;
}

/** The axes of a search: its settings, then its techniques. */
export const searchAxes = (
  settings: readonly Parameter[],
  parts: readonly SearchPart[],
): readonly SearchAxis[] => [
  ...settings.map((parameter): SearchAxis => ({name: parameter.key, kind: 'setting', parameter})),
  ...parts.map(({name, technique, options}): SearchAxis => {
    const {strength} = partOf({name, technique, options});
    return {name, kind: 'technique', ...(strength ? {parameter: strength} : {})};
  }),
];

/** Where a point is on an axis, in [0, 1]: undefined where the technique is off, or nothing was said. */
export function placeOn({name, kind, parameter}: SearchAxis, point: Point): number | undefined {
  if (kind === 'technique' && point[name] !== true) return undefined;
  const value = parameter && point[parameter.key];
  if (value === undefined) return kind === 'technique' ? 1 : undefined;
  return placeOf(parameter!, value);
}

/** A composition that was tried: its mean over the seeds of the search that it came to. */
export interface TriedPoint {
  readonly point: Point;
  readonly error: number;
  readonly seeds: number;
}

/** What was tried, by its trials, those of the report apart; what failed is left out. */
export function triedPoints(
  history: readonly StudyTrial[],
  reportSeeds: readonly number[],
): readonly TriedPoint[] {
  const points = new Map<string, {readonly point: Point; readonly errors: number[]}>();
  for (const {point, seed, validation} of history) {
    if (validation === null || reportSeeds.includes(seed)) continue;
    const key = JSON.stringify(Object.entries(point).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const one = points.get(key) ?? {point, errors: []};
    one.errors.push(validation);
    points.set(key, one);
  }
  return [...points.values()].map(({point, errors}) => ({
    point,
    error: errors.reduce((sum, error) => sum + error, 0) / errors.length,
    seeds: errors.length,
  }));
}
