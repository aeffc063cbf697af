import type {EpochReport} from '@regularizers/core';
import {describe, expect, it} from 'vitest';
import {colours} from '../src/looks/paper.ts';
import {parseRecipe, type RecipeInput} from '../src/recipe.ts';
import type {RunReport} from '../src/run.ts';
import {toDraft} from '../src/web/draft.ts';
import {against, againstText, baselineAmong} from '../src/web/runs/baseline.ts';
import {freeColourAmong, withShown} from '../src/web/runs/colours.ts';
import {differingColumns} from '../src/web/runs/columns.ts';
import {createKeeper} from '../src/web/runs/keeper.ts';
import {type Kept, keptRuns} from '../src/web/runs/kept.ts';
import {headOf, rowsOf} from '../src/web/runs/rows.ts';
import type {EndedRun} from '../src/web/runs/run.ts';
import {withFreshSeeds} from '../src/web/runs/seeds.ts';
import {spreadText} from '../src/web/runs/spread.ts';
import {mostEpochs, thinned} from '../src/web/runs/thinned.ts';
import type {PageState, Store} from '../src/web/state.ts';
import {remembering, undone} from '../src/web/undo.ts';
import {useIndexedDb} from './indexed-db.ts';

useIndexedDb();

let ends = 0;

/** A run that ended with a test error; its training error is a tenth of it. */
function run(recipe: Partial<RecipeInput>, testError: number, rest: Partial<EndedRun> = {}): EndedRun {
  const part = (error: number): {loss: number; accuracy: number} => ({loss: error, accuracy: 1 - error});
  ends++;
  return {
    id: `run ${ends}`,
    endedAt: ends,
    recipe: parseRecipe({data: {name: 'moons'}, model: {name: 'mlp'}, ...recipe}),
    history: [],
    look: undefined,
    report: {
      measure: 'error',
      testError,
      gap: testError * 0.9,
      seconds: 1,
      train: part(testError / 10),
      validation: part(testError + 0.01),
      test: part(testError),
      stopped: undefined,
    } as unknown as RunReport,
    failure: undefined,
    warmUp: undefined,
    backend: undefined,
    data: 'the moons',
    colour: 0,
    shown: true,
    ...rest,
  };
}

const dropout = (rate: number): Partial<RecipeInput> => ({regularizers: [{name: 'dropout', rate}]});
const stopped = (one: EndedRun): EndedRun => ({
  ...one,
  report: {...one.report!, stopped: {by: 'signal', why: '', member: 0, epoch: 1, step: 1}},
});

describe('runs of one recipe', () => {
  it('are one row over their seeds, with the mean and its standard error', () => {
    const rows = rowsOf([0.1, 0.2, 0.3].map((error, seed) => run({...dropout(0.5), seed}, error)));
    expect(rows).toHaveLength(1);
    expect(rows[0]?.test).toMatchObject({count: 3});
    // s = 0.1, and 0.1/√3 = 5.77 %
    expect(spreadText(rows[0]!.test!, 'error')).toBe('20.00 ± 5.77 %');
    expect(spreadText(rows[0]!.train!, 'error')).toBe('2.00 ± 0.58 %');
  });

  it('are apart from those of other options or data, and from those that were cut off or failed', () => {
    const rows = rowsOf([
      run(dropout(0.5), 0.1),
      run(dropout(0.2), 0.1),
      run(dropout(0.5), 0.1, {data: 'other moons'}),
      stopped(run({...dropout(0.5), seed: 1}, 0.4)),
      run({...dropout(0.5), seed: 2}, 0.1, {
        report: undefined,
        failure: {where: 'a', code: 'b', message: 'c'},
      }),
    ]);
    expect(rows).toHaveLength(5);
  });

  it('have heads that say what was measured, and of both kinds none', () => {
    const error = run({}, 0.1);
    const loss = run({data: {name: 'wave'}}, 0.1);
    const asLoss = {...loss, report: {...loss.report!, measure: 'loss' as const}};
    expect(headOf('Test', rowsOf([error]))).toBe('Test error');
    expect(headOf('Test', rowsOf([asLoss]))).toBe('Test loss');
    expect(headOf('Test', rowsOf([error, asLoss]))).toBe('Test');
  });
});

