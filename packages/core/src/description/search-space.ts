import {computed} from '../lib/computed.ts';
import type {AnyOption, OptionRecord, SearchInterval, SearchValues} from './option.ts';
import {isMeant} from './when.ts';

/** One option that a search draws. */
export interface SearchDimension {
  /** The option's name; `affine.rotation` for what is nested. */
  readonly path: string;
  /** What it is drawn from. */
  readonly search: SearchInterval | SearchValues;
  /** Numbers are rounded to whole ones. */
  readonly integer: boolean;
  /** What the technique takes without it, where that is a plain value: a place to begin. */
  readonly default?: unknown;
  /** It is drawn only where the options beside it have one of these values. */
  readonly when?: Readonly<Record<string, readonly unknown[]>>;
}

/**
 * What a search draws the options of a technique from, in the order of its options: all that say so.
 *
 * @example
 * ```ts
 * import {dropoutTechnique} from '@regularizers/dropout';
 *
 * searchSpace(dropoutTechnique);
 * // [{path: 'rate', search: {from: 0.05, to: 0.7, scale: 'linear'}, integer: false, default: 0.5}]
 * ```
 */
export function searchSpace(technique: {readonly options: OptionRecord}): readonly SearchDimension[] {
  return computed('searchSpace', {technique}, () => {
    const {options} = technique;
    return dimensionsOf(options, '');
  });
}

function dimensionsOf(fields: OptionRecord, before: string): readonly SearchDimension[] {
  return Object.entries(fields).flatMap(([key, option]) => {
    const path = `${before}${key}`;
    const {search} = option;
    if (!search) return option.kind === 'record' ? dimensionsOf(option.fields, `${path}.`) : [];
    const {default: initial, when} = option;
    return [
      {
        path,
        search,
        integer: isInteger(option),
        ...(initial === undefined ? {} : {default: initial}),
        ...(when === undefined ? {} : {when}),
      },
    ];
  });
}

/** Of several kinds, the plainest is drawn. */
function isInteger(option: AnyOption): boolean {
  if (option.kind === 'oneOf') return option.options.slice(0, 1).some(isInteger);
  return option.kind === 'number' && option.integer === true;
}

/**
 * The value of a dimension at a place in [0, 1], in its own scale: uniform places give what a search should see.
 *
 * @param place from 0, the first value or the interval's lower end, to 1
 */
export function searchedAt(dimension: SearchDimension, place: number): unknown {
  return computed('searchedAt', {dimension, place}, () => {
    const {search, integer} = dimension;
    if ('values' in search) {
      const {values} = search;
      return values[Math.min(Math.floor(place * values.length), values.length - 1)];
    }
    const {from, to, scale} = search;
    if (!integer) return between(from, to, scale, place);
    // Half a unit more on each side, so that the ends come as often as what lies between.
    const value = Math.round(between(from - 0.5, to + 0.5, scale, place));
    return Math.min(Math.max(value, from), to);
  });
}

function between(from: number, to: number, scale: SearchInterval['scale'], place: number): number {
  const inside = (value: number): number => Math.min(Math.max(value, from), to);
  switch (scale) {
    case 'linear':
      return inside(from + (to - from) * place);
    case 'log':
      return inside(from * (to / from) ** place);
    case 'logOfRest':
      return inside(1 - (1 - from) * ((1 - to) / (1 - from)) ** place);
  }
}

/**
 * Draws options of a technique at random: each from what it says, and only what has a meaning beside the others.
 *
 * @param random numbers in [0, 1)
 */
export function drawOptions(
  technique: {readonly options: OptionRecord},
  random: () => number,
): Readonly<Record<string, unknown>> {
  return computed('drawOptions', {technique, random}, () => drawFields(technique.options, random));
}

function drawFields(fields: OptionRecord, random: () => number): Readonly<Record<string, unknown>> {
  const drawn: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(fields)) {
    if (!isMeant(option, drawn, fields)) continue;
    const [dimension] = dimensionsOf({[key]: option}, '');
    if (!dimension) continue;
    drawn[key] = option.search ? searchedAt(dimension, random()) : drawFields(fieldsOf(option), random);
  }
  return drawn;
}

const fieldsOf = (option: AnyOption): OptionRecord => (option.kind === 'record' ? option.fields : {});
