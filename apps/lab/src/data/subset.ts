import {RegularizerError} from '@regularizers/core';
import {hostPermutation, type KeyPair} from '@regularizers/random';

/**
 * Positions of `count` examples with as equal a number of each class as there is, in random order of classes.
 *
 * A smaller subset is the beginning of a larger one with the same key, so that runs on 1,000 and on 2,000
 * examples differ by the examples added and by nothing else. A class that runs out is made up for by the others.
 *
 * @param labels class of each candidate
 * @param candidates positions to choose from; all by default
 * @throws RegularizerError with code `too-few-examples`
 */
export function balancedSubset(
  labels: ArrayLike<number>,
  count: number,
  key: KeyPair,
  candidates: Int32Array = Int32Array.from({length: labels.length}, (_, position) => position),
): Int32Array {
  if (count > candidates.length) {
    throw new RegularizerError({
      where: 'lab',
      code: 'too-few-examples',
      message: `${count} examples were asked for; there are ${candidates.length}`,
    });
  }
  const queues = new Map<number, number[]>();
  for (const place of hostPermutation(candidates.length, key)) {
    const position = candidates[place]!;
    const label = labels[position]!;
    const queue = queues.get(label);
    if (queue) queue.push(position);
    else queues.set(label, [position]);
  }
  const chosen = new Int32Array(count);
  let filled = 0;
  for (let round = 0; filled < count; round++) {
    for (const queue of queues.values()) {
      const position = queue[round];
      if (position !== undefined && filled < count) chosen[filled++] = position;
    }
  }
  return chosen;
}

/** The positions that `taken` leaves over, in order. */
export function remaining(total: number, taken: Int32Array): Int32Array {
  const isTaken = new Set(taken);
  return Int32Array.from({length: total}, (_, position) => position).filter(
    (position) => !isTaken.has(position),
  );
}