describe('against the baseline', () => {
  const plain = [0.3, 0.25, 0.2].map((error, seed) => run({seed}, error));
  const helped = [0.2, 0.16, 0.12].map((error, seed) => run({...dropout(0.5), seed}, error));

  it('is paired by seed', () => {
    const [row, base] = rowsOf([...plain, ...helped]);
    expect(baselineAmong([row!, base!], undefined)).toBe(base);
    // Differences −0.10, −0.09, −0.08: mean −0.09, standard error 0.01/√3.
    expect(againstText(against(row!, base!)!, 'error')).toBe('−9.00 ± 0.58 %');
    expect(against(row!, base!)?.p).toBeCloseTo(0.0041, 4); // 2 · P(t₂ < −15.59)
  });

  it('takes the seeds that both have, and says nothing of chance on one', () => {
    const [row, base] = rowsOf([...plain, helped[1]!]);
    expect(against(row!, base!)).toEqual({
      mean: expect.closeTo(-0.09),
      standardError: undefined,
      seeds: 1,
      p: undefined,
    });
  });

  it('is nothing on other data, in another measure, or without a common seed', () => {
    const [base] = rowsOf(plain);
    const [other] = rowsOf([run(dropout(0.5), 0.1, {data: 'other moons'})]);
    const [seedless] = rowsOf([run({...dropout(0.5), seed: 9}, 0.1)]);
    const asLoss = helped.map((one) => ({...one, report: {...one.report!, measure: 'loss' as const}}));
    for (const row of [other!, seedless!, rowsOf(asLoss)[0]!]) expect(against(row, base!)).toBeUndefined();
  });

  it('goes by the pinned row', () => {
    const rows = rowsOf([...plain, ...helped]);
    expect(baselineAmong(rows, rows[0]!.key)).toBe(rows[0]);
    expect(baselineAmong(rows, 'a row that was removed')).toBe(rows[1]);
    expect(baselineAmong(rowsOf(helped), undefined)).toBeUndefined();
  });
});

describe('columns', () => {
  const heads = (...recipes: readonly Partial<RecipeInput>[]): readonly string[] =>
    differingColumns(rowsOf(recipes.map((one) => run(one, 0.1)))).map(({head}) => head);

  it('are there where recipes differ, and only there', () => {
    expect(heads({}, {seed: 1}, {name: 'called so'})).toEqual([]);
    expect(heads({}, {batchSize: 3})).toEqual(['Batch size']);
    expect(heads({}, {epochs: 3})).toEqual([]); // they have a column always
    expect(heads({}, {model: {name: 'mlp', hidden: [3]}})).toEqual(['Hidden']);
    expect(heads({data: {name: 'moons', train: 10}}, {})).toEqual(['Data train']);
    expect(heads(dropout(0.5), dropout(0.2))).toEqual(['dropout rate']);
    // Which regularizers there are, the label says.
    expect(heads(dropout(0.5), {})).toEqual([]);
  });

  it('say what a recipe has', () => {
    const rows = rowsOf([run(dropout(0.5), 0.1), run(dropout(0.2), 0.1), run({}, 0.1)]);
    const [column] = differingColumns(rows);
    expect(rows.map((row) => column!.textOf(row))).toEqual(['–', '0.2', '0.5']);
  });
});

describe('colours', () => {
  it('are never shared by two rows that are shown, however many there are', () => {
    let runs: readonly EndedRun[] = [];
    for (let index = 0; index < 25; index++) {
      const next = run(dropout(index / 100), 0.1, {colour: freeColourAmong(runs)});
      runs = [next, ...runs];
      const [newest] = rowsOf(runs);
      runs = withShown(runs, newest!.key, true, rowsOf(runs).at(-1)!.key);
      const shown = rowsOf(runs).filter((row) => row.shown);
      expect(new Set(shown.map(({colour}) => colour)).size).toBe(shown.length);
      expect(shown.length).toBe(Math.min(index + 1, colours));
      expect(shown).toContainEqual(expect.objectContaining({key: newest!.key}));
      expect(rowsOf(runs).at(-1)?.shown).toBe(true); // what is spared
    }
    const hidden = rowsOf(runs).find((row) => !row.shown)!;
    const again = rowsOf(withShown(runs, hidden.key, true)).filter((row) => row.shown);
    expect(new Set(again.map(({colour}) => colour)).size).toBe(colours);
  });
});

it('fresh seeds go upward from the recipe’s own, without those that there are', () => {
  const recipe = parseRecipe({data: {name: 'moons'}, model: {name: 'mlp'}, seed: 3});
  expect(withFreshSeeds(recipe, [1, 4, 6]).map(({seed}) => seed)).toEqual([3, 5, 7, 8, 9]);
});

it('what is removed or changed can be undone, one after the other', () => {
  const [kept, gone] = [run({}, 0.1), run(dropout(0.5), 0.2)];
  const draft = toDraft(kept.recipe);
  const past = remembering(remembering([], {what: 'a change', draft}), {what: 'a removal', removed: [gone]});
  const once = undone({past, runs: [kept]});
  expect(once.runs).toEqual([gone, kept]);
  expect(undone(once)).toEqual({past: [], runs: [gone, kept], draft});
  expect(undone({past: [], runs: [kept]})).toEqual({past: [], runs: [kept], draft: undefined});
});

