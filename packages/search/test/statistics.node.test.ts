// Statistics against SciPy and statsmodels: see reference/scipy_optuna.py.
import {RegularizerError} from '@regularizers/core';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {pairedDifference, proportionError, survivors, verdicts} from '../src/index.ts';
import {randomStream} from '../src/sampler/stream.ts';
import {normalBelow, normalQuantile, tBelow, tQuantile} from '../src/statistics/distributions.ts';
import numbers from './reference/numbers.json' with {type: 'json'};

/** Of jstat's series. */
const tolerance = 1e-7;

const close = (actual: number, expected: number): void =>
  expect(Math.abs(actual - expected), `${actual} for ${expected}`).toBeLessThanOrEqual(
    tolerance * (1e-3 + Math.abs(expected)),
  );

it('has the distributions of SciPy', () => {
  for (const [p, degrees, x] of numbers.tQuantile) close(tQuantile(p!, degrees!), x!);
  for (const [x, degrees, p] of numbers.tBelow) close(tBelow(x!, degrees!), p!);
  for (const [x, p] of numbers.normalBelow) close(normalBelow(x!), p!);
  for (const [p, x] of numbers.normalQuantile) close(normalQuantile(p!), x!);
});

describe.each([
  ['seeds', numbers.seeds, 0],
  ['folds, whose training data is shared,', numbers.folds, 1 / 4],
] as const)('verdicts over %s', (_, expected, heldOut) => {
  const rows = Object.entries(numbers.rows).map(([name, errors]) => ({name, errors}));
  const found = verdicts(rows, numbers.baseline, {heldOut});

  it.each(expected.map((row) => [row.name, row] as const))('are those of SciPy: %s', (name, row) => {
    const own = found.find((one) => one.name === name)!;
    close(own.mean, row.mean);
    close(own.standardError, row.standardError);
    close(own.p, row.p);
    close(own.corrected, row.corrected);
    close(own.interval[0], row.interval[0]!);
    close(own.interval[1], row.interval[1]!);
    expect(own.word).toBe(row.found ? (row.mean < 0 ? 'helps' : 'hurts') : 'within chance');
    // statsmodels stops its own search for an effect earlier.
    expect(Math.abs(own.smallest / row.smallest - 1)).toBeLessThan(1e-5);
  });
});

it('says helps or hurts exactly where the interval leaves out 0', () => {
  const error = fc.double({min: 0, max: 1, noNaN: true});
  const errors = fc.array(error, {minLength: 4, maxLength: 4});
  fc.assert(
    fc.property(fc.array(errors, {minLength: 1, maxLength: 6}), errors, (rows, baseline) => {
      const found = verdicts(
        rows.map((own, i) => ({name: String(i), errors: own})),
        baseline,
      );
      for (const {
        word,
        interval: [low, high],
        mean,
        standardError,
      } of found) {
        if (standardError < 1e-9) continue;
        expect(word !== 'within chance').toBe(low > 0 || high < 0);
        if (word !== 'within chance') expect(word).toBe(mean < 0 ? 'helps' : 'hurts');
      }
    }),
    {numRuns: 300, seed: 5},
  );
});

it('finds anything in a table of nothing at most as often as it says', () => {
  const random = randomStream(3, 'nothing');
  const normal = (): number => normalQuantile(Math.max(random(), 1e-7));
  const draw = (): number[] => Array.from({length: 5}, normal);
  const tables = 600;
  let wrong = 0;
  for (let table = 0; table < tables; table++) {
    const rows = Array.from({length: 8}, (_, i) => ({name: String(i), errors: draw()}));
    if (verdicts(rows, draw()).some(({word}) => word !== 'within chance')) wrong += 1;
  }
  // Three standard errors above 5 %.
  expect(wrong / tables).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / tables));
  expect(wrong).toBeGreaterThan(0);
});

it('takes no difference without spread for chance, and none at all for one', () => {
  const baseline = [0.25, 0.5, 0.125];
  const [same, lower] = verdicts(
    [
      {name: 'same', errors: baseline},
      {name: 'lower', errors: baseline.map((error) => error - 0.0625)},
    ],
    baseline,
  );
  expect(same).toMatchObject({word: 'within chance', mean: 0, p: 1, interval: [0, 0], better: 0});
  expect(lower).toMatchObject({word: 'helps', mean: -0.0625, p: 0, better: 3});
});

it('knows how well a share of so many examples is known', () => {
  expect(proportionError(0.1, 200)).toBeCloseTo(0.0212132, 7);
  expect(proportionError(0, 10)).toBe(0);
});

describe('a race', () => {
  const best = [0.1, 0.12, 0.11, 0.1];
  it('drops what a paired test says is worse, and what failed', () => {
    const worse = best.map((error, i) => error + 0.05 + 0.001 * i);
    const unclear = [0.3, 0.05, 0.2, 0.02];
    expect(survivors([worse, best, unclear, [0.1, Number.NaN, 0.1, 0.1]])).toEqual([1, 2]);
  });
  it('drops nothing before there are enough instances, and keeps equals', () => {
    expect(
      survivors([
        [0.9, 0.91],
        [0.1, 0.1],
      ]),
    ).toEqual([1, 0]);
    expect(survivors([best, best])).toEqual([0, 1]);
  });
  it('drops at the one-sided level of SciPy’s paired test', () => {
    // scipy.stats.ttest_rel(other, best, alternative='greater').pvalue is 0.0398025
    const other = [0.13, 0.13, 0.16, 0.11];
    expect(survivors([best, other], {alpha: 0.0398})).toEqual([0, 1]);
    expect(survivors([best, other], {alpha: 0.0399})).toEqual([0]);
  });
});

it.each([
  ['too-few-instances', () => pairedDifference([1], [2])],
  ['unpaired', () => pairedDifference([1, 2], [1, 2, 3])],
  ['not-errors', () => pairedDifference([1, Number.NaN], [1, 2])],
  ['not-errors', () => proportionError(1.2, 10)],
  ['not-errors', () => survivors([[1, 2], [1]])],
  ['no-rows', () => verdicts([], [1, 2])],
  ['out-of-range', () => verdicts([{name: 'l2', errors: [1, 2]}], [1, 2], {confidence: 1})],
] as const)('refuses by %s', (code, call) => {
  expect(call).toThrow(expect.objectContaining({code}));
  expect(call).toThrow(RegularizerError);
});
