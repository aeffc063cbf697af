import type {Point, SearchOptions} from '@regularizers/search';
import {techniqueNamed} from '../../../../packages/search/test/support/technique.ts';
import type {Recipe} from '../../src/recipe.ts';
import type {Task} from '../../src/workers/task.ts';

/** A short search over the formula of formula.mjs. */
export const options: SearchOptions = {
  techniques: ['helpful', 'harmful'].map(techniqueNamed),
  trials: 60,
  reportSeeds: 3,
  seed: 4,
};

/** A trial as a task for fake-trainer.mjs. */
export const recipeOf = (point: Point, seed: number): Task => ({
  backend: 'cpu',
  plugins: [],
  recipe: {name: 'formula', seed, point, data: {name: 'moons'}} as unknown as Recipe,
});
