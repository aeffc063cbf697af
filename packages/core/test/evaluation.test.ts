// The weights to evaluate with: those that their owner names, with batch statistics of their own if asked.
import {defineRegularizer, type Regularizer, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {waves} from './support/data.ts';
import {cnn, mlp, normalizedMlp, numbersOf, withKnownWeights} from './support/models.ts';
import {average, derive, keepBest} from './support/plugins.ts';
import {classData, trainerOf} from './support/trainers.ts';
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
function statisticsBefore(model: LayersModel, layer: string, x: tf.Tensor, batchSize: number): number[] {
  return tf.tidy(() => {
    const examples = x.shape[0]!;
    let sums: [tf.Tensor, tf.Tensor] | undefined;
    for (let start = 0; start < examples; start += batchSize) {
      const size = Math.min(batchSize, examples - start);
      const value = model.getLayer(layer).apply(tf.slice(x, start, size)) as tf.Tensor;
      const axes = value.shape.map((_, i) => i).slice(0, -1);
      const {mean, variance} = tf.moments(value, axes);
      const share = size / examples;
      const part: [tf.Tensor, tf.Tensor] = [tf.mul(mean, share), tf.mul(variance, share)];
      sums = sums ? [tf.add(sums[0], part[0]), tf.add(sums[1], part[1])] : part;
    }
    return sums!.flatMap((sum) => Array.from(sum.dataSync()));
  });
}

for (const [name, make, layer, shape] of [
  ['features', normalizedMlp, 'hidden', [10, 4]],
  ['a convolution', cnn, 'conv', [10, 6, 6, 1]],
] as const) {
  test(`batch statistics after averaging are the mean of those of the batches: ${name}`, async () => {
    const model = withKnownWeights(make());
    const x = tf.mul(waves([...shape]), 20); // variances far from one
    const data = {x, y: classData().y};
    const trainer = trainerOf([halves(true)], {model, optimizer: sgd({learningRate: 0.01})});
    await trainer.fit(data, {epochs: 1, batchSize: 4});
    const bn = model.getLayer('bn').getWeights();
    const found = [...bn[2]!.dataSync(), ...bn[3]!.dataSync()];
    expectClose(found, statisticsBefore(model, layer, x, 4), 'trajectory');
  });
}

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

test('finish goes back to the marked state, with what its owner has come to know since', async () => {
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
