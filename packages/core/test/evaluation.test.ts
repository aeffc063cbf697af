// The weights to evaluate with: those that their owner names, with batch statistics of their own if asked.
import {defineRegularizer, type Regularizer, sgd} from '@regularizers/core';
import {deriveKey, hostNormal, hostPermutation} from '@regularizers/random';
import {orRefused} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {waves} from './support/data.ts';
import {cnn, mlp, normalizedMlp, numbersOf, withKnownWeights} from './support/models.ts';
import {average, derive, keepBest} from './support/plugins.ts';
import {streamOf} from './support/streams.ts';
import {classData, errorOf, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

/** Evaluates with all weights halved, and asks for batch statistics. */
function halves(recalibrate: boolean): Regularizer {
  return defineRegularizer({
    name: 'halves',
    owns: ['evaluation'],
    setup: () => ({recalibrate}),
    evaluation: ({weights}) =>
      Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, tf.mul(weight, 0.5)])),
  });
}

/** A model's loss on data, by tfjs alone. */
function lossOf(model: LayersModel, {x, y}: {x: tf.Tensor; y: tf.Tensor}): number {
  return tf.tidy(() => {
    const p = model.predict(x) as tf.Tensor;
    const loss = tf.neg(tf.mean(tf.sum(tf.mul(y, tf.log(p)), -1)));
    return loss.dataSync()[0]!;
  });
}

test('the moving average is evaluated with and left in the model, while the trained weights go on', async () => {
  const model = withKnownWeights(mlp());
  const seen: number[][] = [];
  const look = defineRegularizer({
    name: 'look',
    track: (state, {weights}) => {
      seen.push(Array.from(weights['output/kernel']!.dataSync()));
      return state;
    },
  });
  const validation = classData(7);
  const trainer = trainerOf([average(0.5), look], {model, execution: 'eager'});
  const {history} = await trainer.fit(classData(), {epochs: 2, batchSize: 5, shuffle: false, validation});
  // By hand: mean ← (mean + w)/2 after each of the four steps, from the initial weights.
  let mean = Array.from(withKnownWeights(mlp()).getLayer('output').getWeights()[0]!.dataSync());
  for (const weights of seen) mean = mean.map((value, i) => (value + weights[i]!) / 2);
  expectClose(model.getLayer('output').getWeights()[0]!.dataSync(), mean, 'step');
  expectClose([history[1]!.validation!.loss], [lossOf(model, validation)], 'step');
  expectClose([(await trainer.evaluate(validation)).loss], [lossOf(model, validation)], 'step');
  // The trained path is that of a trainer without the average.
  const plain = withKnownWeights(mlp());
  await trainerOf([], {model: plain}).fit(classData(), {epochs: 2, batchSize: 5, shuffle: false});
  expectClose(seen[3]!, plain.getLayer('output').getWeights()[0]!.dataSync(), 'same');
});

/** The means over batches of each batch's own mean and variance of the values before batch normalization. */
function statisticsBefore(model: LayersModel, layer: string, batches: readonly tf.Tensor[]): number[] {
  return tf.tidy(() => {
    const examples = batches.reduce((sum, {shape}) => sum + shape[0]!, 0);
    const parts = batches.map((x) => {
      const value = model.getLayer(layer).apply(x) as tf.Tensor;
      const axes = value.shape.map((_, i) => i).slice(0, -1);
      const {mean, variance} = tf.moments(value, axes);
      return tf.mul(tf.concat([mean, variance]), x.shape[0]! / examples);
    });
    return Array.from(tf.addN(parts).dataSync());
  });
}

/** The batches of a pass over the inputs, by the seed. */
function shuffledBatches(x: tf.Tensor, batchSize: number, seed = 0): tf.Tensor[] {
  const order = hostPermutation(x.shape[0]!, deriveKey(seed, 0, 'core', 'inputs'));
  const starts = Array.from({length: Math.ceil(order.length / batchSize)}, (_, i) => i * batchSize);
  return starts.map((start) => tf.gather(x, Array.from(order.subarray(start, start + batchSize))));
}

function statisticsOf(model: LayersModel): number[] {
  const bn = model.getLayer('bn').getWeights();
  return [...bn[2]!.dataSync(), ...bn[3]!.dataSync()];
}

