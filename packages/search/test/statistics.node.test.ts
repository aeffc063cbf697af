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
    expect(Math.abs(own.smallest! / row.smallest - 1)).toBeLessThan(1e-5);
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
        expect(word === 'helps' || word === 'hurts').toBe(low > 0 || high < 0);
        expect(word === 'same').toBe(standardError === 0);
        if (low > 0 || high < 0) expect(word).toBe(mean < 0 ? 'helps' : 'hurts');
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

describe('errors that are counted, and so may differ by the same everywhere,', () => {
  const baseline = [0.25, 0.5, 0.125];
  const judged = (errors: readonly number[], others = baseline) =>
    verdicts([{name: 'one', errors}], others)[0]!;

  it('are the same only where no instance tells them apart, but for rounding', () => {
    const same = judged(baseline);
    expect(same).toMatchObject({word: 'same', mean: 0, p: 1, standardError: 0, interval: [0, 0], better: 0});
    expect(same).not.toHaveProperty('smallest');
    // 0.1 + 0.2 is no 0.3.
    expect(judged([0.1 + 0.2, 0.7 + 0.1], [0.3, 0.8])).toMatchObject({word: 'same', mean: 0});
    // What cancels is no lack of difference.
    const cancelled = judged([0.25 + 0.01, 0.5 - 0.01, 0.125]);
    expect(cancelled.word).toBe('within chance');
    expect(cancelled.smallest).toBeGreaterThan(0);
  });

  it.each([
    // With the step as the difference t is √(6n), and p has a closed form at these degrees of freedom: 1 − 2 atan(t)/π,
    // 1 − t/√(2 + t²), 1 − t(6 + t²)/(4 + t²)^1.5.
    [2, 0.178912],
    [3, 0.051317],
    [5, 0.005408],
  ])('are not certain: %i that are lower by one step', (count, p) => {
    const others = Array.from({length: count}, () => 0.2);
    const found = judged(
      others.map((error) => error - 1 / 30),
      others,
    );
    expect(found.p).toBeCloseTo(p, 5);
    expect(found.word).toBe(p < 0.05 ? 'helps' : 'within chance');
    const [low, high] = found.interval;
    expect(low < 0 && high > 0).toBe(found.word === 'within chance');
  });

  it('are known as well as their step: losses that all differ by one number are sure to', () => {
    const losses = [0.3, 0.3001, 0.31];
    const [less, more] = [-0.0625, 0.0625].map((by) => losses.map((loss) => loss + by));
    expect(judged(less!, losses)).toMatchObject({word: 'helps', better: 3});
    expect(judged(more!, losses)).toMatchObject({word: 'hurts', better: 0});
  });

  it('are found to differ at most as often as is said where nothing differs', () => {
    const random = randomStream(7, 'counted');
    const tables = 2000;
    let wrong = 0;
    for (let table = 0; table < tables; table++) {
      // Of 30 examples one more or less is wrong, four times in ten, on two seeds.
      const others = [3, 4];
      const errors = others.map((count) => count + [-1, 0, 0, 0, 1][Math.floor(5 * random())]!);
      const share = (counts: readonly number[]): number[] => counts.map((count) => count / 30);
      const {word} = judged(share(errors), share(others));
      if (word === 'helps' || word === 'hurts') wrong += 1;
    }
    expect(wrong / tables).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / tables));
  });
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
