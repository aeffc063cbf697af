import type {Recipe} from './recipe.ts';
import type {RegularizerRecipe} from './regularizers.ts';

/** One recipe, with each entry's regularizers in place of its own. */
export interface ComparisonTable {
  /** What tells it from the other tables, such as `wrong labels`; empty where it is alone. */
  readonly name: string;
  readonly base: Recipe;
  /** The baseline first. */
  readonly entries: readonly ComparisonEntry[];
  /** The entry that the others are held against beside the baseline. */
  readonly reference?: string;
}

/** One line of a comparison: a name, and the regularizers that it trains with. */
export interface ComparisonEntry {
  readonly name: string;
  readonly regularizers: readonly RegularizerRecipe[];
}
