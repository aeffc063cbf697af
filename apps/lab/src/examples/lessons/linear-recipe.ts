import type {RecipeInput} from '../../recipe.ts';

/** A linear model of few patients: all of them at each step, so that a step is one of gradient descent. */
export const linear = {
  data: {name: 'diabetes', train: 100},
  model: {name: 'mlp', hidden: []},
  batchSize: 100,
} satisfies RecipeInput;
