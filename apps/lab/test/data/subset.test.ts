import {deriveKey} from '@regularizers/random';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {balancedSubset, remaining} from '../../src/data/subset.ts';

const key = deriveKey(1, 'subset');

const tally = (labels: Iterable<number>): Map<number, number> => {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
};

test('takes as many of each class, or one more', () => {
  const labels = Int32Array.from({length: 300}, (_, at) => ((at * at) % 3 === 0 ? 0 : 1 + (at % 4)));
  const chosen = balancedSubset(labels, 42, key);
  const counts = [...tally([...chosen].map((at) => labels[at]!)).values()];
  expect(counts.length).toBe(new Set(labels).size);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
});

test('never takes an example twice, and makes up for classes that run out', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({min: 0, max: 4}), {minLength: 1, maxLength: 60}),
      fc.nat(),
      (labels, some) => {
        const count = 1 + (some % labels.length);
        const chosen = balancedSubset(labels, count, key);
        expect(new Set(chosen).size).toBe(count);
        // No class gets more than another that still has some left.
        const taken = tally([...chosen].map((at) => labels[at]!));
        const there = tally(labels);
        const most = Math.max(...taken.values());
        for (const [label, all] of there) {
          if ((taken.get(label) ?? 0) < all) expect(taken.get(label) ?? 0).toBeGreaterThanOrEqual(most - 1);
        }
      },
    ),
  );
});

test('is the same for a key, another for another, and the beginning of a larger one', () => {
  const labels = Int32Array.from({length: 500}, (_, at) => at % 10);
  const small = [...balancedSubset(labels, 100, key)];
  expect([...balancedSubset(labels, 100, key)]).toEqual(small);
  expect([...balancedSubset(labels, 200, key)].slice(0, 100)).toEqual(small);
  expect([...balancedSubset(labels, 100, deriveKey(2, 'subset'))]).not.toEqual(small);
});

test('chooses among the candidates only', () => {
  const labels = Int32Array.from({length: 100}, (_, at) => at % 5);
  const first = balancedSubset(labels, 30, key);
  const second = balancedSubset(labels, 70, key, remaining(100, first));
  expect([...first, ...second].sort((a, b) => a - b)).toEqual(Array.from({length: 100}, (_, at) => at));
});

test('says how many there are', () => {
  expect(() => balancedSubset([0, 1], 3, key)).toThrow('[lab] 3 examples were asked for; there are 2');
});
