import type {Technique} from '@regularizers/core';
import {candidatesFor} from '../examples/candidates.ts';
import type {Recipe} from '../recipe.ts';
import type {Options} from './fields/field.ts';

/** The options that a technique is added with: those of the usual comparison on such data and model, else its example. */
export function startOf(
  {name, example}: Pick<Technique, 'name' | 'example'>,
  recipe: Pick<Recipe, 'data' | 'model'> | undefined,
): Options {
  const usual = recipe && candidatesFor(recipe as Recipe).flatMap(({alone}) => alone);
  const {name: _, as: __, ...options} = usual?.find((one) => one.name === name) ?? {name, ...example};
  return options;
}
