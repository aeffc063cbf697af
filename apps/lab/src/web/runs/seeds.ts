import type {Recipe} from '../../recipe.ts';

/** How many runs *× 5 seeds* makes. */
export const seedsAtOnce = 5;

/**
 * The same recipe with seeds that it wasn't run with, from its own upward.
 *
 * @param done the seeds that there are
 */
export function withFreshSeeds(recipe: Recipe, done: readonly number[]): readonly Recipe[] {
  const recipes: Recipe[] = [];
  for (let seed = recipe.seed; recipes.length < seedsAtOnce; seed++) {
    if (!done.includes(seed)) recipes.push({...recipe, seed});
  }
  return recipes;
}
