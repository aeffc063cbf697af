import {RegularizerError} from '@regularizers/core';
import type {ComparisonEntry, ComparisonTable} from './comparison-table.ts';
import {labelNoiseOf} from './data/label-noise.ts';
import {isOwn, type OwnOptions} from './data/own/options.ts';
import {candidatesFor} from './examples/candidates.ts';
import {stopping} from './examples/wrong-labels.ts';
import {parseRecipe, type Recipe, type RecipeInput} from './recipe.ts';
import {type LabPlugin, type RegularizerRecipe, techniques} from './regularizers.ts';
import {baseline} from './report/rows.ts';

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
/** What a share of wrong labels is in the usual comparison: most of what regularizers gain is seen there. */
export const wrongShares = {glyphs: 0.3, mnist: 0.2} as const;

/** Few enough examples that a plain network learns them by heart, at Adam's usual rate. */
function pictures(data: 'glyphs' | 'mnist', train: number): Partial<Defaults> {
  return {
    data: {name: data, train, validation: 1000},
    model: {name: 'mlp', hidden: [256, 128]},
    optimizer: {name: 'adam', learningRate: 1e-3},
    epochs: 60,
    batchSize: 100,
  };
}

/** Tables: as many epochs as make some thousands of steps. */
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

const photographs: Partial<Defaults> = {
  model: {name: 'cnn'},
  optimizer: {name: 'momentum', learningRate: 0.02, schedule: 'cosine'},
  epochs: 20,
  batchSize: 50,
};

/** What suits data of the user's, by what was found in it. */
function forOwn(data: Partial<OwnOptions>): Partial<Defaults> {
  if (data.name === 'pictures') return photographs;
  if (data.name !== 'arrays') return forTable(data);
  switch (data.inputs) {
    case 'pictures':
      return photographs;
    case 'sequences':
      return sequences;
    default:
      return forTable(data);
  }
}

const digits: Partial<Defaults> = {
  model: {name: 'mlp', hidden: [128, 128]},
  optimizer: {name: 'adam', learningRate: 1e-3},
  epochs: 60,
  batchSize: 50,
};

const byData: Readonly<Record<string, () => Partial<Defaults>>> = {
  glyphs: () => pictures('glyphs', 600),
  mnist: () => pictures('mnist', 2000),
  gestures: () => sequences,
  adding: () => ({...sequences, epochs: 60}),
  digits: () => digits,
  'breast-cancer': () => forTable({train: 341}),
  wine: () => forTable({train: 106}),
  diabetes: () => forTable({train: 266}),
};

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
  const forData = given.data && isOwn(given.data) ? forOwn(given.data) : (byData[dataName]?.() ?? points);
  const isUsual = given.model === undefined || given.model.name === forData.model?.name;
  const model = isUsual ? {...forData.model, ...given.model} : given.model;
  const forModel = (isUsual ? undefined : byModel[model?.name ?? '']) ?? {};
  // Options that are left undefined must not hide a default.
  const told = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const data = {name: dataName, ...forData.data, ...given.data};
  return parseRecipe({...forData, ...forModel, ...told, data, model}, plugins);
}

/** How many seeds a comparison takes. Of three, an interval for a whole table is wider than most of what there is to see. */
export const defaultSeeds = 5;

/**
 * The usual comparison: two tables where the data's labels can be wrong in a way that is known, else one.
 *
 * @param given what somebody asked for; `labelNoise` makes it one table
 * @throws RegularizerError as `parseRecipe`, or as {@link tableFor}
 */
export function tablesFor(
  given: Partial<RecipeInput>,
  only?: readonly string[],
  plugins: readonly LabPlugin[] = [],
): readonly ComparisonTable[] {
  const table = (name: string, data: Partial<RecipeInput['data']>): ComparisonTable => ({
    ...tableFor(
      defaultRecipe({...given, data: {...given.data, ...data} as RecipeInput['data']}, plugins),
      only,
      plugins,
    ),
    name,
  });
  const plain = defaultRecipe(given, plugins);
  const share = wrongShares[plain.data.name as keyof typeof wrongShares];
  const isSettled = given.data !== undefined && 'labelNoise' in given.data;
  if (share === undefined || isSettled || !usesLabels(plain)) return [table('', {})];
  return [table('wrong labels', {labelNoise: share}), table('right labels', {labelNoise: 0})];
}

/** One table of the regularizers that suit a recipe: see {@link entriesFor}. */
export const tableFor = (
  recipe: Recipe,
  only?: readonly string[],
  plugins: readonly LabPlugin[] = [],
): ComparisonTable => toTable(recipe, entriesFor(recipe, only, plugins));

/** A table of the regularizers that a recipe lists: see {@link entriesOfRecipe}. */
export const tableOfRecipe = (recipe: Recipe, only?: readonly string[]): ComparisonTable =>
  toTable(recipe, entriesOfRecipe(recipe, only));

/** An autoencoder's targets are its inputs. */
const usesLabels = ({model}: Recipe): boolean => model.name !== 'autoencoder';

/**
 * Where labels are wrong, early stopping alone is in the table, and what others are held against beside the baseline: most
 * gains there are labels that were not learned by heart, which that does, too.
 */
function toTable(recipe: Recipe, entries: readonly ComparisonEntry[]): ComparisonTable {
  const base = {...recipe, regularizers: []};
  if (labelNoiseOf(recipe.data) === 0 || !usesLabels(recipe)) return {name: '', base, entries};
  const there = entries.find(
    ({regularizers: [one, ...others]}) => one?.name === stopping.name && others.length === 0,
  );
  if (there) return {name: '', base, entries, reference: there.name};
  const usual = candidatesFor(recipe).find(({name}) => name === stopping.name);
  const reference = {
    name: entries.some(({name}) => name === stopping.name) ? 'early stopping alone' : stopping.name,
    regularizers: usual?.alone ?? [stopping],
  };
  const [first, ...rest] = entries;
  return {name: '', base, entries: [first!, reference, ...rest], reference: reference.name};
}

/**
 * The usual comparison: baseline, each regularizer that suits model and data alone, and those of them together
 * that go together.
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

/** A comparison of the regularizers that a recipe lists: baseline, each alone, all of them together. */
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
    {name: baseline, regularizers: []},
    ...singles,
    ...(singles.length > 1 && together.length > 1 ? [{name: 'together', regularizers: together}] : []),
  ];
}