for (const [name, make, layer, shape, kernels] of [
  ['features', normalizedMlp, 'hidden', [10, 4], []],
  ['a convolution', cnn, 'conv', [10, 6, 6, 1], ['Conv2DBackpropFilter']],
] as const) {
  test(
    `batch statistics after averaging are the mean of those of the batches: ${name}`,
    orRefused(kernels, async () => {
      const model = withKnownWeights(make());
      const x = tf.mul(waves([...shape]), 20); // variances far from one
      const data = {x, y: classData().y};
      const trainer = trainerOf([halves(true)], {model, optimizer: sgd({learningRate: 0.01})});
      await trainer.fit(data, {epochs: 1, batchSize: 4});
      expectClose(statisticsOf(model), statisticsBefore(model, layer, shuffledBatches(x, 4)), 'trajectory');
    }),
  );
}

test('the order of the data has no say in batch statistics: sorted by class, the variance is that of all', async () => {
  const [examples, batchSize] = [400, 40];
  // Two classes at −2 and 2, each of variance 1: 5 in all.
  const within = hostNormal(examples * 4, deriveKey(3, 'within'));
  const x = tf.tensor2d(
    within.map((z, i) => z + (i < examples * 2 ? -2 : 2)),
    [examples, 4],
  );
  const y = tf.oneHot(
    Array.from({length: examples}, (_, i) => Number(i >= examples / 2)),
    3,
  );
  for (const shuffle of [true, false]) {
    const model = withKnownWeights(normalizedMlp());
    const trainer = trainerOf([halves(true)], {model, optimizer: sgd({learningRate: 0.001})});
    await trainer.fit({x, y}, {epochs: 1, batchSize, shuffle});
    const value = model.getLayer('hidden').apply(x) as tf.Tensor;
    const {mean, variance} = tf.moments(value, 0);
    const [means, variances] = [mean.dataSync(), variance.dataSync()];
    const found = statisticsOf(model);
    const features = means.length;
    expectClose(found.slice(0, features), means, 'trajectory');
    // var = E[var of a batch] + var[mean of a batch], and of the latter var/batchSize is to be expected.
    for (const [i, all] of variances.entries()) {
      expect(found[features + i]).toBeLessThan(all);
      expect(found[features + i]).toBeGreaterThan(all * (1 - 4 / batchSize));
    }
  }
});

for (const options of [{}, {stepsPerEpoch: 3}]) {
  test(`batch statistics are taken over streams too (${JSON.stringify(options)})`, async () => {
    const model = withKnownWeights(normalizedMlp());
    const sizes = [4, 4, 2];
    const before = tf.memory().numTensors;
    const trainer = trainerOf([halves(true)], {model});
    await trainer.fit(streamOf(sizes), {epochs: 2, ...options});
    trainer.dispose();
    // The x and y that an iterator of the stream keeps: two of training, one for the statistics.
    expect(tf.memory().numTensors).toBe(before + 3 * 2);
    const batches = tf.split(classData().x, sizes);
    expectClose(statisticsOf(model), statisticsBefore(model, 'hidden', batches), 'trajectory');
  });
}

test('a stream that can be opened only once is refused where statistics are wanted', async () => {
  const once = streamOf([4, 4, 2]);
  const iterator = once.iterator();
  const trainer = trainerOf([halves(true)], {model: withKnownWeights(normalizedMlp())});
  const error = await errorOf(() => trainer.fit({iterator: () => iterator}, {epochs: 1}));
  expect(error).toMatchObject({code: 'no-second-pass'});
});

test('without a pass over the data the statistics are those that the owner gives', async () => {
  const statistics = async (plugins: readonly Regularizer[]): Promise<number[]> => {
    const model = withKnownWeights(normalizedMlp());
    await trainerOf(plugins, {model}).fit(classData(), {epochs: 1, shuffle: false});
    return Array.from(model.getLayer('bn').getWeights()[2]!.dataSync());
  };
  const halved = (await statistics([])).map((value) => value / 2);
  expectClose(await statistics([halves(false)]), halved, 'step');
});

