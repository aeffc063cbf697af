import {defineTechnique, option, type Regularizer, type Technique} from '@regularizers/core';
import type {Point, SearchOptions} from '@regularizers/search';
import type {Recipe} from '../../src/recipe.ts';
import type {Task} from '../../src/workers/task.ts';

const techniqueNamed = (name: string): Technique =>
  defineTechnique({
    name,
    family: 'tests',
    about: 'Does something to a formula.',
    options: {
      strength: option.number({
        min: 0,
        default: 0.01,
        nothing: 0,
        about: 'How strong.',
        search: {from: 1e-4, to: 1, scale: 'log'},
      }),
    },
    create: (): Regularizer => ({name}),
  });

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
