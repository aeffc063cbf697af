// The page without its looks: what it does when workers answer late, or not as it was hoped.
import {describe, expect, test, vi} from 'vitest';
import {mnistFiles} from '../src/data/mnist.ts';
import {csvSchema} from '../src/data/own/options.ts';
import {defaultRecipe} from '../src/defaults.ts';
import type {RecipeSearch} from '../src/search/search-recipes.ts';
import {createController} from '../src/web/controller.ts';
import type {News, Request} from '../src/web/worker/protocol.ts';
import {Helper, useHelpers} from './worker-stub.ts';

useHelpers();

const plan = {
  description: '',
  sizes: {train: 1, validation: 1, test: 1},
  parameters: 0,
  explanation: {},
  sample: {kind: 'curve', x: new Float32Array(), y: new Float32Array()},
} as unknown as (News & {type: 'planned'})['plan'];

const withTrain = (train: number) => (draft: import('../src/web/draft.ts').Draft) => ({
  ...draft,
  data: {...draft.data, train},
});

/** The last plan that was asked for, by its worker. */
function lastAsked(): {helper: Helper; id: number} {
  const [helper] = Helper.all;
  const request = helper!.asked.findLast(({type}) => type === 'plan') as Request & {type: 'plan'};
  return {helper: helper!, id: request.id};
}

test.each(['sent', 'still waiting'])(
  'the answer about the recipe before, %s when a mistake is typed, leaves its message',
  (when) => {
    const {store, actions} = createController(() => undefined);
    actions.edit(withTrain(800));
    vi.advanceTimersByTime(300);
    const first = lastAsked();
    first.helper.answer({type: 'planned', id: first.id, plan});
    actions.edit(withTrain(900));
    if (when === 'sent') vi.advanceTimersByTime(300);
    else vi.advanceTimersByTime(100);
    actions.edit(withTrain(0));
    vi.advanceTimersByTime(1000);
    const last = lastAsked();
    last.helper.answer({type: 'planned', id: last.id, plan});
    expect(store.get().problem?.places.has('data.train')).toBe(true);
    expect(store.get().recipe).toBeUndefined();
    actions.train();
    expect(store.get().running).toBeUndefined();
    expect(store.get().announcement).toMatch(/^Nothing is trained: /);
    actions.edit(withTrain(700));
    vi.advanceTimersByTime(300);
    const right = lastAsked();
    right.helper.answer({type: 'planned', id: right.id, plan});
    expect(store.get().problem).toBeUndefined();
  },
);

test('a plan is of the recipe that it was asked for: another one is still to be checked', () => {
  const {store, actions} = createController(() => undefined);
  actions.edit(withTrain(800));
  vi.advanceTimersByTime(300);
  const {helper, id} = lastAsked();
  helper.answer({type: 'planned', id, plan});
  expect(store.get().planned).toBe(store.get().recipe);
  actions.edit(withTrain(900));
  expect(store.get().planned).not.toBe(store.get().recipe);
});

test('what can do nothing here is not added, and says why', () => {
  const {store, actions} = createController(() => undefined);
  actions.edit(withTrain(800));
  vi.advanceTimersByTime(300);
  const {helper, id} = lastAsked();
  helper.answer({type: 'planned', id, plan});
  expect(helper.asked.filter(({type}) => type === 'misfits')).toHaveLength(1);
  helper.answer({type: 'misfits', misfits: new Map([['randomHue', 'images must have 3 channels']])});
  const before = store.get().draft.cards.length;
  actions.addTechnique('randomHue');
  expect(store.get().draft.cards).toHaveLength(before);
  expect(store.get().announcement).toContain('images must have 3 channels');
  actions.addTechnique('randomAffine');
  expect(store.get().draft.cards).toHaveLength(before + 1);
});

