import {type Recipe, readRecipe} from '../recipe.ts';
import type {LabPlugin} from '../regularizers.ts';
import type {Options} from './fields/field.ts';
import {saveFile} from './take-away/files.ts';

const start = '#recipe=';

/** A recipe as the part of an address after `#`, which no server is told. */
export const toHash = (recipe: Options): string => `${start}${encodeURIComponent(JSON.stringify(recipe))}`;

/**
 * The recipe in an address, if it has one.
 *
 * @param plugins what is in the page beside the lab's own packages: an address adds nothing
 * @throws RegularizerError as `readRecipe`
 */
export function fromHash(hash: string, plugins: readonly LabPlugin[] = []): Recipe | undefined {
  if (!hash.startsWith(start)) return undefined;
  return readRecipe(decoded(hash.slice(start.length)), 'the address', plugins);
}

/** The name of a recipe's file. */
export function fileNameOf({name}: Pick<Recipe, 'name'>): string {
  const plain = (name ?? 'recipe').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-');
  return `${plain.replace(/^-|-$/g, '') || 'recipe'}.json`;
}

/** Hands the user a recipe as the file that the command line runs. */
export function download(recipe: Recipe): void {
  saveFile(fileNameOf(recipe), `${JSON.stringify(recipe, null, 2)}\n`, 'application/json');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
