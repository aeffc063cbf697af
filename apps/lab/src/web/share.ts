import {type Recipe, readRecipe} from '../recipe.ts';
import type {LabPlugin} from '../regularizers.ts';
import type {Options} from './fields/field.ts';

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
  const address = URL.createObjectURL(
    new Blob([`${JSON.stringify(recipe, null, 2)}\n`], {type: 'application/json'}),
  );
  const link = document.createElement('a');
  link.href = address;
  link.download = fileNameOf(recipe);
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