describe('data of the user’s own', () => {
  const sha256 = 'ab12'.repeat(16);
  const options = csvSchema.parse({name: 'csv', file: 'own.csv', target: 'y', train: 60, sha256});
  const kept = {sha256, name: 'own.csv', options, columns: ['x', 'y'], size: 100, keptAt: 1};
  const given = [{path: 'own.csv', file: new File(['x,y'], 'own.csv')}];
  const asked = (type: Request['type']) =>
    Helper.all.flatMap((one) => one.asked).filter((one) => one.type === type);

  test('comes into the form when it is read; what is refused leaves the form as it is', () => {
    const {store, actions} = createController(() => undefined);
    const {draft} = store.get();
    actions.keepFiles(given);
    expect(store.get().own.reading).toBe('own.csv');
    actions.keepFiles(given); // one at a time
    expect(asked('keep')).toHaveLength(1);
    const error = {where: 'data', code: 'ragged-row', message: 'own.csv, row 3: …'};
    Helper.all[0]!.answer({type: 'not-kept', error});
    expect(store.get()).toMatchObject({draft, own: {reading: undefined, refusal: error, kept: []}});
    actions.edit(withTrain(700));
    actions.undo();
    expect(store.get().own.refusal).toBeUndefined(); // it was of what is past
    actions.keepFiles(given);
    Helper.all[0]!.answer({type: 'kept', data: kept});
    expect(store.get()).toMatchObject({
      own: {reading: undefined, kept: [kept]},
      draft: {data: {name: 'csv', file: 'own.csv', target: 'y', sha256}},
    });
    actions.undo();
    expect(store.get().draft).toBe(draft);
  });

  test('that a link waited for leaves its recipe, and is read again', () => {
    const {store, actions} = createController(() => undefined);
    const recipe = defaultRecipe({data: {...options, file: 'there.csv'}, epochs: 7});
    actions.load(recipe);
    vi.advanceTimersByTime(300);
    const before = asked('plan').length;
    actions.keepFiles(given);
    Helper.all[0]!.answer({type: 'kept', data: kept});
    vi.advanceTimersByTime(300);
    expect(store.get().draft).toMatchObject({data: {file: 'there.csv'}, run: {epochs: 7}});
    expect(asked('plan')).toHaveLength(before + 1);
  });

  test('a worker that breaks down reads no longer', () => {
    const {store, actions} = createController(() => undefined);
    actions.keepFiles(given);
    Helper.all[0]!.answer({type: 'failed', error: {where: 'planner', code: 'worker-failed', message: 'x'}});
    expect(store.get().own.reading).toBeUndefined();
  });
});

test('a search that ends, however it does, can be followed by another', () => {
  const {store, actions} = createController(() => undefined);
  const searcher = (): Helper => Helper.all.findLast((one) => one.asked.some(({type}) => type === 'search'))!;
  actions.setMinutes(Number.NaN);
  actions.findWhatHelps();
  expect(store.get().search.running).toBeUndefined();
  actions.setMinutes(1);
  actions.findWhatHelps();
  searcher().answer({
    type: 'searching',
    news: {stage: 'alone', trials: 3, seconds: 2, now: 'x', baseline: 0.2, best: {error: 0.1, parts: ['x']}},
  });
  expect(store.get().search.running?.news?.trials).toBe(3);
  actions.stopSearch();
  expect(searcher().asked.at(-1)).toEqual({type: 'abort'});
  searcher().answer({type: 'search-ended'});
  expect(store.get().search.running).toBeUndefined();
  actions.findWhatHelps();
  searcher().answer({type: 'failed', error: {where: 'search', code: 'no-baseline', message: 'it is broken'}});
  expect(store.get()).toMatchObject({search: {running: undefined}, failure: {code: 'no-baseline'}});
  actions.findWhatHelps();
  const recipe = defaultRecipe({data: {name: 'moons'}, epochs: 3});
  searcher().answer({type: 'found', found: {sentences: ['It helps.'], recipe} as unknown as RecipeSearch});
  expect(store.get().announcement).toContain('It helps.');
  actions.takeWinner();
  expect(store.get().draft).toMatchObject({data: {name: 'moons'}, run: {epochs: 3}});
});

test('the four files of MNIST, dropped together, are what is trained on; fewer are arrays like any others', () => {
  const {store, actions} = createController(() => undefined);
  const given = Object.values(mnistFiles).map((name) => ({
    path: `mnist/${name}.gz`,
    file: new File([], `${name}.gz`),
  }));
  actions.keepFiles(given.slice(1));
  expect(Helper.all[0]!.asked.at(-1)).toMatchObject({type: 'keep', given: {length: 3}});
  Helper.all[0]!.answer({type: 'not-kept', error: {where: 'data', code: 'unknown-file', message: 'no'}});
  actions.keepFiles(given);
  const {draft, mnist, own} = store.get();
  expect(draft.data['name']).toBe('mnist');
  expect(mnist.source).toMatchObject({from: 'files', files: {testLabels: given[3]!.file}});
  expect(own).toMatchObject({refusal: undefined, reading: undefined});
  vi.advanceTimersByTime(300);
  const {helper, id} = lastAsked();
  expect(helper.asked.find((one) => 'id' in one && one.id === id)).toMatchObject({
    recipe: {data: {name: 'mnist'}},
    mnist: {source: {from: 'files'}},
  });
});
