// A search's study in the page's storage.
import {studySoFar} from '@regularizers/search';
import {expect, test} from 'vitest';
import {defaultRecipe} from '../../src/defaults.ts';
import type {Recipe} from '../../src/recipe.ts';
import type {Runner} from '../../src/runner.ts';
import {keptStudy} from '../../src/web/search/kept-study.ts';
import type {SearchNews} from '../../src/web/worker/protocol.ts';
import {searchBase, searchInPage} from '../../src/web/worker/search.ts';
import {useIndexedDb} from '../indexed-db.ts';

useIndexedDb();

/** A runner whose errors are a formula of the recipe, and which counts its runs. */
function runnerOf(onRun: (count: number) => void): Runner {
  let count = 0;
  return {
    label: 'a formula',
    plugins: [],
    preview: async () => ({measure: 'error'}) as never,
    run: async ({regularizers, seed, optimizer}: Recipe) => {
      onRun(++count);
      const error =
        0.3 - 0.02 * regularizers.length + 0.01 * Math.log10(optimizer.learningRate) ** 2 + (seed % 97) / 1e5;
      return {validationError: error, testError: error, labels: undefined} as never;
    },
    close: async () => undefined,
  };
}

const base = defaultRecipe({data: {name: 'moons'}, epochs: 1});

test('a search that was stopped goes on where it was, and tells how far it is', async () => {
  const controller = new AbortController();
  const news: SearchNews[] = [];
  const search = (runner: Runner, signal: AbortSignal) =>
    searchInPage({
      base,
      minutes: 0.05,
      runner,
      signal,
      onNews: (one) => news.push(one),
      onStep: () => undefined,
    });
  const stopped = search(
    runnerOf((count) => {
      if (count === 12) controller.abort();
    }),
    controller.signal,
  );
  await expect(stopped).rejects.toMatchObject({code: 'aborted'});
  const before = news.at(-1)!;
  expect(before.stage).toBe('baseline');
  const found = await search(
    runnerOf(() => undefined),
    new AbortController().signal,
  );
  expect(found.history.length).toBeGreaterThan(12);
  expect(news.findIndex(({trials}, at) => at > 0 && trials < news[at - 1]!.trials)).toBe(-1);
  expect(found.sentences.length).toBeGreaterThan(0);
});

test('a text that grows, whole; the oldest study makes room', async () => {
  for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) {
    await keptStudy(id).append(
      `\n${JSON.stringify({type: 'study', format: 'regularizers-study 1', about: id})}\n`,
    );
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  expect(await keptStudy('a').read()).toBe('');
  const last = keptStudy('f');
  await Promise.all([last.append('x'), last.append('y'), keptStudy('f').append('z')]);
  expect((await last.read()).slice(-3).split('').toSorted()).toEqual(['x', 'y', 'z']);
  expect(await studySoFar(keptStudy('e'))).toMatchObject({trials: [], isReported: false});
});

test('data of the user’s own is searched as on the command line: with what was found, small data in folds', async () => {
  const asked = {name: 'csv', file: 'own.csv', target: 'y', seed: 0, labelNoise: 0} as const;
  const found = {
    ...asked,
    task: 'classification',
    train: 60,
    validation: 20,
    test: 20,
    sha256: 'ab12'.repeat(16),
  } as const;
  const {labelNoise: _, ...options} = found;
  const recipe = defaultRecipe({data: asked, regularizers: [{name: 'dropout', rate: 0.1}]});
  const ready = await searchBase(recipe, async () => ({data: undefined as never, options}));
  expect(ready.data).toEqual({...found, folds: 5});
  expect(ready.regularizers).toEqual([]);
});
