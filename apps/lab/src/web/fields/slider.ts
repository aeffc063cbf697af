import {type SearchInterval, searchedAt} from '@regularizers/core';

/** How many places a slider has. */
export const places = 200;

/** The value at a place of a slider, as short as it can be said there. */
export function valueOnSlider(search: SearchInterval, integer: boolean, place: number): number {
  const value = Number(searchedAt({path: '', search, integer}, place / places));
  if (integer) return value;
  // Of 0.985 it is the rest to 1 that matters.
  if (search.scale === 'logOfRest') return Number((1 - Number((1 - value).toPrecision(2))).toFixed(8));
  if (search.scale === 'log') return Number(value.toPrecision(2));
  const step = (search.to - search.from) / places;
  return Number(value.toFixed(Math.max(0, Math.ceil(-Math.log10(step)))));
}

/** The place of a value on a slider; the nearer end for one that is not on it, the lower end for what is no number. */
export function placeOnSlider({from, to, scale}: SearchInterval, value: unknown): number {
  if (typeof value !== 'number' || Number.isNaN(value)) return 0;
  const inside = Math.min(Math.max(value, from), to);
  const share = {
    linear: (inside - from) / (to - from),
    log: Math.log(inside / from) / Math.log(to / from),
    logOfRest: Math.log((1 - inside) / (1 - from)) / Math.log((1 - to) / (1 - from)),
  }[scale];
  return Math.round(places * share);
}
