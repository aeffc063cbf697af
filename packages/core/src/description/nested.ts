import {checkFunction} from '../lib/check-function.ts';
import {looking} from '../lib/given.ts';
import {isPlainObject} from '../lib/json.ts';
import type {Regularizer} from '../regularizer.ts';
import type {Technique} from './technique.ts';
import {isMeant} from './when.ts';

type Options = Readonly<Record<string, unknown>>;

/**
 * Options from JSON with plugins in place of the recipes that stand for them, such as those of a pipeline.
 *
 * @param make makes the plugins of one option, and checks their recipes
 */
export function withPlugins(
  technique: Pick<Technique, 'options'>,
  options: Options,
  make: (recipes: readonly unknown[]) => readonly Regularizer[],
): Options {
  checkFunction('withPlugins', 'what makes plugins', make);
  return mapRecipes('withPlugins', technique, options, make);
}

/**
 * The options at which a technique does nothing: its own at their null values, or, where it has none, those of
 * all the plugins in it.
 *
 * @param technique with the description that says which values these are
 * @param options as a recipe has them
 * @param techniqueOf the technique of a recipe that stands for a plugin
 * @returns undefined where the description names no such values
 */
export function withoutEffect(
  technique: Pick<Technique, 'options'>,
  options: Options,
  techniqueOf: (recipe: Options) => Pick<Technique, 'options'> | undefined,
): Options | undefined {
  const where = 'withoutEffect';
  checkFunction(where, 'what finds techniques', techniqueOf);
  const own = looking(where, 'the technique', () =>
    Object.entries(technique.options).flatMap(([key, option]) =>
      option.nothing !== undefined && isMeant(option, options, technique.options)
        ? [[key, option.nothing] as const]
        : [],
    ),
  );
  if (own.length > 0) return {...options, ...Object.fromEntries(own)};
  let nested = 0;
  let idle = 0;
  const without = mapRecipes(where, technique, options, (recipes) =>
    recipes.map((recipe) => {
      nested += 1;
      const inner = isPlainObject(recipe) ? techniqueOf(recipe) : undefined;
      const changed = inner && withoutEffect(inner, recipe as Options, techniqueOf);
      if (changed) idle += 1;
      return changed ?? recipe;
    }),
  );
  return nested > 0 && idle === nested ? without : undefined;
}

function mapRecipes(
  where: string,
  technique: Pick<Technique, 'options'>,
  options: Options,
  map: (recipes: readonly unknown[]) => readonly unknown[],
): Options {
  const entries = looking(where, 'the options', () =>
    Object.entries(options).map(([key, value]) => ({key, value, holds: holdsRecipes(technique, key, value)})),
  );
  return Object.fromEntries(
    entries.map(({key, value, holds}) => {
      if (holds === 'one') return [key, map([value])[0]];
      return [key, holds === 'many' ? map(value as readonly unknown[]) : value];
    }),
  );
}

function holdsRecipes(
  {options}: Pick<Technique, 'options'>,
  key: string,
  value: unknown,
): 'one' | 'many' | undefined {
  const option = Object.hasOwn(options, key) ? options[key] : undefined;
  if (option?.kind === 'plugin') return 'one';
  const isList = option?.kind === 'list' && option.of.kind === 'plugin' && Array.isArray(value);
  return isList ? 'many' : undefined;
}
