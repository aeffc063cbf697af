// Searches over recipes, by a runner whose errors are a formula of the recipe.
import {RegularizerError} from '@regularizers/core';
import {memoryStudy} from '@regularizers/search';
import {describe, expect, it} from 'vitest';
import {defaultRecipe} from '../../src/defaults.ts';
import {parseRecipe, type Recipe} from '../../src/recipe.ts';
import {searchParts} from '../../src/search/parts.ts';
import {type RecipeSearchOptions, searchRecipes} from '../../src/search/search-recipes.ts';

const base = defaultRecipe({data: {name: 'glyphs', train: 50}});

/** Augmentation takes away 10 points, l2 takes 4 where it is strong, dropout adds 3; a short training adds some. */
function errorOf({regularizers, seed, optimizer, epochs}: Recipe): number {
  const has = (name: string): number => Number(regularizers.some((one) => one.name === name));
  const l2 = regularizers.find(({name}) => name === 'l2');
  const noise = ((seed * 2654435761) % 1000) / 1e5;
  return (
    0.3 -
    0.1 * has('randomAffine') -
    (l2 ? 0.04 * Math.exp(-(Math.log10(Number(l2['strength']) / 1e-2) ** 2)) : 0) +
    0.03 * has('dropout') +
    0.02 * Math.log10(optimizer.learningRate / base.optimizer.learningRate) ** 2 +
    0.02 * Math.log2(epochs / base.epochs) ** 2 +
    noise
  );
}

function fakeRunner(): RecipeSearchOptions['runner'] & {readonly recipes: Recipe[]} {
  const recipes: Recipe[] = [];
  return {
    recipes,
    label: 'a formula',
    plugins: [],
    preview: async ({regularizers}) => {
      if (regularizers.some(({name}) => name === 'tie')) {
        throw new RegularizerError({
          where: 'tie',
          code: 'nothing-selected',
          message: 'there is no such layer',
        });
      }
      return {measure: 'error'} as never;
    },
    run: async (recipe) => {
      recipes.push(recipe);
      const error = errorOf(recipe);
      if (recipe.evaluation.wrongLabels) return {labels: {judged: 9, suspects: []}} as never;
      return {validationError: error, testError: error + 0.01} as never;
    },
  };
}

const chosen = {base, trials: 150, seed: 2, only: ['l2', 'randomAffine', 'dropout', 'tie']};

describe('a search over recipes', () => {
  it('finds a recipe that can be run, and says what helps', async () => {
    const runner = fakeRunner();
    const study = memoryStudy();
    const found = await searchRecipes({...chosen, runner, study});
    expect(found.recipe).toEqual(parseRecipe(found.recipe));
    expect(found.recipe.regularizers.map(({name}) => name).toSorted()).toEqual(['l2', 'randomAffine']);
    expect(Math.abs(Math.log2(found.recipe.epochs / base.epochs))).toBeLessThan(0.7);
    expect(found.recipe.seed).toBe(base.seed);
    const words = Object.fromEntries(found.rows.map(({name, verdict}) => [name, verdict?.word]));
    expect(words).toEqual({winner: 'helps', randomAffine: 'helps', l2: 'helps', dropout: 'hurts'});
    expect(found.refused).toEqual([{name: 'tie', why: '[tie] there is no such layer'}]);
    expect(found.sentences.find((one) => one.startsWith('randomAffine'))).toMatch(
      /^randomAffine helps: −10\.0 ± /,
    );
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
    // Each trial is there once, and no seed of the report is one of the search's.
    expect(found.history).toHaveLength(runner.recipes.length - 1);
    // A bag of winners judges the labels, last of all.
    const judge = runner.recipes.pop()!;
    expect(judge.regularizers.at(-1)).toEqual({name: 'bagging', members: 10});
    expect(judge.regularizers.slice(0, -1)).toEqual(found.recipe.regularizers);
    expect(found.labels).toEqual({judged: 9, suspects: []});
    const fresh = new Set(found.seeds);
    const reported = runner.recipes.filter(({seed}) => fresh.has(seed));
    expect(reported.length).toBe((1 + 4 + 2) * 5);
    const test = runner.recipes.slice(-reported.length);
    expect(test.every(({seed}) => fresh.has(seed))).toBe(true);
  });

  it('trains on the folds of small data in turn, and chooses nothing by the test', async () => {
    const data = {
      name: 'csv' as const,
      file: 'a.csv',
      target: 'kind',
      task: 'classification' as const,
      folds: 3,
    };
    const own = parseRecipe({...base, data: {...data, train: 60, validation: 20, test: 20}});
    const runner = fakeRunner();
    const found = await searchRecipes({...chosen, base: own, only: ['l2'], trials: 40, runner});
    const foldsOf = (isOfReport: boolean) =>
      new Set(
        runner.recipes
          .filter(
            ({seed, evaluation}) => !evaluation.wrongLabels && found.seeds.includes(seed) === isOfReport,
          )
          .map(({data: given}) => (given as {fold?: number}).fold),
      );
    expect(foldsOf(true)).toEqual(new Set([0, 1, 2]));
    expect(foldsOf(false)).toEqual(new Set([0, 1, 2]));
    expect(found.recipe.data).toEqual(own.data);
  });

  it('is of one recipe, and of one backend', async () => {
    const study = memoryStudy();
    const runner = fakeRunner();
    await searchRecipes({...chosen, trials: 30, runner, study});
    const other = {...base, batchSize: 7};
    await expect(searchRecipes({...chosen, trials: 30, base: other, runner, study})).rejects.toMatchObject({
      code: 'other-study',
    });
    const elsewhere = {...runner, label: 'another'};
    await expect(searchRecipes({...chosen, trials: 30, runner: elsewhere, study})).rejects.toMatchObject({
      code: 'other-study',
    });
  });

  it('ends where its backend is lost, and does not take that for a fault of a technique', async () => {
    const lost = new RegularizerError({where: 'trainer', code: 'backend-lost', message: 'gone'});
    const preview = () => Promise.reject(lost);
    await expect(searchRecipes({...chosen, runner: {...fakeRunner(), preview}})).rejects.toBe(lost);
    const run = () => Promise.reject(lost);
    await expect(searchRecipes({...chosen, runner: {...fakeRunner(), run}})).rejects.toBe(lost);
  });
});

