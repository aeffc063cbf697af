import fc from 'fast-check';
import {expect, test} from 'vitest';
import {coveringPairs} from '../src/covering-pairs.ts';
import {shareOf} from '../src/share.ts';

test('enough pairs are all pairs, each once and with itself', () => {
  for (const count of [0, 1, 2, 3, 6, 7]) {
    const all = Array.from({length: count}, (_, a) =>
      Array.from({length: count - a}, (_, k) => [a, a + k]),
    ).flat();
    const found = coveringPairs(count, 1000, 3);
    expect(found.toSorted(([a, b], [c, d]) => a - c || b - d)).toEqual(all);
  }
});

test('half as many pairs as there are things have each of them, and one more pair repeats none', () => {
  fc.assert(
    fc.property(
      fc.integer({min: 2, max: 80}),
      fc.integer({min: 0, max: 99}),
      fc.nat(99),
      (count, more, seed) => {
        const most = Math.ceil(count / 2) + more;
        const pairs = coveringPairs(count, most, seed);
        expect(pairs).toHaveLength(Math.min(most, (count * (count + 1)) / 2));
        expect(new Set(pairs.map(String)).size).toBe(pairs.length);
        expect(new Set(pairs.flat()).size).toBe(count);
      },
    ),
  );
});

test('shares of all pairs are all of them, none twice, and of 15 things and more each share has each', () => {
  fc.assert(
    fc.property(
      fc.integer({min: 15, max: 80}),
      fc.integer({min: 2, max: 4}),
      fc.nat(99),
      (count, of, seed) => {
        const pairs = coveringPairs(count, Number.POSITIVE_INFINITY, seed);
        const shares = Array.from({length: of}, (_, turn) => shareOf(pairs, {turns: [turn], of}));
        expect(shares.flat().map(String).toSorted()).toEqual(pairs.map(String).toSorted());
        for (const share of shares) expect(new Set(share.flat()).size).toBe(count);
      },
    ),
  );
});
