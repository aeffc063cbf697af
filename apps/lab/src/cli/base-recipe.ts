// Node only: the recipe that a command starts from, by a file and by its options.
import {defaultRecipe} from '../defaults.ts';
import type {Recipe, RecipeInput} from '../recipe.ts';
import type {LabPlugin} from '../regularizers.ts';
import {readRecipeFile} from './run-command.ts';

/** Options of commands that say what to train, left out where the defaults are wanted. */
export interface BaseOptions {
  readonly data?: string;
  readonly train?: number;
  readonly test?: number;
  readonly labelNoise?: number;
  readonly model?: string;
  readonly epochs?: number;
  readonly batchSize?: number;
}

/**
 * What a file says, and what the options say in its place, with settings that suit data and model for the rest.
 *
 * @throws RegularizerError as `readRecipeFile` and `defaultRecipe`
 */
export async function baseRecipe(
  file: string | undefined,
  {data, train, test, labelNoise, model, epochs, batchSize}: BaseOptions,
  plugins: readonly LabPlugin[] = [],
): Promise<Recipe> {
  const changes = {...(epochs ? {epochs} : {}), ...(batchSize ? {batchSize} : {})};
  const sizes = {
    ...(train ? {train} : {}),
    ...(test ? {test} : {}),
    ...(labelNoise === undefined ? {} : {labelNoise}),
  };
  const given = file === undefined ? undefined : await readRecipeFile(file, plugins);
  return defaultRecipe(
    {
      ...given,
      ...changes,
      // Names that there are not are for the recipe's own checks to complain about.
      data: {...(data === undefined ? given?.data : {name: data}), ...sizes} as RecipeInput['data'],
      ...(model !== undefined ? {model: {name: model} as RecipeInput['model']} : {}),
    },
    plugins,
  );
}
