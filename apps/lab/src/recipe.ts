import {RegularizerError} from '@regularizers/core';
import {parseOptions} from './options.ts';
import {checkPlanSize} from './plan-size.ts';
import {type Recipe, recipeSchema} from './recipe-options.ts';
import {createRegularizers, type LabPlugin} from './regularizers.ts';

export {type Recipe, type RecipeInput, recipeSchema} from './recipe-options.ts';

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
