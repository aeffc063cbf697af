import {RegularizerError} from '@regularizers/core';
import {z} from 'zod';
import {dataSchema} from './data/catalog.ts';
import {modelSchema} from './models/catalog.ts';
import {optimizerSchema} from './optimizers.ts';
import {label, parseOptions} from './options.ts';
import {checkPlanSize} from './plan-size.ts';
import {createRegularizers, type LabPlugin, mostRegularizers, regularizerSchema} from './regularizers.ts';

/** What a run is made from: plain JSON, the same for the command line and for the page. */
export const recipeSchema = z.strictObject({
  /** What a person calls it; result files are named after it. */
  name: label.max(100).optional(),
  /** Initial weights, batches and every draw of a regularizer follow from it. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0),
  data: dataSchema,
  model: modelSchema,
  optimizer: optimizerSchema.default({name: 'adam', learningRate: 1e-3, schedule: 'constant'}),
  epochs: z.int().min(1).max(100_000).default(30),
  batchSize: z.int().min(1).max(65_536).default(32),
  regularizers: z.array(regularizerSchema).max(mostRegularizers).default([]),
  evaluation: z.strictObject({batchSize: z.int().min(1).max(65_536).default(500)}).default({batchSize: 500}),
});

/** A recipe as a person writes it, defaults left out. */
export type RecipeInput = z.input<typeof recipeSchema>;

/** A recipe with every default filled in, which stays the same run when defaults change. */
export type Recipe = z.output<typeof recipeSchema>;

/**
 * Checks a recipe, down to the options of each regularizer and the memory that it will take, and fills in the defaults.
 * Nothing is built or trained.
 *
 * @param json a recipe as `JSON.parse` returns it
 * @param plugins what is loaded beside the lab's own packages
 * @throws RegularizerError with code `bad-option`, `unknown-regularizer`, `not-loaded` or `too-large`, or a regularizer's own
 *
 * @example
 * ```ts
 * const recipe = parseRecipe({
 *   data: {name: 'glyphs', train: 600},
 *   model: {name: 'mlp'},
 *   regularizers: [{name: 'dropout', rate: 0.5}],
 * });
 * ```
 */
export function parseRecipe(json: unknown, plugins: readonly LabPlugin[] = []): Recipe {
  const recipe = parseOptions('recipe', recipeSchema, json);
  createRegularizers(recipe.regularizers, plugins);
  checkPlanSize(recipe, plugins);
  return recipe;
}

/** Characters of a recipe's text: a hundred times what a long one has. */
const mostCharacters = 1_000_000;

/**
 * Reads a recipe from text.
 *
 * @param file where the text is from, for messages
 * @param plugins what is loaded beside the lab's own packages
 * @throws RegularizerError with code `bad-json` or `too-large`, or as {@link parseRecipe}
 */
export function readRecipe(text: string, file: string, plugins: readonly LabPlugin[] = []): Recipe {
  if (text.length > mostCharacters) {
    throw new RegularizerError({
      where: 'recipe',
      code: 'too-large',
      message: `${file} has ${text.length} characters; a recipe has at most ${mostCharacters}`,
    });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new RegularizerError({
      where: 'recipe',
      code: 'bad-json',
      message: `${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      cause: error,
    });
  }
  return parseRecipe(json, plugins);
}
