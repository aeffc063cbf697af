import type {Recipe} from '../../recipe.ts';
import type {RunReport} from '../../run.ts';
import type {Training, TrainingPart} from './training.ts';

/** Real examples: each twice as many as the one before. */
export const sizes: readonly number[] = [50, 100, 200, 400, 800];

/** Steps of the optimizer, whatever the number of examples: so that what differs is the examples alone. */
const fewest = 300;

/** What a recipe comes to on more and more examples. */
export interface BySize {
  readonly sizes: readonly number[];
  /** Test errors. */
  readonly errors: readonly number[];
  readonly reports: readonly RunReport[];
}

/** Trains a recipe on more and more examples; those to judge by are as the recipe has them. */
export async function bySize(
  recipe: Recipe,
  sizes: readonly number[],
  {words, share, ...part}: TrainingPart,
  training: Training,
): Promise<BySize> {
  const reports: RunReport[] = [];
  for (const train of sizes) {
    const one = steps({...recipe, data: {...recipe.data, train}} as Recipe);
    const {report} = await training.run(one, {
      ...part,
      words: `${words}: ${train} examples`,
      share: share / sizes.length,
    });
    reports.push(report);
  }
  return {sizes, errors: reports.map(({testError}) => testError), reports};
}

/** A recipe that takes the same number of steps on any number of examples. */
export function steps(recipe: Recipe): Recipe {
  const {train = 0} = recipe.data;
  return {...recipe, epochs: Math.ceil((fewest * recipe.batchSize) / train)};
}