it('runs outlive the page: what is written is read, what is removed is gone, and others’ stay', async () => {
  const [first, second, others] = [run({}, 0.1), run(dropout(0.5), 0.2), run(dropout(0.1), 0.3)];
  const {load, save} = keptRuns();
  const empty: Kept = {runs: [], pinned: undefined, backendChoice: undefined};
  const both: Kept = {runs: [second, first], pinned: 'a key', backendChoice: 'wasm'};
  await save(empty, both);
  expect(await load()).toEqual(both);
  await save(empty, {...both, runs: [others]});
  await save(both, {...both, runs: [{...second, shown: false}], pinned: undefined});
  expect(await load()).toEqual({
    runs: [others, {...second, shown: false}],
    pinned: undefined,
    backendChoice: 'wasm',
  });
  await save({...both, runs: []}, {...both, runs: [], backendChoice: 'cpu'});
  expect((await load()).backendChoice).toBe('cpu');
});

it('what is removed is handed over at once: nothing that is asked for later finds it any more', async () => {
  const [first, second] = [run({}, 0.1), run(dropout(0.5), 0.2)];
  const {load, save} = keptRuns();
  const before = await load();
  await save(before, {...before, runs: [first, second]});
  let state = {runs: [], pinned: undefined, backendChoice: undefined} as unknown as PageState;
  const store: Store = {get: () => state, set: (change) => (state = {...state, ...change})};
  const keeper = createKeeper(store, () => true);
  await keeper.settled();
  expect(state.runs).toEqual([second, first]);
  const other = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open('regularizers-lab');
    request.onsuccess = () => resolve(request.result);
  });
  store.set({runs: [first]});
  keeper.follow();
  // In the same task, as if the page were left: what is begun later is done later.
  const there = await new Promise<readonly string[]>((resolve) => {
    const request = other.transaction('runs').objectStore('runs').getAllKeys();
    request.onsuccess = () => resolve(request.result.map(String));
  });
  other.close();
  expect(there).toEqual([first.id]);
  await keeper.settled();
});

describe('a history that is followed', () => {
  const report = (epoch: number, member = 0): EpochReport => ({epoch, member}) as EpochReport;
  const grown = (epochs: number): readonly EpochReport[] => {
    let history: readonly EpochReport[] = [];
    // As news come: a few epochs at a time.
    for (let epoch = 1; epoch <= epochs; epoch += 7) {
      const news = Array.from({length: Math.min(7, epochs - epoch + 1)}, (_, index) => report(epoch + index));
      history = thinned([...history, ...news]);
      expect(history.length).toBeLessThanOrEqual(mostEpochs + 1);
    }
    return history;
  };

  it('is whole while it can be drawn, and then every 2nd, 4th, 8th … epoch, with the last', () => {
    expect(grown(mostEpochs).map(({epoch}) => epoch)).toEqual(
      Array.from({length: mostEpochs}, (_, index) => index + 1),
    );
    const epochs = grown(20_001).map(({epoch}) => epoch);
    expect(epochs.length).toBeGreaterThan(mostEpochs / 2);
    expect(epochs.at(-1)).toBe(20_001);
    expect(epochs.slice(0, -1)).toEqual(
      Array.from({length: epochs.length - 1}, (_, index) => 32 * (index + 1)),
    );
  });

  it('has of each member the epochs of the least validation loss and error, too', () => {
    let history: readonly EpochReport[] = [];
    const at = (epoch: number): EpochReport =>
      ({
        epoch,
        member: 0,
        validation: {loss: Math.abs(epoch - 777) + 1, accuracy: 1 - Math.abs(epoch - 3001) / 10_000},
      }) as unknown as EpochReport;
    for (let epoch = 1; epoch <= 9000; epoch += 3) {
      history = thinned([...history, at(epoch), at(epoch + 1), at(epoch + 2)]);
    }
    const epochs = history.map(({epoch}) => epoch);
    expect(epochs).toEqual([...epochs].sort((a, b) => a - b));
    expect(epochs).toEqual(expect.arrayContaining([777, 3001, 9000]));
    expect(epochs.filter((epoch) => epoch % 16 !== 0)).toEqual([777, 3001, 9000]);
  });

  it('is thinned member by member', () => {
    const long = Array.from({length: 5000}, (_, index) => report(index + 1));
    const short = Array.from({length: 30}, (_, index) => report(index + 1, 1));
    const kept = thinned([...long, ...short]);
    expect(kept.filter(({member}) => member === 1)).toEqual(short);
    expect(kept.length).toBeLessThanOrEqual(mostEpochs + 1 + 30);
  });
});
