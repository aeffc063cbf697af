import type {EpochReport} from '@regularizers/core';

/** A run's history, cut into those of its members. */
export function byMember(history: readonly EpochReport[]): readonly (readonly EpochReport[])[] {
  const members = [...new Set(history.map(({member}) => member))];
  return members.map((one) => history.filter(({member}) => member === one));
}