describe('the techniques that a search tries', () => {
  it('are all that there are, the usual ones first, with what these know of the model', () => {
    const parts = searchParts(base);
    const usual = ['l2', 'randomAffine', 'convolve', 'inputNoise', 'labelSmoothing', 'earlyStopping'];
    expect(parts.slice(0, 6).map(({name}) => name)).toEqual(usual);
    expect(parts.find(({name}) => name === 'convolve')!.options).toMatchObject({
      layer: 'hidden1',
      filters: 16,
    });
    // What a search chooses is left to it.
    expect(parts.find(({name}) => name === 'l2')!.options).toEqual({});
    expect(parts.find(({name}) => name === 'earlyStopping')!.options).toEqual({
      monitor: 'validation.accuracy',
    });
    expect(parts.length).toBeGreaterThan(40);
    expect(new Set(parts.map(({name}) => name)).size).toBe(parts.length);
    expect(parts.some(({name}) => name === 'stopWhen')).toBe(false);
  });

  it('can be named by technique and by family', () => {
    const named = (chosenOnly: readonly string[], without?: readonly string[]) =>
      searchParts(base, {only: chosenOnly, ...(without ? {without} : {})}).map(({name}) => name);
    expect(named(['sharing'], ['tie'])).toEqual(['convolve', 'share', 'softShare']);
    expect(named(['dropout'])).toEqual(['dropout']);
    expect(named(['early stopping', 'monteCarlo'])).toEqual(['earlyStopping', 'stopWhen', 'monteCarlo']);
    expect(searchParts(base, {without: ['penalties and constraints']}).some(({name}) => name === 'l2')).toBe(
      false,
    );
    expect(() => named(['droput'])).toThrow(/there is no regularizer and no family "droput"\n {2}Families: /);
    expect(() => named(['l2'], ['l2'])).toThrow('no regularizer left');
  });

  it('are of plugins, too', () => {
    const [l2] = searchParts(base, {only: ['l2']});
    const plugins = [{use: 'mine', techniques: [{...l2!.technique, name: 'mine'}]}];
    expect(searchParts(base, {only: ['mine']}, plugins)[0]).toMatchObject({name: 'mine', use: 'mine'});
  });

  it('are as many for every model that there is', () => {
    for (const model of ['cnn', 'residual', 'recurrent', 'autoencoder'] as const) {
      const data = model === 'recurrent' ? ('gestures' as const) : ('glyphs' as const);
      const parts = searchParts(defaultRecipe({data: {name: data}, model: {name: model}}));
      expect(new Set(parts.map(({name}) => name)).size).toBe(parts.length);
    }
  });
});
