// Node only: the recipe that a command is about, out of a file and of options.
import {readFile} from 'node:fs/promises';
import {RegularizerError} from '@regularizers/core';
import {isOwn} from '../data/own/options.ts';
import {ownFiles} from '../data/own/own-files.ts';
import {dataText} from '../data/report.ts';
import {defaultRecipe} from '../defaults.ts';
import {type Recipe, type RecipeInput, readRecipe} from '../recipe.ts';
import type {LabPlugin} from '../regularizers.ts';
import type {Sources} from './backends.ts';
import {type DataOptions, dataGiven} from './data-options.ts';

/** What a person says in place of a recipe, or to change one. */
export interface BaseOptions extends DataOptions {
  readonly model?: string;
  readonly epochs?: number;
  readonly batchSize?: number;
}

/**
 * What the recipe of a file says, changed by options. A file of the user's is read here, and the recipe says from then on
 * what was found in it: what is asked of the model, how many examples each part has, and the file's checksum.
 *
 * @param file a JSON file, if one was given
 * @param say is told what became of the user's data
 * @throws RegularizerError with code `unreadable`, those of `dataGiven` and `parseRecipe`, or what is wrong with the data
 */
export async function givenRecipe(
  file: string | undefined,
  options: BaseOptions,
  sources: Pick<Sources, 'own' | 'plugins'>,
  say: (sentence: string) => void,
): Promise<Partial<RecipeInput>> {
  const {plugins = [], own = ownFiles()} = sources;
  const {model, epochs, batchSize} = options;
  const given = file === undefined ? undefined : await readRecipeFile(file, plugins);
  const data = await dataGiven(options, given?.data);
  const changed: Partial<RecipeInput> = {
    ...given,
    ...(epochs ? {epochs} : {}),
    ...(batchSize ? {batchSize} : {}),
    // Names that there are not are for the recipe's own checks to complain about.
    ...(data ? {data: data as RecipeInput['data']} : {}),
    ...(model !== undefined ? {model: {name: model} as RecipeInput['model']} : {}),
  };
  const {data: asked} = defaultRecipe(changed, plugins);
  if (!isOwn(asked)) return changed;
  const {options: found, data: made} = await own(asked);
  say(dataText(made, asked.seed));
  return {...changed, data: {...asked, ...found}};
}

/**
 * {@link givenRecipe}; where something isn't said, what suits the data.
 *
 * @throws RegularizerError as that
 */
export const baseRecipe = async (...given: Parameters<typeof givenRecipe>): Promise<Recipe> =>
  defaultRecipe(await givenRecipe(...given), given[2].plugins);

/** @throws RegularizerError with code `no-recipe` where neither a recipe nor data was given */
export function checkGiven(file: string | undefined, data: string | undefined): void {
  if (file !== undefined || data !== undefined) return;
  throw new RegularizerError({
    where: 'lab',
    code: 'no-recipe',
    message: 'there is nothing to train',
    hint: 'Give a recipe, a JSON file, or data: --data my.csv --target species.',
  });
}

/** @throws RegularizerError with code `unreadable`, or as `parseRecipe` */
async function readRecipeFile(file: string, plugins: readonly LabPlugin[] = []): Promise<Recipe> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new RegularizerError({
      where: 'recipe',
      code: 'unreadable',
      message: `${file} cannot be read`,
      cause,
    });
  }
  return readRecipe(text, file, plugins);
}
