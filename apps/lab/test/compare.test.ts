import {RegularizerError} from '@regularizers/core';
import {expect, test} from 'vitest';
import {type Cell, type Comparison, cellsOf, compare} from '../src/compare.ts';
import {comparisonCurves, tableReports} from '../src/comparison-report.ts';
import type {ComparisonTable} from '../src/comparison-table.ts';
import {parseRecipe, type Recipe} from '../src/recipe.ts';
import type {Preview, RunReport} from '../src/run.ts';
import type {Runner} from '../src/runner.ts';

const base = parseRecipe({data: {name: 'moons', labelNoise: 0}, model: {name: 'mlp'}});
const table: ComparisonTable = {
  name: '',
  base,
  entries: [
    {name: 'baseline', regularizers: []},
    {name: 'l2', regularizers: [{name: 'l2'}]},
  ],
};
const comparison: Comparison = {tables: [table], seeds: [3, 4]};

/** What the only table came to. */
const reportOn = (cells: readonly Cell[]) => tableReports(comparison, cells)[0]!;

/** Errors by entry and seed; gaps and seconds follow from them. */
const errors: Readonly<Record<string, number>> = {
  'baseline 3': 0.25,
  'baseline 4': 0.75,
  'l2 3': 0.125,
  'l2 4': 0.375,
};

const explanation: Preview['explanation'] = {
  optimizer: 'sgd',
  losses: ['meanSquaredError'],
  members: 1,
  execution: {backend: 'fake', stepsEager: null, evaluationEager: null},
  hooks: {},
  plugins: [],
  idle: [],
  passes: 1,
  parameters: {trained: 9, derived: 0},
};

function reportOf(recipe: Recipe): RunReport {
  const testError = errors[`${recipe.name} ${recipe.seed}`]!;
  const point = {loss: testError, penalty: 0, objective: testError};
  return {
    recipe,
    data: {name: 'fake', description: '', examples: {train: 1, validation: 1, test: 1}},
    explanation,
    parameters: 9,
    backend: 'fake',
    history: [0, 1].map((member) => ({epoch: 1, member, step: 1, train: point, seconds: 1})),
    stopped: undefined,
    train: {loss: 0},
    validation: {loss: testError},
    test: {loss: testError},
    measure: 'error',
    validationError: testError + 0.125,
    testError,
    gap: testError / 2,
    seconds: testError * 8,
  };
}

class FakeRunner implements Runner {
  readonly label = 'fake';
  readonly log: string[] = [];
  async preview({name}: Recipe): Promise<Preview> {
    this.log.push(`preview ${name}`);
    return {explanation, parameters: 9, measure: 'error'};
  }
  async run(recipe: Recipe): Promise<RunReport> {
    this.log.push(`${recipe.name} ${recipe.seed}`);
    return reportOf(recipe);
  }
  async close(): Promise<void> {}
}

test('previews every entry first, then runs seed by seed', async () => {
  const runner = new FakeRunner();
  const seen: string[] = [];
  const cells = await compare(comparison, runner, {
    onStart: ({entry, seed}) => void seen.push(`start ${entry} ${seed}`),
    onCell: ({entry, seed}, soFar) => void seen.push(`end ${entry} ${seed} of ${soFar.length}`),
  });
  expect(runner.log).toEqual(['preview baseline', 'preview l2', 'baseline 3', 'l2 3', 'baseline 4', 'l2 4']);
  expect(seen.slice(0, 2)).toEqual(['start baseline 3', 'end baseline 3 of 1']);
  expect(cells).toHaveLength(4);
  expect(cells[3]).toMatchObject({entry: 'l2', seed: 4, testError: 0.375, parameters: 9});
});

test('a runner that can is asked for several runs at once, and cells stay in the order of their plans', async () => {
  let running = 0;
  const most: number[] = [];
  const runner = new FakeRunner();
  // The later it begins, the earlier it ends.
  let wait = 8;
  const slow: Runner = Object.assign(runner, {
    async run(recipe: Recipe): Promise<RunReport> {
      most.push(++running);
      for (let turn = wait--; turn > 0; turn--) await Promise.resolve();
      running--;
      return reportOf(recipe);
    },
  });
  const told: string[][] = [];
  const cells = await compare(comparison, slow, {
    concurrency: 3,
    onCell: (_, soFar) => void told.push(soFar.map(({entry, seed}) => `${entry} ${seed}`)),
  });
  expect(Math.max(...most)).toBe(3);
  expect(told.map((names) => names.length)).toEqual([1, 2, 3, 4]);
  const all = ['baseline 3', 'l2 3', 'baseline 4', 'l2 4'];
  expect(cells.map(({entry, seed}) => `${entry} ${seed}`)).toEqual(all);
  for (const names of told) expect(names).toEqual(all.filter((name) => names.includes(name)));
  expect(cells).toEqual(await compare(comparison, new FakeRunner()));
});

