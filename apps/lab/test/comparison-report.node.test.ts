// What the lab makes of the errors of its runs; what verdicts are is tested in `packages/search`.
import {verdicts} from '@regularizers/search';
import {expect, test} from 'vitest';
import type {Cell, FinishedCell} from '../src/compare.ts';
import {comparisonLooks, tableReports} from '../src/comparison-report.ts';
import type {ComparisonTable} from '../src/comparison-table.ts';
import type {PackedLook} from '../src/looks/packed.ts';
import {parseRecipe} from '../src/recipe.ts';

const errors: Readonly<Record<string, readonly number[]>> = {
  baseline: [0.2, 0.24, 0.19, 0.22, 0.25],
  // By 5 points on each seed, give or take a half: less than seeds differ among themselves.
  helpful: [0.15, 0.195, 0.14, 0.165, 0.2],
  alike: [0.21, 0.23, 0.19, 0.23, 0.24],
  harmful: [0.26, 0.29, 0.25, 0.28, 0.31],
};
const table: ComparisonTable = {
  name: '',
  base: parseRecipe({data: {name: 'moons', labelNoise: 0}, model: {name: 'mlp'}}),
  entries: Object.keys(errors).map((name) => ({name, regularizers: []})),
};

const cell = (entry: string, seed: number): FinishedCell => ({
  table: '',
  entry,
  seed,
  backend: 'fake',
  parameters: 1,
  history: [],
  stopped: undefined,
  testExamples: 10,
  train: {loss: 0},
  validation: {loss: 0},
  test: {loss: 0},
  measure: 'error',
  validationError: 0.1,
  testError: errors[entry]![seed]!,
  gap: 0,
  seconds: 1,
});
const all = [0, 1, 2, 3, 4].flatMap((seed) => Object.keys(errors).map((entry) => cell(entry, seed)));

/** Whose look it is, its one class says. */
const packedOf = (name: string): PackedLook => ({
  judged: {classNames: [name], confusion: [[1]], calibration: {error: 0, bins: []}, mistakes: []},
});

const judged = (cells: readonly Cell[], of: ComparisonTable = table) =>
  Object.fromEntries(tableReports({tables: [of]}, cells)[0]!.rows.map((row) => [row.name, row]));

test('verdicts are about test errors, paired by seed, and of all rows together', () => {
  const rows = judged(all);
  const {baseline = [], ...others} = errors;
  const expected = verdicts(
    Object.entries(others).map(([name, own]) => ({name, errors: own})),
    baseline,
  );
  expect(Object.values(rows).flatMap(({againstBaseline}) => againstBaseline ?? [])).toEqual(expected);
  expect(expected.map(({word}) => word)).toEqual(['helps', 'within chance', 'hurts']);
  expect(rows['baseline']).not.toHaveProperty('againstBaseline');
  // Whatever the order in which runs ended.
  const words = (of: typeof rows) =>
    Object.entries(of).map(([name, row]) => [name, row.againstBaseline?.word]);
  expect(words(judged(all.toReversed()))).toEqual(words(rows));
});

test('against a reference as well, where the table has one', () => {
  const rows = judged(all, {...table, reference: 'helpful'});
  expect(rows['harmful']?.againstReference).toMatchObject({word: 'hurts', instances: 5});
  expect(rows['baseline']?.againstReference?.word).toBe('hurts');
  expect(rows['helpful']).not.toHaveProperty('againstReference');
});

test('an interrupted comparison pairs the seeds that all came to', () => {
  const rows = judged(all.slice(0, -2));
  expect(rows['baseline']?.seeds).toBe(5);
  expect(rows['helpful']?.againstBaseline?.instances).toBe(4);
  expect(judged(all.slice(0, 5))['helpful']?.againstBaseline).toBeUndefined();
});

test.each<[string, (one: FinishedCell) => Cell]>([
  [
    'failed',
    ({table: of, entry, seed}) => ({table: of, entry, seed, failure: {where: 'x', code: 'x', message: 'no'}}),
  ],
  ['is not finite', (one) => ({...one, testError: Number.NaN})],
])('what %s on a seed has no verdict, and takes none from the others', (_, change) => {
  const cells = all.map((one) => (one.entry === 'alike' && one.seed === 2 ? change(one) : one));
  const rows = judged(cells);
  expect(rows['alike']?.againstBaseline).toBeUndefined();
  expect(rows['helpful']?.againstBaseline).toMatchObject({word: 'helps', instances: 5});
  const without = all.map((one) => (one.entry === 'baseline' && one.seed === 2 ? change(one) : one));
  expect(Object.values(judged(without)).flatMap(({againstBaseline}) => againstBaseline ?? [])).toEqual([]);
});

test('looks are those of the baseline and of what one would choose, of the seed that has them', () => {
  const cells = all.map((one) => ({
    ...one,
    validationError: one.testError,
    ...(one.seed === 1 ? {look: packedOf(one.entry)} : {}),
  }));
  const looksOf = (some: readonly Cell[]) =>
    comparisonLooks(table, tableReports({tables: [table]}, some)[0]!, some);
  const looks = looksOf(cells);
  expect(looks.map(({name}) => name)).toEqual(['baseline, seed 1', 'helpful, seed 1']);
  expect(looks.map(({look}) => look.judged?.classNames)).toEqual([['baseline'], ['helpful']]);
  expect(looksOf(all)).toEqual([]);
});
