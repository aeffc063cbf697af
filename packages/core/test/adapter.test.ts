import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {waves} from './support/data.ts';
import {cnn, mlp, normalizedMlp, numbersOf, withKnownWeights} from './support/models.ts';
import {average, siteNoise} from './support/plugins.ts';
import {classData, errorOf, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

/** Everything that an object has of its own, by name. */
function ownNames(made: LayersModel): string[][] {
  return made.layers.flatMap((layer) => [
    Object.getOwnPropertyNames(layer).sort(),
    ...layer.weights.map((weight) => Object.getOwnPropertyNames(weight).sort()),
  ]);
}

test('the model is plain again: nothing of its own is added, and it can be saved', async () => {
  const made = withKnownWeights(normalizedMlp());
  const before = ownNames(made);
  const json = made.toJSON(null, false);
  await trainerOf([siteNoise('hidden'), average()], {model: made}).fit(classData(), {epochs: 1});
  expect(ownNames(made)).toEqual(before);
  expect(made.toJSON(null, false)).toEqual(json);
  const output = made.predict(classData().x) as tf.Tensor;
  expect(output.shape).toEqual([10, 3]);
});

test('evaluate and predict are those of tfjs', async () => {
  const made = withKnownWeights(cnn());
  const trainer = trainerOf([], {model: made});
  const x = waves([5, 6, 6, 1]);
  const theirs = made.predict(x) as tf.Tensor;
  const ours = trainer.predict(x) as tf.Tensor;
  expectClose(ours.dataSync(), theirs.dataSync(), 'same');
});

test('frozen layers stay as they are, batch statistics included', async () => {
  const made = withKnownWeights(normalizedMlp());
  made.getLayer('bn').trainable = false;
  made.getLayer('hidden').trainable = false;
  const read = (name: string): number[] =>
    made
      .getLayer(name)
      .getWeights()
      .flatMap((w) => Array.from(w.dataSync()));
  const before = {bn: read('bn'), hidden: read('hidden'), output: read('output')};
  await trainerOf([], {model: made}).fit(classData(), {epochs: 2, batchSize: 4});
  expect(read('bn')).toEqual(before.bn);
  expect(read('hidden')).toEqual(before.hidden);
  expect(read('output')).not.toEqual(before.output);
});

test('a frozen batch normalization normalizes with its own statistics in training', async () => {
  const made = sequential({
    layers: [
      layers.batchNormalization({inputShape: [2], name: 'bn', trainable: false}),
      layers.dense({units: 1, useBias: false, kernelInitializer: 'ones', name: 'output'}),
    ],
  });
  const x = tf.tensor2d([
    [1, 2],
    [3, 4],
  ]);
  // Mean 0 and variance 1 + ε: the output is (x₁ + x₂)/√1.001, the loss against zero the mean of its squares.
  const {history} = await trainerOf([], {model: made, loss: 'meanSquaredError'}).fit(
    {x, y: tf.zeros([2, 1])},
    {shuffle: false},
  );
  expectClose([history[0]!.train.loss], [(9 / 1.001 + 49 / 1.001) / 2], 'step');
});

test('a model without a trained weight is refused', async () => {
  const made = mlp();
  for (const layer of made.layers) layer.trainable = false;
  const before = tf.memory().numTensors;
  expect(await errorOf(() => trainerOf([], {model: made}))).toMatchObject({code: 'nothing-to-train'});
  expect(tf.memory().numTensors).toBe(before);
});

test('a model without an input shape, or of another kind, is refused', async () => {
  const unbuilt = sequential();
  expect(await errorOf(() => trainerOf([], {model: unbuilt}))).toMatchObject({code: 'model-not-built'});
  for (const wrong of [{}, {executor: {}, outputs: [1]}, 7]) {
    expect(await errorOf(() => trainerOf([], {model: wrong as never}))).toMatchObject({code: 'bad-option'});
  }
});

test("members() gives plain copies with the model's weights", async () => {
  const made = withKnownWeights(normalizedMlp());
  const trainer = trainerOf([], {model: made});
  await trainer.fit(classData(), {epochs: 1});
  const [copy, ...others] = await trainer.members();
  expect(others).toEqual([]);
  expect(copy).not.toBe(made);
  expect(numbersOf(copy as LayersModel)).toEqual(numbersOf(made));
});
