import {type Option, option} from '@regularizers/core';

/** A drop rate: 1 would drop everything, and 1/(1 − rate) would be infinite. */
export function dropRate<const Default extends number>(
  initial: Default,
  about: string,
): Option<number> & {readonly default: Default} {
  const range = {min: 0, max: 1, maxExclusive: true} as const;
  return option.number({
    ...range,
    default: initial,
    nothing: 0,
    about,
    search: {from: 0.05, to: 0.7, scale: 'linear'},
  });
}
