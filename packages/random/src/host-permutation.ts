// A permutation on the host: a radix sort of the uniforms' 23 random bits.

import {checkCount} from './check.ts';
import {guarded} from './given.ts';
import {hostBits} from './host.ts';
import type {KeyPair} from './key.ts';

const DIGIT = 12; // 23 bits in two passes

/**
 * A random permutation of 0 … n − 1: p[i] is the rank of the i-th uniform of the stream, ties in order of index.
 * It is the same permutation as {@link permutation} draws on a device. Time O(n).
 *
 * Beyond a few million elements ties of the 23-bit uniforms become common; tied elements keep their order.
 *
 * @param n how many elements
 * @param key the stream
 * @returns n int32, each of 0 … n − 1 once
 */
export function hostPermutation(n: number, key: KeyPair): Int32Array {
  return guarded('hostPermutation', () => {
    const bits = hostBits(checkCount(n), key);
    const indices = new Int32Array(n);
    for (let i = 0; i < n; i++) indices[i] = i;
    const order = new Int32Array(n);
    sortByDigit(bits, indices, order, 0, DIGIT);
    sortByDigit(bits, order, indices, DIGIT, 23 - DIGIT);
    for (let rank = 0; rank < n; rank++) order[indices[rank]!] = rank;
    return order;
  });
}

/** Writes `from` to `to`, ordered by `width` bits of each index's value from bit `shift` on, equals as they were. */
function sortByDigit(
  values: Uint32Array,
  from: Int32Array,
  to: Int32Array,
  shift: number,
  width: number,
): void {
  const mask = (1 << width) - 1;
  const next = new Int32Array(mask + 2);
  for (let i = 0; i < values.length; i++) next[((values[i]! >>> shift) & mask) + 1]!++;
  for (let digit = 0; digit < mask; digit++) next[digit + 1]! += next[digit]!;
  for (let i = 0; i < from.length; i++) {
    const index = from[i]!;
    to[next[(values[index]! >>> shift) & mask]!++] = index;
  }
}
