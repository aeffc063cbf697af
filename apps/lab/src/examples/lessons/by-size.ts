import type {Recipe} from '../../recipe.ts';
import type {RunReport} from '../../run.ts';
import type {Training, TrainingPart} from './training.ts';

/**
 * Steps of the optimizer, whatever the number of examples: so that what differs is the examples alone. Enough that a
 * network knows its examples by heart, few enough that plain JavaScript is through in half a minute.
 */
const fewest = 150;

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
  return {...recipe, epochs: epochsOn(train, recipe.batchSize)};
}

/** Epochs that take so many steps. */
export const epochsOn = (train: number, batchSize: number): number => Math.ceil((fewest * batchSize) / train);
