import {
  advance,
  deriveKey,
  hostPermutation,
  hostUniform,
  LARGEST_PERMUTATION,
  permutation,
} from '@regularizers/random';
import {describe, expect, test} from 'vitest';
import {chiSquare} from './statistics.ts';

const sorted = (values: ArrayLike<number>) => Array.from(values).sort((a, b) => a - b);
const upTo = (n: number) => Array.from({length: n}, (_, i) => i);

describe('permutation', () => {
  test.each([0, 1, 2, 3, 7, 64, 129, 1000])('of %d is one, and the host’s', (n) => {
    const drawn = permutation(n, [n, 5]);
    expect(drawn.shape).toEqual([n]);
    expect(drawn.dtype).toBe('int32');
    expect(sorted(drawn.dataSync())).toEqual(upTo(n));
    expect(drawn.dataSync()).toEqual(hostPermutation(n, [n, 5]));
  });

  test('of the largest size is the host’s', () => {
    expect(permutation(LARGEST_PERMUTATION, [1, 5]).dataSync()).toEqual(
      hostPermutation(LARGEST_PERMUTATION, [1, 5]),
    );
  });

  test('puts ties in order of index', () => {
    const key = keyWithTies();
    expect(permutation(LARGEST_PERMUTATION, key).dataSync()).toEqual(
      hostPermutation(LARGEST_PERMUTATION, key),
    );
  });

  test('ranks the uniforms', () => {
    const u = hostUniform(300, [8, 1]);
    const order = upTo(300).sort((a, b) => u[a]! - u[b]! || a - b);
    const ranks = upTo(300).map((i) => order.indexOf(i));
    expect(Array.from(hostPermutation(300, [8, 1]))).toEqual(ranks);
  });

  test('shuffles a large data set', () => {
    const n = 200_000;
    const u = hostUniform(n, [2, 1]);
    const ranks = hostPermutation(n, [2, 1]);
    const inOrder = new Float32Array(n);
    ranks.forEach((rank, i) => {
      inOrder[rank] = u[i]!;
    });
    expect(inOrder).toEqual(u.slice().sort());
  });

  test('gives each of the 24 orders of 4 equally often', () => {
    const counts = new Map<string, number>();
    const key = deriveKey(1, 'orders');
    for (let step = 0; step < 4800; step++) {
      const order = hostPermutation(4, advance(key, step)).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(chiSquare([...counts.values()], 200)).toBeLessThan(49.7); // 23 degrees of freedom, p = 0.001
  });

  test('is refused above the bound, and points to the host', () => {
    expect(() => permutation(LARGEST_PERMUTATION + 1, [1, 2])).toThrow(
      '[random] permutation is for at most 4096 elements; received 4097. Use hostPermutation for more',
    );
  });
});

/** A key whose first 4,096 uniforms hold equal ones, as about two in three do. */
function keyWithTies(): [number, number] {
  for (let a = 0; ; a++) {
    const u = hostUniform(LARGEST_PERMUTATION, [a, 0]);
    if (new Set(u).size < u.length) return [a, 0];
  }
}
