// Which rows are trained on, chosen by and judged by.
import {describe, expect, test} from 'vitest';
import type {SplitOptions} from '../../src/data/own/options.ts';
import {splitRows, splitSizes, tenths} from '../../src/data/own/split-rows.ts';

const total = 203;
/** Classes of 101, 50, 40, 11 and 1 examples. */
const labels = Int32Array.from({length: total}, (_, row) =>
  [101, 151, 191, 202, 203].findIndex((end) => row < end),
);
const counts = (rows: Int32Array): readonly number[] =>
  [0, 1, 2, 3, 4].map((label) => rows.filter((row) => labels[row] === label).length);
const cut = (options: Partial<SplitOptions> = {}) => {
  const given = {seed: 0, ...options};
  return splitRows(labels, splitSizes(total, given, 'f'), given);
};
const sorted = (...parts: readonly Int32Array[]): readonly number[] =>
  parts.flatMap((part) => [...part]).sort((a, b) => a - b);
const all = sorted(Int32Array.from(labels, (_, row) => row));

test.each([0, 1, 2])(
  'every part has each class in proportion, and each example is in one (seed %s)',
  (seed) => {
    const {train, validation, test: judged} = cut({seed});
    expect(sorted(train, validation, judged)).toEqual(all);
    for (const part of [train, validation, judged]) {
      counts(part).forEach((count, label) => {
        const exact = (counts(Int32Array.from(all))[label]! * part.length) / total;
        expect(Math.abs(count - exact)).toBeLessThanOrEqual(1);
      });
    }
    expect(counts(train)[4]).toBe(1); // the only example of a class is one to learn from
  },
);

test('is the same for a seed and another for another', () => {
  expect(cut({seed: 3})).toEqual(cut({seed: 3}));
  expect(cut({seed: 3}).test).not.toEqual(cut({seed: 4}).test);
});

test('a smaller training set is the beginning of a larger one, and nothing else changes', () => {
  const [small, large] = [cut({train: 20}), cut({train: 90})];
  expect(large.train.subarray(0, 20)).toEqual(small.train);
  expect([large.validation, large.test]).toEqual([small.validation, small.test]);
});

test('each fold judges what the others train on, all of it once; the test set stays', () => {
  const whole = cut();
  const folds = [0, 1, 2, 3, 4].map((fold) => cut({folds: 5, fold}));
  expect(sorted(...folds.map(({validation}) => validation))).toEqual(sorted(whole.train, whole.validation));
  for (const {train, validation, test: judged} of folds) {
    expect(sorted(train, validation)).toEqual(sorted(whole.train, whole.validation));
    expect(judged).toEqual(whole.test);
    counts(validation).forEach((count, label) => {
      const exact =
        (counts(Int32Array.from(sorted(train, validation)))[label]! * validation.length) /
        (total - judged.length);
      expect(Math.abs(count - exact)).toBeLessThanOrEqual(1);
    });
  }
});

test('values are cut so that each part has low and high ones', () => {
  const values = Float64Array.from({length: 100}, (_, row) => ((row * 37) % 100) ** 3);
  const {test: judged} = splitRows(tenths(values), splitSizes(100, {seed: 0}, 'f'), {seed: 0});
  const ranks = Array.from(judged, (row) => Math.floor(Math.cbrt(values[row]! + 0.5) / 10));
  for (let tenth = 0; tenth < 10; tenth++) expect(ranks.filter((rank) => rank === tenth)).toHaveLength(2);
});

describe('sizes', () => {
  test.each([
    [{}, {train: 121, validation: 41, test: 41}],
    [{train: 50}, {train: 50, validation: 41, test: 41}],
    [{test: 100}, {train: 62, validation: 41, test: 100}],
    [{train: 190}, {train: 190, validation: 6, test: 6}],
    [
      {train: 100, validation: 53, test: 50},
      {train: 100, validation: 53, test: 50},
    ],
  ])('%j', (given, sizes) => {
    expect(splitSizes(total, {seed: 0, ...given}, 'f')).toEqual(sizes);
  });
  test.each([
    [{train: 202}, /203 examples to cut into three parts, and 202 were asked for/],
    [{train: 200, test: 4}, /asked for/],
    [{fold: 1}, /fold: there can be no 1, since data.folds is left out/],
    [{folds: 3, fold: 3}, /fold: there can be no 3, since there are 3/],
    [{train: 1, validation: 1, folds: 5}, /folds: there can be no 5, since there are 2 examples/],
  ])('%j is refused', (given, message) => {
    expect(() => splitSizes(total, {seed: 0, ...given}, 'f')).toThrow(message);
  });
});
