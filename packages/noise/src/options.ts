import {type Option, option} from '@regularizers/core';

/** A standard deviation σ. */
export function sigmaOption<const Default extends number>(
  initial: Default,
  about: string,
  search: readonly [from: number, to: number],
): Option<number> & {readonly default: Default} {
  const [from, to] = search;
  return option.number({min: 0, default: initial, nothing: 0, about, search: {from, to, scale: 'log'}});
}