test('what no other run would survive ends a comparison, and begins none of them', async () => {
  const runner = new FakeRunner();
  const lost: Runner = Object.assign(runner, {
    async run(recipe: Recipe): Promise<RunReport> {
      runner.log.push(`run ${recipe.seed}`);
      throw new RegularizerError({where: 'worker', code: 'no-worker', message: 'none is left'});
    },
  });
  await expect(compare(comparison, lost, {concurrency: 2})).rejects.toMatchObject({code: 'no-worker'});
  expect(runner.log.filter((line) => line.startsWith('run'))).toHaveLength(2);
});

test('rows hold means and the standard error of the mean', async () => {
  const {rows} = reportOn(await compare(comparison, new FakeRunner()));
  // 0.25 and 0.75: mean 0.5, s² = 2·0.25² / 1 = 0.125, standard error √(0.125/2) = 0.25
  // 0.125 and 0.375: half of that
  expect(rows.map(({againstBaseline: _, ...row}) => row)).toEqual([
    {
      name: 'baseline',
      seeds: 2,
      validation: {mean: 0.625, standardError: 0.25},
      test: {mean: 0.5, standardError: 0.25},
      gap: 0.25,
      seconds: 4,
    },
    {
      name: 'l2',
      seeds: 2,
      validation: {mean: 0.375, standardError: 0.125},
      test: {mean: 0.25, standardError: 0.125},
      gap: 0.125,
      seconds: 2,
    },
  ]);
});

test('one seed has no standard error, and no verdict', async () => {
  const {rows} = reportOn(await compare({...comparison, seeds: [3]}, new FakeRunner()));
  expect(rows[0]).toMatchObject({seeds: 1, test: {mean: 0.25, standardError: 0}});
  expect(rows.map((row) => row.againstBaseline)).toEqual([undefined, undefined]);
});

test('curves: one per seed and member', async () => {
  const curves = comparisonCurves(table, await compare(comparison, new FakeRunner()));
  expect(curves.map(({name, histories}) => [name, histories.length])).toEqual([
    ['baseline', 4],
    ['l2', 4],
  ]);
});

test('tables are run beside each other, and apart in what they come to', async () => {
  const wrong = {...base, data: {...base.data, labelNoise: 0.25}} as Recipe;
  const two: Comparison = {
    tables: [
      {...table, name: 'wrong labels', base: wrong, reference: 'l2'},
      {...table, name: 'right labels'},
    ],
    seeds: [3, 4],
  };
  const cells = await compare(two, new FakeRunner());
  expect(cells.map((cell) => `${cell.table} ${cell.entry} ${cell.seed}`).slice(0, 4)).toEqual([
    'wrong labels baseline 3',
    'wrong labels l2 3',
    'right labels baseline 3',
    'right labels l2 3',
  ]);
  const [first, second] = tableReports(two, cells);
  expect([first?.name, first?.labelNoise, first?.reference, first?.testExamples]).toEqual([
    'wrong labels',
    0.25,
    'l2',
    1,
  ]);
  expect([second?.name, second?.labelNoise, second?.reference]).toEqual(['right labels', 0, undefined]);
  expect(first?.rows.map(({againstReference}) => againstReference?.mean)).toEqual([0.25, undefined]);
  const runner = new FakeRunner();
  const finished = JSON.parse(JSON.stringify(cells.slice(0, 7)));
  expect(JSON.stringify(await compare(two, runner, {finished}))).toBe(JSON.stringify(cells));
  expect(runner.log.slice(4)).toEqual(['l2 4']);
});

test('goes on after the finished cells, and comes to the same', async () => {
  const whole = await compare(comparison, new FakeRunner());
  const runner = new FakeRunner();
  const finished: Cell[] = JSON.parse(JSON.stringify(whole.slice(0, 3)));
  const resumed = await compare(comparison, runner, {finished});
  expect(runner.log.slice(2)).toEqual(['l2 4']);
  expect(JSON.stringify(resumed)).toBe(JSON.stringify(whole));
});

