// What is trained is stored as a plain model of TensorFlow.js, which predicts as the report says without any package of ours.
import * as tf from '@tensorflow/tfjs-core';
import {loadLayersModel} from '@tensorflow/tfjs-layers';
import {expect, inject, test} from 'vitest';
import {sampled} from '../../../vitest/share.ts';
import {makeData} from '../src/data/catalog.ts';
import {toTensors} from '../src/data/data-set.ts';
import {parseRecipe, type RecipeInput} from '../src/recipe.ts';
import {dataFor, type RunReport, runRecipe} from '../src/run.ts';
import type {SavedModel} from '../src/saved-model.ts';

const points = {data: {name: 'moons', train: 24, validation: 10, test: 40}} as const;
const pictures = {data: {name: 'glyphs', train: 24, validation: 12, test: 24, classes: 4}} as const;
const mlp: RecipeInput['model'] = {name: 'mlp', hidden: [6, 5]};

const recipes: Readonly<Record<string, RecipeInput>> = {
  plain: {...points, model: mlp, regularizers: [{name: 'l2'}, {name: 'dropout'}, {name: 'ema'}]},
  'a convolution in place of a dense layer': {
    ...pictures,
    model: {name: 'mlp', hidden: [16]},
    regularizers: [
      {name: 'convolve', layer: 'hidden1', inputShape: [28, 28, 1], kernelSize: 10, strides: 6, filters: 1},
    ],
  },
  'a tied autoencoder': {
    ...pictures,
    model: {name: 'autoencoder', encoder: [8, 4]},
    regularizers: [{name: 'tie', weight: 'dec1/kernel', to: 'enc1/kernel', by: 'transpose'}],
  },
  'batch statistics': {
    ...pictures,
    model: {name: 'cnn', channels: [2], units: 4},
    regularizers: [{name: 'swa'}],
  },
  'values to predict': {
    data: {name: 'wave', train: 20, validation: 10, test: 20},
    model: mlp,
    regularizers: [{name: 'inputNoise'}],
  },
  'an ensemble by its mean': {...points, model: mlp, regularizers: [{name: 'bagging', members: 3}]},
  'an ensemble by its logits': {
    ...points,
    model: mlp,
    regularizers: [{name: 'deepEnsemble', members: 2, combine: 'logits'}],
  },
};

async function trained(given: RecipeInput): Promise<{report: RunReport; models: readonly SavedModel[]}> {
  const recipe = parseRecipe({...given, epochs: 3, batchSize: 12});
  let models: readonly SavedModel[] = [];
  const data = await makeData(recipe.data, {mnist: () => Promise.reject(new Error('no files here'))});
  const report = await runRecipe(recipe, {
    data,
    onTrained: (all) => {
      models = all;
    },
  });
  return {report, models};
}

/** The test error by the stored model alone. */
async function testErrorOf(report: RunReport, {json, weights}: SavedModel): Promise<number> {
  const model = await loadLayersModel(
    tf.io.fromMemory({
      ...JSON.parse(JSON.stringify(json)),
      weightSpecs: json.weightsManifest[0]!.weights,
      weightData: weights.slice().buffer,
    }),
  );
  expect(model.getUserDefinedMetadata()).toMatchObject({recipe: report.recipe});
  const data = dataFor(
    report.recipe,
    await makeData(report.recipe.data, {mnist: () => Promise.reject(new Error('no files here'))}),
  );
  const {x, y} = toTensors(data, 'test');
  try {
    const error = tf.tidy(() => {
      const answer = model.predict(x) as tf.Tensor;
      return data.kind === 'classification'
        ? tf.mean(tf.cast(tf.notEqual(tf.argMax(answer, -1), y), 'float32'))
        : tf.mean(tf.squaredDifference(answer, y));
    });
    const [value] = await error.data();
    error.dispose();
    return value!;
  } finally {
    tf.dispose([x, y]);
    model.dispose();
  }
}

/** tfjs's wasm lacks the gradients of convolutions. */
const trainable = Object.entries(recipes).filter(
  ([, {model}]) => inject('backend') !== 'wasm' || (model as {name?: string}).name !== 'cnn',
);

test.each(sampled(trainable))('%s', async (_, recipe) => {
  const before = tf.memory().numTensors;
  const {report, models} = await trained(recipe);
  expect(tf.memory().numTensors).toBe(before);
  expect(models).toHaveLength(1);
  expect(await testErrorOf(report, models[0]!)).toBeCloseTo(report.testError, 5);
  expect(tf.memory().numTensors).toBe(before);
});

test('classes have their names', async () => {
  const {models} = await trained({...pictures, model: mlp});
  expect(models[0]!.json.userDefinedMetadata).toMatchObject({classNames: ['A', 'B', 'C', 'D']});
});

test('members that vote are stored one by one', async () => {
  const {report, models} = await trained({
    ...points,
    model: mlp,
    regularizers: [{name: 'bagging', members: 3, combine: 'vote'}],
  });
  expect(models.map(({member}) => member)).toEqual([1, 2, 3]);
  expect(models[1]!.json.userDefinedMetadata).toMatchObject({member: 2, members: 3});
  for (const model of models) expect(await testErrorOf(report, model)).toBeLessThanOrEqual(1);
  expect(new Set(models.map(({weights}) => weights.join())).size).toBe(3);
});
