// What only the model shows to be wrong is found out in a worker: its errors come to the page as JSON, and have their
// place there all the same.
import {RegularizerError} from '@regularizers/core';
import {expect, test} from 'vitest';
import {makeData} from '../src/data/catalog.ts';
import {parseRecipe, type RecipeInput} from '../src/recipe.ts';
import {previewRecipe} from '../src/run.ts';
import {sendError} from '../src/sent-error.ts';
import {toDraft} from '../src/web/draft.ts';
import {placeOf, sentProblem} from '../src/web/problem.ts';

const noFiles = {mnist: () => Promise.reject(new Error('no files here'))};

const small = {
  data: {name: 'moons', train: 8, validation: 4, test: 4},
  model: {name: 'mlp', hidden: [4, 4]},
} satisfies RecipeInput;

/** What a worker says of a recipe, on its way to the page. */
async function refused(input: RecipeInput): Promise<string> {
  const recipe = parseRecipe(input);
  try {
    previewRecipe(recipe, {data: await makeData(recipe.data, noFiles)});
  } catch (error) {
    return JSON.stringify(sendError(error));
  }
  throw new Error('it was not refused');
}

test.each([
  ['a site that is not there', {name: 'dropout', at: 'nowhere'}, 'at'],
  ['a weight that is not there', {name: 'l2', include: 'nowhere/*'}, 'include'],
  ['a shape that does not fit', {name: 'dropout', noiseShape: [1, 2, 3]}, 'noiseShape'],
  ['an axis that a weight has not', {name: 'maxNorm', axis: 7}, 'axis'],
  ['a layer that is not there', {name: 'share', layers: ['hidden1', 'nowhere']}, 'layers'],
  ['a layer twice', {name: 'share', layers: ['hidden1', 'hidden1']}, 'layers'],
  ['the weight of a tie', {name: 'tie', weight: 'nowhere', to: 'hidden1/kernel'}, 'weight'],
  [
    'a tie that needs another rank',
    {name: 'tie', weight: 'hidden1/bias', to: 'hidden2/bias', by: 'transpose'},
    'by',
  ],
])('%s is at its control', async (_, options, key) => {
  const input = {...small, regularizers: [options]};
  const draft = toDraft(parseRecipe(input));
  const problem = sentProblem(JSON.parse(await refused(input)), draft);
  expect([...problem.places]).toEqual([[`${placeOf(draft.cards[0]!)}.${key}`, problem.error.message]]);
  expect(new RegularizerError(problem.error).option).toBe(key);
});
