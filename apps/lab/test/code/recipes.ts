// A recipe for each technique, on the plainest data and model that it suits.
import {RegularizerError} from '@regularizers/core';
import {makeData} from '../../src/data/catalog.ts';
import {parseRecipe, type Recipe, type RecipeInput} from '../../src/recipe.ts';
import {type RegularizerRecipe, techniques} from '../../src/regularizers.ts';
import {previewRecipe} from '../../src/run.ts';

const pictures = {name: 'glyphs', train: 24, validation: 8, test: 24, classes: 4} as const;
const common = {epochs: 2, batchSize: 8, seed: 3};

/** Data with each model that there is, the plainest first. */
const bases: readonly RecipeInput[] = [
  {
    ...common,
    data: {name: 'moons', train: 24, validation: 8, test: 30},
    model: {name: 'mlp', hidden: [6, 6]},
    optimizer: {name: 'momentum', learningRate: 0.05, schedule: 'cosine'},
  },
  {...common, data: pictures, model: {name: 'mlp', hidden: [16]}},
  {...common, data: pictures, model: {name: 'cnn', channels: [2, 3], units: 4}, optimizer: {name: 'sgd'}},
  {...common, data: pictures, model: {name: 'residual', blocks: [2, 2, 3]}},
  {...common, data: pictures, model: {name: 'autoencoder', encoder: [6, 4]}},
  {
    ...common,
    data: {name: 'gestures', train: 16, validation: 8, test: 16},
    model: {name: 'recurrent', cell: 'gru', units: [3, 3], bidirectional: true},
  },
  {
    ...common,
    data: {name: 'adding', train: 16, validation: 8, test: 16},
    model: {name: 'recurrent', units: [3]},
  },
  {...common, data: {name: 'wave', train: 16, validation: 8, test: 16}, model: {name: 'mlp', hidden: [5]}},
];

/** What a technique can't do without, in the names of these models. */
const given: Readonly<Record<string, readonly RegularizerRecipe[]>> = {
  convolve: [
    {name: 'convolve', layer: 'hidden1', inputShape: [28, 28, 1], kernelSize: 10, strides: 6, filters: 1},
  ],
  toeplitz: [{name: 'toeplitz', layer: 'hidden1'}],
  tie: [{name: 'tie', weight: 'dec1/kernel', to: 'enc1/kernel', by: 'transpose'}],
  share: [{name: 'share', include: ['hidden1/bias', 'hidden2/bias']}],
  pipeline: [
    {
      name: 'pipeline',
      techniques: [{name: 'randomFlip'}, {name: 'randomShift', pixels: 2}, {name: 'randomErasing'}],
    },
  ],
};

const noFiles = {mnist: () => Promise.reject(new Error('no files here'))};

async function fits(recipe: Recipe): Promise<boolean> {
  try {
    previewRecipe(recipe, {data: await makeData(recipe.data, noFiles)});
    return true;
  } catch (error) {
    if (RegularizerError.isInstance(error)) return false;
    throw error;
  }
}

/** What changes colours: pictures of the lab are grey. */
export const ofColours: readonly string[] = ['randomSaturation', 'randomHue', 'randomGrayscale'];

/** A recipe of one technique, whether it can be trained or not. */
export const recipeOf = (name: string): Recipe => parseRecipe({...bases[1]!, regularizers: [{name}]});

/** The techniques by name that suit one of these. */
export async function recipesOfTechniques(): Promise<ReadonlyMap<string, Recipe>> {
  const found = new Map<string, Recipe>();
  for (const {name, example, trials = []} of techniques) {
    const asked = given[name] ?? [{name, ...example}, ...trials.map(({options}) => ({name, ...options}))];
    for (const regularizer of asked) {
      for (const base of bases) {
        const recipe = found.has(name) ? undefined : tryParse({...base, regularizers: [regularizer]});
        if (recipe && (await fits(recipe))) found.set(name, recipe);
      }
    }
  }
  return found;
}

function tryParse(recipe: RecipeInput): Recipe | undefined {
  try {
    return parseRecipe(recipe);
  } catch (error) {
    if (RegularizerError.isInstance(error)) return undefined;
    throw error;
  }
}

/** What only compositions have: names, several of a kind, numbers and texts that need care, each base by itself. */
export const otherRecipes: Readonly<Record<string, Recipe>> = Object.fromEntries([
  ...bases.map((base) => [`${base.data.name} ${base.model.name}`, parseRecipe(base)] as const),
  [
    'two of a kind, with names that need care',
    parseRecipe({
      ...bases[0]!,
      name: 'it\'s "quoted" \\ 日本 👩‍👩‍👧',
      regularizers: [
        {name: 'l2', strength: 1e-7, include: 'hidden*/kernel'},
        {name: 'l2', as: "l2 of 'the' output\\", strength: 0.1 + 0.2, include: ['output/kernel']},
        {name: 'dropout', rate: 0.25},
        {name: 'bagging', members: 2, combine: 'vote'},
        {name: 'earlyStopping', patience: 1},
      ],
    }),
  ],
]);
