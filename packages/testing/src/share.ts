import {isThorough} from './thorough.ts';

/** Which share of some things a suite takes, where several suites between them take all. */
export interface Share {
  /** Of so many things in a row, those at these places. */
  readonly turns: readonly number[];
  readonly of: number;
}

/**
 * A suite's share of some things: of each so many in a row those whose turn it is. Where the suites are to be thorough,
 * and where nothing is said of a share, it is all.
 *
 * @param all the things
 * @param share which of them
 */
export function shareOf<T>(all: readonly T[], share: Share | undefined): readonly T[] {
  if (isThorough || !share) return all;
  return all.filter((_, place) => share.turns.includes(place % share.of));
}
