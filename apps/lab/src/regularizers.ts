import {techniques as augmentation} from '@regularizers/augmentation';
import {type Regularizer, RegularizerError, type Technique, withPlugins} from '@regularizers/core';
import {techniques as dropout} from '@regularizers/dropout';
import {techniques as earlyStopping} from '@regularizers/early-stopping';
import {techniques as ensembles} from '@regularizers/ensembles';
import {techniques as l2} from '@regularizers/l2';
import {techniques as noise} from '@regularizers/noise';
import {techniques as sharing} from '@regularizers/sharing';
import {z} from 'zod';
import {label, parseOptions} from './options.ts';

/** One regularizer of a recipe: a technique, and that technique's options as they are in its package. */
export const regularizerSchema = z.looseObject({
  /** The plugin that it is of, where it is none of the lab's own: `@acme/regularizers-shake`. */
  use: label.max(1000).optional(),
  /** The technique, such as `dropout`. */
  name: z.string(),
  /** What this plugin is called, where a recipe uses one technique twice. */
  as: label.max(100).optional(),
});

/** Regularizers in one recipe, or in one pipeline of it. */
export const mostRegularizers = 100;

/** One regularizer of a recipe. */
export type RegularizerRecipe = z.infer<typeof regularizerSchema>;

/**
 * Somebody else's package, as it was loaded: because a person asked for it, and never because a recipe names it, since
 * recipes come in links, too.
 */
export interface LabPlugin {
  /** What recipes call it: the package's name, or the file as the command line named it. */
  readonly use: string;
  readonly techniques: readonly Technique[];
}

/** The seven packages, and what is in them. */
export const packages: readonly {readonly name: string; readonly techniques: readonly Technique[]}[] = [
  {name: '@regularizers/l2', techniques: l2},
  {name: '@regularizers/augmentation', techniques: augmentation},
  {name: '@regularizers/sharing', techniques: sharing},
  {name: '@regularizers/noise', techniques: noise},
  {name: '@regularizers/early-stopping', techniques: earlyStopping},
  {name: '@regularizers/ensembles', techniques: ensembles},
  {name: '@regularizers/dropout', techniques: dropout},
];

/** Every technique of the seven packages, by family. */
export const techniques: readonly Technique[] = packages.flatMap((one) => one.techniques);

/**
 * Makes the plugins of a recipe.
 *
 * @param loaded what there is beside the lab's own packages; a recipe loads nothing
 * @throws RegularizerError with code `unknown-regularizer`, `not-loaded` or `duplicate-name`, or what the factory itself throws
 *
 * @example
 * ```ts
 * createRegularizers([{name: 'l2', strength: 1e-4}, {name: 'dropout', rate: 0.5}]);
 * ```
 */
export function createRegularizers(
  recipes: readonly RegularizerRecipe[],
  loaded: readonly LabPlugin[] = [],
): readonly Regularizer[] {
  const plugins = recipes.map((recipe) => createRegularizer(recipe, loaded));
  const twice = plugins.find(({name}, index) => plugins.findIndex((one) => one.name === name) < index);
  if (!twice) return plugins;
  throw new RegularizerError({
    where: 'recipe',
    code: 'duplicate-name',
    message: `two regularizers are called ${twice.name}`,
    hint: 'Call one of them something else: {"name": "l2", "as": "l2 of the output", …}.',
  });
}

function createRegularizer(
  {use, name, as, ...options}: RegularizerRecipe,
  loaded: readonly LabPlugin[],
): Regularizer {
  const technique = techniqueOf(use, name, loaded);
  const recipesOf = z.array(regularizerSchema).max(mostRegularizers);
  // Options that are plugins are recipes themselves: those of a pipeline.
  const made = withPlugins(technique, options, (recipes) =>
    parseOptions(name, recipesOf, recipes).map((recipe) => createRegularizer(recipe, loaded)),
  );
  return technique.create({...made, ...(as === undefined ? {} : {name: as})});
}

function techniqueOf(use: string | undefined, name: string, loaded: readonly LabPlugin[]): Technique {
  const plugin = use === undefined ? undefined : loaded.find((one) => one.use === use);
  if (use !== undefined && !plugin) throw notLoaded(use, loaded);
  const known = plugin?.techniques ?? techniques;
  const technique = known.find((one) => one.name === name);
  if (technique) return technique;
  const names = known.map((one) => one.name);
  const other = loaded.find((one) => one.techniques.some((its) => its.name === name));
  throw new RegularizerError({
    where: 'recipe',
    code: 'unknown-regularizer',
    message: `there is no regularizer ${JSON.stringify(name)}${use === undefined ? '' : ` in ${use}`}`,
    hint:
      other && use === undefined
        ? `It is one of a plugin: {"use": ${JSON.stringify(other.use)}, "name": ${JSON.stringify(name)}, …}.`
        : `There are: ${names.join(', ')}.`,
    option: 'name',
    received: name,
    allowed: {enum: names},
  });
}

const notLoaded = (use: string, loaded: readonly LabPlugin[]): RegularizerError =>
  new RegularizerError({
    where: 'recipe',
    code: 'not-loaded',
    message: `it uses the plugin ${JSON.stringify(use)}, which is not loaded`,
    hint:
      `A recipe loads nothing by itself. If you know the plugin and trust it: --plugin ${use}.` +
      (loaded.length > 0 ? ` Loaded: ${loaded.map((one) => one.use).join(', ')}.` : ''),
    option: 'use',
    received: use,
    allowed: {enum: loaded.map((one) => one.use)},
  });