test('a signal ends it, and the running cell is lost', async () => {
  const abortion = new AbortController();
  const runner = new FakeRunner();
  const cells = await compare(comparison, runner, {
    signal: abortion.signal,
    onStart: ({entry, seed}) => {
      if (entry === 'l2' && seed === 3) abortion.abort();
    },
  });
  expect(cells.map(({entry, seed}) => [entry, seed])).toEqual([['baseline', 3]]);
});

test('every cell is a recipe of its own', () => {
  const recipes = cellsOf(comparison).map(({recipe}) => recipe);
  expect(recipes.map(({name, seed, regularizers}) => [name, seed, regularizers.length])).toEqual([
    ['baseline', 3, 0],
    ['l2', 3, 1],
    ['baseline', 4, 0],
    ['l2', 4, 1],
  ]);
});

/** Fails in a run, or before anything is trained, where it is told to. */
class FailingRunner extends FakeRunner {
  readonly #fails: (recipe: Recipe) => unknown;
  readonly #refuses: (recipe: Recipe) => unknown;
  constructor(fails: (recipe: Recipe) => unknown, refuses: (recipe: Recipe) => unknown = () => undefined) {
    super();
    this.#fails = fails;
    this.#refuses = refuses;
  }
  override async preview(recipe: Recipe): Promise<Preview> {
    const error = this.#refuses(recipe);
    if (error) throw error;
    return super.preview(recipe);
  }
  override async run(recipe: Recipe): Promise<RunReport> {
    const report = await super.run(recipe);
    const error = this.#fails(recipe);
    if (error) throw error;
    return report;
  }
}

const diverged = new RegularizerError({
  where: 'trainer',
  code: 'not-finite',
  message: 'it diverged',
  hint: 'Less.',
});

test.each([
  ['a typed error', diverged, '[trainer] it diverged'],
  ['any other', new Error('oops'), '[lab] oops'],
])('a run that fails is a cell that says so, and the others go on: %s', async (_, error, sentence) => {
  const runner = new FailingRunner(({name, seed}) => (name === 'l2' && seed === 3 ? error : undefined));
  const cells = await compare(comparison, runner);
  expect(cells.map(({entry, seed}) => [entry, seed])).toEqual([
    ['baseline', 3],
    ['l2', 3],
    ['baseline', 4],
    ['l2', 4],
  ]);
  const {failures, rows} = reportOn(cells);
  expect(failures).toEqual([{name: 'l2', seeds: 1, failure: sentence}]);
  expect(rows.map(({name, seeds}) => [name, seeds])).toEqual([
    ['baseline', 2],
    ['l2', 1],
  ]);
  // Without the seed that it failed on it would look better than it is.
  expect(rows.map(({againstBaseline}) => againstBaseline)).toEqual([undefined, undefined]);
  expect(comparisonCurves(table, cells).map(({histories}) => histories.length)).toEqual([4, 2]);
  // Gone on with, what failed is tried again.
  const again = new FakeRunner();
  await compare(comparison, again, {finished: JSON.parse(JSON.stringify(cells))});
  expect(again.log.slice(2)).toEqual(['l2 3']);
});

test('a recipe that is refused is never run, and the others are', async () => {
  const runner = new FailingRunner(
    () => undefined,
    ({name}) => (name === 'l2' ? diverged : undefined),
  );
  const cells = await compare(comparison, runner);
  expect(reportOn(cells).failures).toEqual([{name: 'l2', seeds: 2, failure: '[trainer] it diverged'}]);
  expect(runner.log).toEqual(['preview baseline', 'baseline 3', 'baseline 4']);
});

test('where none can be trained, the first one says why', async () => {
  const runner = new FailingRunner(
    () => undefined,
    () => diverged,
  );
  await expect(compare(comparison, runner)).rejects.toBe(diverged);
});

test('a backend that is gone ends it', async () => {
  const lost = new RegularizerError({where: 'trainer', code: 'backend-lost', message: 'it is gone'});
  const runner = new FailingRunner(({name}) => (name === 'l2' ? lost : undefined));
  await expect(compare(comparison, runner)).rejects.toBe(lost);
});
