import {RegularizerError, type Technique} from '@regularizers/core';
import type {DataSet} from '../../data/data-set.ts';
import {parseRecipe, type Recipe} from '../../recipe.ts';
import {type LabPlugin, techniques} from '../../regularizers.ts';
import {previewRecipe} from '../../run.ts';
import {sendError} from '../../sent-error.ts';
import {startOf} from '../starts.ts';

/** What {@link misfitsOf} needs beside a recipe. */
export interface MisfitOptions {
  readonly data: DataSet;
  readonly plugins: readonly LabPlugin[];
  /** Asked before each technique; false ends the search. */
  readonly goesOn: () => boolean;
}

/**
 * The techniques that can do nothing with a recipe's data and model, and why: each is tried as the page would add it,
 * and says so itself.
 *
 * @returns sentences by the names of techniques, or undefined where the search was ended
 */
export async function misfitsOf(
  recipe: Recipe,
  {data, plugins, goesOn}: MisfitOptions,
): Promise<ReadonlyMap<string, string> | undefined> {
  const all = [
    ...techniques.map((technique) => ({technique, of: {}})),
    ...plugins.flatMap(({use, techniques: its}) => its.map((technique) => ({technique, of: {use}}))),
  ];
  const misfits = new Map<string, string>();
  for (const {technique, of} of all) {
    // Lets the worker hear of what came meanwhile, and leaves the machine to what trains.
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (!goesOn()) return undefined;
    const why = refusalOf(technique, of);
    if (why !== undefined) misfits.set(technique.name, why);
  }
  return misfits;

  function refusalOf(technique: Technique, of: {readonly use?: string}): string | undefined {
    const {name} = technique;
    const regularizers = [{...of, name, ...startOf(technique, recipe)}];
    try {
      previewRecipe(parseRecipe({...recipe, regularizers}, plugins), {data, plugins});
      return undefined;
    } catch (error) {
      if (!RegularizerError.isInstance(error)) throw error;
      return isMendable(error, technique) ? undefined : sendError(error).message;
    }
  }
}

/** An example names layers of another model: with other options it may suit this one. */
function isMendable({code}: RegularizerError, {example}: Technique): boolean {
  if (code === 'image-target') return true; // an option says what becomes of the target
  return example !== undefined && (code === 'nothing-selected' || code === 'shape-mismatch');
}
