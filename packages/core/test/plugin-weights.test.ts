// Weights that a plugin brings train like the model's, are saved with them, and are in no default selection.
import {
  adam,
  decodeCheckpoint,
  defineRegularizer,
  encodeCheckpoint,
  type Regularizer,
  sgd,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {waves} from './support/data.ts';
import {linear, numbersOf, shared, withKnownWeights} from './support/models.ts';
import {squares} from './support/plugins.ts';
import {classData, errorOf, total, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

/** The kernel of `linear` is the plugin's own weight times a half. */
function halved(): Regularizer {
  return defineRegularizer({
    name: 'halved',
    setup: ({initial}) => ({
      weights: {root: tf.mul(initial['linear/kernel']!, 2)},
      derived: [{name: 'linear/kernel', from: ['halved/root']}],
    }),
    derive: (weights) => ({'linear/kernel': tf.mul(weights['halved/root']!, 0.5)}),
  });
}

const data = () => ({x: waves([6, 2]), y: waves([6, 1], 0.9)});

function trainerWith(
  regularizers: readonly Regularizer[],
  model: LayersModel = withKnownWeights(linear()),
  rate = 0.1,
) {
  return trainerOf(regularizers, {model, loss: 'meanSquaredError', optimizer: sgd({learningRate: rate})});
}

test("a plugin's own weight is trained through what derives from it", async () => {
  // w = r/2: ∂L/∂r = ∂L/∂w / 2, so a step of η in r moves w by η/4 · ∂L/∂w.
  const model = withKnownWeights(linear());
  await trainerWith([halved()], model).fit(data(), {epochs: 1, batchSize: 6, shuffle: false});
  const direct = withKnownWeights(linear());
  await trainerWith([], direct, 0.1 / 4).fit(data(), {epochs: 1, batchSize: 6, shuffle: false});
  expectClose(numbersOf(model), numbersOf(direct), 'step');
});

test('it is saved and restored, optimizer moments included', async () => {
  const make = () => {
    const model = withKnownWeights(linear());
    const trainer = trainerOf([halved()], {model, loss: 'meanSquaredError', optimizer: adam()});
    return {model, trainer};
  };
  const first = make();
  await first.trainer.fit(data(), {epochs: 2, batchSize: 4});
  const checkpoint = await first.trainer.save();
  expect(Object.keys(checkpoint.tensors)).toContain('0/state/weights/halved/root');
  expect(Object.keys(checkpoint.tensors)).toContain('0/state/optimizer/m/halved/root');
  const second = make();
  await second.trainer.restore(decodeCheckpoint(encodeCheckpoint(checkpoint)));
  await first.trainer.fit(data(), {epochs: 4, batchSize: 4});
  await second.trainer.fit(data(), {epochs: 4, batchSize: 4});
  expect(numbersOf(second.model)).toEqual(numbersOf(first.model));
});

test('default selections pass it over', async () => {
  const {history} = await trainerWith([halved(), squares(2)]).fit(data(), {epochs: 1, batchSize: 6});
  // The kernel is derived and the root is the plugin's: nothing is left to penalize.
  expect(history[0]?.train.penalty).toBe(0);
});

test("a name that one of the model's weights has is refused", async () => {
  const error = await errorOf(() =>
    trainerWith([defineRegularizer({name: 'linear', setup: () => ({weights: {kernel: tf.zeros([1])}})})]),
  );
  expect(error).toMatchObject({code: 'weight-name-taken', message: expect.stringContaining('linear/kernel')});
});

test('a plugin may give weights of the model other first values, of their shape', async () => {
  const start = (name: string, shape: number[]) =>
    defineRegularizer({name: 'start', setup: () => ({initial: {[name]: tf.ones(shape)}})});
  const model = withKnownWeights(linear());
  const before = tf.memory().numTensors;
  const trainer = trainerWith([start('linear/kernel', [2, 1])], model);
  const prediction = trainer.predict(tf.tensor2d([[2, 3]]));
  expect('dataSync' in prediction && prediction.dataSync()[0]).toBeCloseTo(5, 5);
  tf.dispose(prediction as tf.Tensor);
  trainer.dispose();
  expect(tf.memory().numTensors).toBe(before + 1 /* the input */);
  const wrongShape = await errorOf(() => trainerWith([start('linear/kernel', [3, 1])]));
  expect(wrongShape).toMatchObject({code: 'bad-initial', where: 'start'});
  expect(await errorOf(() => trainerWith([start('other', [1])]))).toMatchObject({code: 'bad-initial'});
});

test('a layer that is used twice has one weight, penalized once, with the sum of both gradients', async () => {
  const model = withKnownWeights(shared());
  const names = ['shared/kernel', 'shared/bias', 'output/kernel', 'output/bias'];
  const seen: string[] = [];
  const look = defineRegularizer({
    name: 'look',
    setup: ({weights}) => {
      seen.push(...weights.map(({name}) => name));
      return {};
    },
  });
  const squared = model.getWeights().reduce((sum, weight) => sum + total(tf.square(weight)), 0);
  const {history} = await trainerOf([look, squares(2)], {model}).fit(classData(), {epochs: 1, batchSize: 10});
  expect(seen).toEqual(names);
  expectClose([history[0]!.train.penalty], [squared], 'step');
});

test('one layer twice learns as two tied layers do whose gradients are added', async () => {
  // f(x) = w·(w·x) with loss (f − y)²: dL/dw = 2(w²x − y)·2wx. For w = 0.5, x = 2, y = 1: 2(0.5 − 1)·2 = −2.
  const layer = layers.dense({
    units: 1,
    useBias: false,
    inputShape: [1],
    name: 'w',
    kernelInitializer: 'ones',
  });
  const model = sequential({layers: [layer]});
  model.add(layers.activation({activation: 'linear'}));
  model.add(layer);
  layer.setWeights([tf.tensor2d([[0.5]])]);
  await trainerOf([], {model, loss: 'meanSquaredError', optimizer: sgd({learningRate: 0.1})}).fit(
    {x: tf.tensor2d([[2]]), y: tf.tensor2d([[1]])},
    {epochs: 1},
  );
  expectClose(layer.getWeights()[0]!.dataSync(), [0.5 + 0.1 * 2], 'step');
});
