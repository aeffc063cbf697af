// Every technique with its package, its page's own words, and a plugin made of the options of its example.
import {techniques as augmentation} from '@regularizers/augmentation';
import {type Regularizer, type Technique, withPlugins} from '@regularizers/core';
import {techniques as dropout} from '@regularizers/dropout';
import {techniques as earlyStopping} from '@regularizers/early-stopping';
import {techniques as ensembles} from '@regularizers/ensembles';
import {techniques as l2} from '@regularizers/l2';
import {techniques as noise} from '@regularizers/noise';
import {techniques as sharing} from '@regularizers/sharing';
import {type Family, families, kebab} from '../places.ts';
import {pages, type TechniquePage} from './pages.ts';

/** A technique as the site has it. */
export interface SiteTechnique {
  readonly technique: Technique;
  readonly family: Family;
  readonly page: TechniquePage;
  /** What people call it, with a capital. */
  readonly title: string;
  readonly address: string;
  /** Options of its example, as a recipe has them. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly plugin: Regularizer;
  /** The other plugins of its example. */
  readonly beside: readonly Regularizer[];
}

const byFamily: Readonly<Record<Family, readonly Technique[]>> = {
  l2,
  augmentation,
  sharing,
  noise,
  'early-stopping': earlyStopping,
  ensembles,
  dropout,
};

/** All techniques, family by family. */
export const siteTechniques: readonly SiteTechnique[] = families.flatMap((family) =>
  byFamily[family].map((technique) => {
    const page = pages[family]?.[technique.name];
    if (!page) throw new Error(`apps/docs/src/techniques/pages.ts says nothing of ${technique.name}.`);
    const options = page.options ?? technique.example ?? {};
    return {
      technique,
      family,
      page,
      title: titleOf(technique),
      address: `/techniques/${family}/${kebab(technique.name)}`,
      options,
      plugin: pluginOf(family, technique, options),
      beside: (page.beside ?? []).map(pluginByRecipe),
    };
  }),
);

/** The page of each technique, by its name. */
export const techniqueAddresses: ReadonlyMap<string, string> = new Map(
  siteTechniques.map(({technique, address}) => [technique.name, address]),
);

/** The plugin that a recipe names. */
function pluginByRecipe({
  name,
  ...options
}: {
  readonly name: string;
  readonly [option: string]: unknown;
}): Regularizer {
  for (const family of families) {
    const technique = byFamily[family].find((one) => one.name === name);
    if (technique) return pluginOf(family, technique, options);
  }
  throw new Error(`No package brings the technique ${name}.`);
}

function pluginOf(family: Family, technique: Technique, options: object): Regularizer {
  return technique.create(
    withPlugins(technique, options as Readonly<Record<string, unknown>>, (recipes) =>
      recipes.map((recipe) => {
        const {name, ...inner} = recipe as {readonly name: string};
        return pluginOf(family, byFamily[family].find((one) => one.name === name)!, inner);
      }),
    ),
  );
}

function titleOf({title, name}: Technique): string {
  const words = title ?? name.replace(/([a-z])([A-Z])/g, (_, end, start) => `${end} ${start.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
