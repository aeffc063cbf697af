// `lab compare` with its defaults, on every backend: each data set with each model that it suits, in tiny sizes.
import {isThorough, orRefused} from '@regularizers/testing';
import {expect, test} from 'vitest';
import {sampled} from '../../../vitest/share.ts';
import {compare} from '../src/compare.ts';
import {tableReports} from '../src/comparison-report.ts';
import {type DataLoaders, dataNames} from '../src/data/catalog.ts';
import {glyphs} from '../src/data/glyphs.ts';
import {tablesFor} from '../src/defaults.ts';
import {modelNames} from '../src/models/catalog.ts';
import type {RecipeInput} from '../src/recipe.ts';
import {localRunner} from '../src/runner.ts';

/** MNIST's files are not embedded; glyphs are pictures of its size, of more classes. */
const loaders: DataLoaders = {
  mnist: async ({train, validation, test: testing}) => glyphs({train, validation, test: testing}),
};

const sizes = {train: 10, validation: 10, test: 10};

/** What each model can be made for. */
const suits: Readonly<Record<(typeof modelNames)[number], readonly string[]>> = {
  mlp: dataNames,
  autoencoder: dataNames.filter((name) => name !== 'gestures' && name !== 'adding'),
  cnn: ['glyphs', 'mnist'],
  residual: ['glyphs', 'mnist'],
  recurrent: ['glyphs', 'mnist', 'gestures', 'adding'],
};

/** Convolutions take most of the time where they run as plain JavaScript, or in software. */
const small: Partial<Record<(typeof modelNames)[number], object>> = {
  cnn: {channels: [2, 2], units: 8},
  residual: {blocks: [2, 2]},
};

const all = modelNames.flatMap((model) => suits[model].map((data) => ({model, data})));

/** Each model once and each data set once, the models first that suit the fewest of them. */
function sample(): typeof all {
  const chosen: typeof all = [];
  const isNew = (one: string): boolean => !chosen.some(({data}) => data === one);
  const choosy = modelNames.toSorted((a, b) => suits[a].length - suits[b].length);
  for (const model of choosy) {
    // What suits a model alone comes last in its list; pictures, which take long, come first.
    const data = suits[model].findLast(isNew) ?? suits[model].at(-1)!;
    chosen.push({model, data});
  }
  return [...chosen, ...all.filter(({model, data}) => model === 'mlp' && isNew(data))];
}

const chosen = isThorough ? all : sampled(sample(), 1);

const runner = localRunner('this backend', loaders);

for (const {model, data} of chosen) {
  const kernels = model === 'cnn' || model === 'residual' ? ['Conv2DBackpropFilter'] : [];
  test(
    `${model} on ${data} runs to the end`,
    orRefused(kernels, async () => {
      const tables = tablesFor({
        data: {name: data, ...sizes},
        model: {name: model, ...small[model]},
        epochs: 1,
        batchSize: 5,
      } as RecipeInput);
      const comparison = {tables: isThorough ? tables : tables.slice(0, 1), seeds: [0]};
      const cells = await compare(comparison, runner);
      expect(tableReports(comparison, cells).flatMap(({failures}) => failures)).toEqual([]);
      expect(cells).toHaveLength(comparison.tables.flatMap(({entries}) => entries).length);
    }),
    180_000, // nine trainings of a convolutional network in plain JavaScript
  );
}
