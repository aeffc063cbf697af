import {deriveKey, hostUniform} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {toTensors} from '../src/data/data-set.ts';
import {glyphs} from '../src/data/glyphs.ts';
import {buildModel} from '../src/models/catalog.ts';
import {portsOf} from '../src/models/ports.ts';

// Why there is anything to regularize: the plain network learns the training letters by heart and a good part, but
// not all, of what it should about letters. A small network, because this runs on the slowest backend too.
test('a plain network learns glyphs, and overfits', async () => {
  const data = glyphs({train: 240, validation: 1, test: 300, classes: 6});
  const model = buildModel({name: 'mlp', hidden: [24]}, portsOf(data));
  for (const [index, weight] of model.trainableWeights.entries()) {
    const [inputs, units] = weight.shape as [number, number?];
    const limit = units === undefined ? 0 : Math.sqrt(6 / (inputs + units)); // Glorot's, seeded
    const values = hostUniform(inputs * (units ?? 1), deriveKey(5, index), {min: -limit, max: limit});
    const value = tf.tensor(values, weight.shape as number[]);
    weight.write(value);
    value.dispose();
  }
  const optimizer = tf.train.adam(5e-3);
  model.compile({optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy']});
  const train = toTensors(data, 'train');
  const judged = toTensors(data, 'test');
  const [trainY, judgedY] = [tf.cast(train.y, 'float32'), tf.cast(judged.y, 'float32')];
  await model.fit(train.x, trainY, {
    epochs: 20,
    batchSize: 40,
    shuffle: false,
    verbose: 0,
    yieldEvery: 'never',
  });
  const accuracies = [];
  for (const [x, y] of [
    [train.x, trainY],
    [judged.x, judgedY],
  ] as const) {
    const [loss, accuracy] = model.evaluate(x, y, {batchSize: 300}) as tf.Scalar[];
    accuracies.push((await accuracy!.data())[0]!);
    tf.dispose([loss!, accuracy!]);
  }
  tf.dispose([train.x, train.y, judged.x, judged.y, trainY, judgedY]);
  model.dispose();
  optimizer.dispose();
  const [seen, unseen] = accuracies as [number, number];
  expect(seen).toBeGreaterThan(0.97);
  expect(unseen).toBeGreaterThan(0.6); // guessing gets 1/6
  expect(seen - unseen).toBeGreaterThan(0.07);
});
