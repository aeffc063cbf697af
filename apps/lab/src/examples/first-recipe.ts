import {defaultRecipe} from '../defaults.ts';
import type {Recipe} from '../recipe.ts';
import {candidatesFor} from './candidates.ts';

const base = defaultRecipe();

/** What the page shows first: it overfits without its regularizers, and trains in seconds. */
export const firstRecipe: Recipe = {
  ...base,
  regularizers: ['dropout', 'l2'].flatMap(
    (name) => candidatesFor(base).find((one) => one.name === name)?.alone ?? [],
  ),
};
