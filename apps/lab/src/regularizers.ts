import {techniques as augmentation} from '@regularizers/augmentation';
import {type Regularizer, RegularizerError, type Technique} from '@regularizers/core';
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
  /** The technique, such as `dropout`. */
  name: z.string(),
  /** What this plugin is called, where a recipe uses one technique twice. */
  as: label.max(100).optional(),
});

/** Regularizers in one recipe, or in one pipeline of it. */
export const mostRegularizers = 100;

/** One regularizer of a recipe. */
export type RegularizerRecipe = z.infer<typeof regularizerSchema>;

/** Every technique of the seven packages, by family. */
export const techniques: readonly Technique[] = [
  ...l2,
  ...augmentation,
  ...sharing,
  ...noise,
  ...earlyStopping,
  ...ensembles,
  ...dropout,
];

/**
 * Makes the plugins of a recipe.
 *
 * @throws RegularizerError with code `unknown-regularizer` or `duplicate-name`, or what the factory itself throws
 *
 * @example
 * ```ts
 * createRegularizers([{name: 'l2', strength: 1e-4}, {name: 'dropout', rate: 0.5}]);
 * ```
 */
export function createRegularizers(recipes: readonly RegularizerRecipe[]): readonly Regularizer[] {
  const plugins = recipes.map(createRegularizer);
  const twice = plugins.find(({name}, index) => plugins.findIndex((one) => one.name === name) < index);
  if (!twice) return plugins;
  throw new RegularizerError({
    where: 'recipe',
    code: 'duplicate-name',
    message: `two regularizers are called ${twice.name}`,
    hint: 'Call one of them something else: {"name": "l2", "as": "l2 of the output", …}.',
  });
}

function createRegularizer({name, as, ...options}: RegularizerRecipe): Regularizer {
  const technique = techniques.find((one) => one.name === name);
  if (!technique) {
    throw new RegularizerError({
      where: 'recipe',
      code: 'unknown-regularizer',
      message: `there is no regularizer ${JSON.stringify(name)}`,
      hint: `There are: ${techniques.map((one) => one.name).join(', ')}.`,
    });
  }
  return technique.create({...withPlugins(technique, options), ...(as === undefined ? {} : {name: as})});
}

/** Options that are plugins are recipes themselves: those of a pipeline. */
function withPlugins(
  {name, options: described}: Technique,
  options: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => {
      const option = described[key];
      const holdsPlugins = option?.kind === 'list' && option.of.kind === 'plugin';
      if (!holdsPlugins || !Array.isArray(value)) return [key, value];
      return [
        key,
        parseOptions(name, z.array(regularizerSchema).max(mostRegularizers), value).map(createRegularizer),
      ];
    }),
  );
}
