import {adam, cosineDecay, type LearningRate, momentum, type Optimizer, sgd} from '@regularizers/core';
import {z} from 'zod';

const learningRate = z.number().gt(0).max(100);
const schedule = z.enum(['constant', 'cosine']).default('constant');
const momentumFactor = z.number().min(0).lt(1);

/** The optimizer of a recipe: a name, and that optimizer's options. `cosine` falls to 0 over the run. */
export const optimizerSchema = z.discriminatedUnion('name', [
  z.strictObject({name: z.literal('adam'), learningRate: learningRate.default(1e-3), schedule}),
  z.strictObject({name: z.literal('sgd'), learningRate: learningRate.default(0.1), schedule}),
  z.strictObject({
    name: z.literal('momentum'),
    learningRate: learningRate.default(0.05),
    schedule,
    momentum: momentumFactor.default(0.9),
    nesterov: z.boolean().default(false),
  }),
]);

/** The optimizer of a recipe, defaults filled in. */
export type OptimizerRecipe = z.output<typeof optimizerSchema>;

/** Makes the optimizer of a recipe. */
export function createOptimizer(recipe: OptimizerRecipe): Optimizer {
  const {learningRate: from} = recipe;
  const rate: LearningRate = recipe.schedule === 'cosine' ? cosineDecay({from}) : from;
  switch (recipe.name) {
    case 'adam':
      return adam({learningRate: rate});
    case 'sgd':
      return sgd({learningRate: rate});
    case 'momentum':
      return momentum({learningRate: rate, momentum: recipe.momentum, nesterov: recipe.nesterov});
  }
}
