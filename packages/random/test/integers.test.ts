import {hostBits, hostIntegers, integers} from '@regularizers/random';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {KNOWN} from './known.ts';
import {chiSquare} from './statistics.ts';

describe('integers', () => {
  test.each(KNOWN)('are TensorFlow’s for key $key', ({key, integers: known, bits}) => {
    expect(Array.from(hostBits(5, key))).toEqual(bits);
    expect(Array.from(hostIntegers(known.length, key, {min: -5, max: 1000}))).toEqual(known);
    const drawn = integers([known.length], key, {min: -5, max: 1000});
    expect(drawn.dtype).toBe('int32');
    expect(Array.from(drawn.dataSync())).toEqual(known);
  });

  test('are the host’s for any bounds', () => {
    const bound = fc.integer({min: -(2 ** 24), max: 2 ** 24});
    fc.assert(
      fc.property(bound, bound, (a, b) => {
        const bounds = {min: Math.min(a, b), max: Math.max(a, b) + 1};
        const drawn = integers([3, 7], [1, 9], bounds);
        expect(drawn.dataSync()).toEqual(hostIntegers(21, [1, 9], bounds));
        drawn.dispose();
      }),
      {numRuns: 40, seed: 3, examples: [[-(2 ** 24), 2 ** 24]]},
    );
  });

  test('are uniform', () => {
    const counts = new Array<number>(10).fill(0);
    for (const digit of integers([10_000], [2, 2], {max: 10}).dataSync()) counts[digit]!++;
    expect(chiSquare(counts, 1000)).toBeLessThan(27.9); // 9 degrees of freedom, p = 0.001
  });
});