test('weights that are the trained ones keep their statistics', async () => {
  const asTrained = defineRegularizer({
    name: 'as-trained',
    owns: ['evaluation'],
    setup: () => ({recalibrate: true}),
    evaluation: ({weights}) => weights,
  });
  const [one, other] = [withKnownWeights(normalizedMlp()), withKnownWeights(normalizedMlp())];
  await trainerOf([asTrained], {model: one}).fit(classData(), {epochs: 1, shuffle: false});
  await trainerOf([], {model: other}).fit(classData(), {epochs: 1, shuffle: false});
  expect(numbersOf(one)).toEqual(numbersOf(other));
});

test('evaluating with statistics of their own leaves no tensors behind', async () => {
  const model = withKnownWeights(normalizedMlp());
  const trainer = trainerOf([halves(true)], {model});
  const counts: number[] = [];
  const data = classData();
  const validation = classData(7);
  await trainer.fit(data, {
    epochs: 4,
    batchSize: 5,
    validation,
    onEpoch: () => void counts.push(tf.memory().numTensors),
  });
  expect(counts[3]).toBe(counts[1]);
});

test('several sets of weights are an ensemble: the mean of their predictions', async () => {
  const two = defineRegularizer({
    name: 'two',
    owns: ['evaluation'],
    evaluation: ({weights}) => [weights, {'output/bias': tf.tensor1d([1, 0, -1])}],
  });
  const trainer = trainerOf([two]);
  const data = classData();
  await trainer.fit(data, {epochs: 1});
  const members = await trainer.members();
  expect(members).toHaveLength(2);
  const [a, b] = members.map((member) => (member as LayersModel).predict(data.x) as tf.Tensor);
  expectClose(
    (trainer.predict(data.x) as tf.Tensor).dataSync(),
    tf.div(tf.add(a!, b!), 2).dataSync(),
    'step',
  );
  expect(Array.from((members[1] as LayersModel).getLayer('output').getWeights()[1]!.dataSync())).toEqual([
    1, 0, -1,
  ]);
});

test('derived weights follow the weights that are evaluated with', async () => {
  const model = withKnownWeights(mlp());
  const tie = derive('tie', 'output/bias', 'output/kernel', (kernel) => tf.sum(kernel, 0));
  await trainerOf([tie, average()], {model}).fit(classData(), {epochs: 2, batchSize: 5});
  const [kernel, bias] = model.getLayer('output').getWeights();
  expectClose(bias!.dataSync(), tf.sum(kernel!, 0).dataSync(), 'step');
});

test('finish leaves the marked weights, and the state as it is', async () => {
  const model = withKnownWeights(mlp());
  const states: number[][] = [];
  // Trains away from the best: the rate is negative from the third epoch on.
  const worse = defineRegularizer({
    name: 'worse',
    scalars: ({epoch}) => ({sign: epoch > 2 ? -20 : 1}),
    gradients: (gradients, {scalars}) =>
      Object.fromEntries(Object.entries(gradients).map(([name, g]) => [name, tf.mul(g, scalars['sign']!)])),
  });
  const look = defineRegularizer({
    name: 'look',
    epochEnd: (_, {weights}) => {
      states.push(Array.from(weights['output/kernel']!.dataSync()));
      return {};
    },
  });
  const trainer = trainerOf([keepBest(2), worse, look], {model});
  const {stopped, history} = await trainer.fit(classData(), {
    epochs: 9,
    batchSize: 5,
    validation: classData(10),
  });
  expect(stopped).toMatchObject({by: 'keep-best', epoch: 4});
  expect(history).toHaveLength(4);
  expect(Array.from(model.getLayer('output').getWeights()[0]!.dataSync())).toEqual(states[1]);
  const {members} = await trainer.save();
  expect(members[0]?.state).toMatchObject({plugins: {'keep-best': {waited: 2}}});
});

test('evaluate in the middle of a further fit sees the weights of now', async () => {
  const trainer = trainerOf([]);
  const data = classData();
  await trainer.fit(data, {epochs: 1, batchSize: 5});
  const losses: number[] = [];
  const {history} = await trainer.fit(data, {
    epochs: 3,
    batchSize: 5,
    validation: data,
    onEpoch: async () => void losses.push((await trainer.evaluate(data)).loss),
  });
  expectClose(
    losses,
    history.slice(1).map(({validation}) => validation!.loss),
    'same',
  );
});
