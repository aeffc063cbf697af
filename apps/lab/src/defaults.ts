import {RegularizerError} from '@regularizers/core';
import {isOwn} from './data/own/options.ts';
import {candidatesFor} from './examples/candidates.ts';
import {parseRecipe, type Recipe, type RecipeInput} from './recipe.ts';
import {type LabPlugin, type RegularizerRecipe, techniques} from './regularizers.ts';

/** One line of a comparison: a name, and the regularizers that it trains with. */
export interface ComparisonEntry {
  readonly name: string;
  readonly regularizers: readonly RegularizerRecipe[];
}

type Defaults = Pick<RecipeInput, 'data' | 'model' | 'optimizer' | 'epochs' | 'batchSize'>;

const points: Partial<Defaults> = {
  model: {name: 'mlp', hidden: [64, 64, 64]},
  optimizer: {name: 'adam', learningRate: 3e-3},
  epochs: 150,
  batchSize: 50,
};
const sequences: Partial<Defaults> = {
  model: {name: 'recurrent'},
  optimizer: {name: 'adam', learningRate: 5e-3},
  epochs: 30,
  batchSize: 50,
};
// Deep and narrow: such a network overfits for want of data, and its members differ, which is what ensembles live on.
const pictures: Partial<Defaults> = {
  model: {name: 'mlp', hidden: [128, 128, 128, 128]},
  optimizer: {name: 'momentum', learningRate: 0.1, schedule: 'cosine'},
  epochs: 40,
  batchSize: 50,
};

/** What suits each data set. */
const byData: Readonly<Record<string, Partial<Defaults>>> = {
  // Few enough that a plain network learns them by heart.
  glyphs: {...pictures, data: {name: 'glyphs', train: 600}},
  // Narrower than for glyphs: there l2 and bagging lowered the validation error, by 0.2 and 0.3 points over four seeds.
  mnist: {
    ...pictures,
    model: {name: 'mlp', hidden: [64, 64, 64, 64]},
    data: {name: 'mnist', train: 2000},
    batchSize: 100,
  },
  gestures: sequences,
  adding: {...sequences, epochs: 60},
};

/** Tables of the user's: as many epochs as make some thousands of steps. */
function forTable({train = 500}: {readonly train?: number | undefined}): Partial<Defaults> {
  const batchSize = 32;
  const epochs = Math.round(3000 / Math.ceil(train / batchSize));
  return {
    model: {name: 'mlp', hidden: [128, 128]},
    optimizer: {name: 'adam', learningRate: 1e-3},
    epochs: Math.max(10, Math.min(100, epochs)),
    batchSize,
  };
}

/** What suits a model where that differs from what suits the data. */
const byModel: Readonly<Record<string, Partial<Defaults>>> = {
  cnn: {optimizer: {name: 'momentum', learningRate: 0.02, schedule: 'cosine'}, epochs: 20},
  residual: {optimizer: {name: 'momentum', learningRate: 0.05, schedule: 'cosine'}, epochs: 20},
  autoencoder: {optimizer: {name: 'adam', learningRate: 1e-3}, epochs: 40},
  recurrent: {optimizer: {name: 'adam', learningRate: 5e-3}, epochs: 30},
};

/**
 * A recipe with settings that suit its data and model, where it doesn't say.
 *
 * @param plugins what is loaded beside the lab's own packages
 * @throws RegularizerError as `parseRecipe`
 *
 * @example
 * ```ts
 * defaultRecipe({data: {name: 'mnist'}}); // 2,000 training examples, an MLP
 * ```
 */
export function defaultRecipe(given: Partial<RecipeInput> = {}, plugins: readonly LabPlugin[] = []): Recipe {
  const dataName = given.data?.name ?? 'glyphs';
  const forData = given.data && isOwn(given.data) ? forTable(given.data) : (byData[dataName] ?? points);
  const isUsual = given.model === undefined || given.model.name === forData.model?.name;
  const model = isUsual ? {...forData.model, ...given.model} : given.model;
  const forModel = (isUsual ? undefined : byModel[model?.name ?? '']) ?? {};
  // Options that are left undefined must not hide a default.
  const told = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const data = {name: dataName, ...forData.data, ...given.data};
  return parseRecipe({...forData, ...forModel, ...told, data, model}, plugins);
}

/** How many seeds a comparison takes: differences on MNIST are small. */
export const defaultSeeds = ({data}: Recipe): number => (data.name === 'mnist' ? 5 : 3);

/**
 * The usual comparison: baseline, each regularizer that suits model and data alone, all of them together.
 *
 * @param only names of some of them, or of any other techniques, which are compared with their package's defaults, and
 * their examples where they can't do without
 * @param plugins what is loaded beside the lab's own packages
 * @throws RegularizerError with code `unknown-regularizer`
 */
export function entriesFor(
  recipe: Recipe,
  only?: readonly string[],
  plugins: readonly LabPlugin[] = [],
): readonly ComparisonEntry[] {
  const usual = candidatesFor(recipe);
  const others: readonly RegularizerRecipe[] = [
    ...techniques.map(({name, example}) => ({...example, name})),
    ...plugins.flatMap(({use, techniques}) => techniques.map(({name, example}) => ({...example, use, name}))),
  ];
  const chosen =
    only?.map((name) => {
      const known = usual.find((candidate) => candidate.name === name);
      if (known) return known;
      const other = others.find((one) => one.name === name);
      if (other) return {name, alone: [other]};
      throw new RegularizerError({
        where: 'lab',
        code: 'unknown-regularizer',
        message: `there is no regularizer ${JSON.stringify(name)}`,
        hint: `Usual for this model: ${usual.map((one) => one.name).join(', ')}. All: ${others.map((one) => one.name).join(', ')}.`,
      });
    }) ?? usual;
  const together = chosen.flatMap(({alone, together: weaker = alone}) => weaker);
  return withBaseline(
    chosen.map(({name, alone}) => ({name, regularizers: alone})),
    together,
  );
}

/** A comparison of the regularizers that a recipe lists: baseline, each alone, all together. */
export function entriesOfRecipe(
  {regularizers}: Recipe,
  only?: readonly string[],
): readonly ComparisonEntry[] {
  const nameOf = ({name, as}: RegularizerRecipe): string => as ?? name;
  const missing = only?.find((name) => !regularizers.some((one) => nameOf(one) === name));
  if (missing !== undefined) {
    throw new RegularizerError({
      where: 'lab',
      code: 'unknown-regularizer',
      message: `the recipe has no regularizer ${JSON.stringify(missing)}`,
      hint: `It has: ${regularizers.map(nameOf).join(', ')}.`,
    });
  }
  const chosen = regularizers.filter((one) => only?.includes(nameOf(one)) ?? true);
  return withBaseline(
    chosen.map((one) => ({name: nameOf(one), regularizers: [one]})),
    chosen,
  );
}

function withBaseline(
  singles: readonly ComparisonEntry[],
  together: readonly RegularizerRecipe[],
): readonly ComparisonEntry[] {
  return [
    {name: 'baseline', regularizers: []},
    ...singles,
    ...(singles.length > 1 ? [{name: 'all together', regularizers: together}] : []),
  ];
}
