// Mixing sequences: weights of steps ride along with their targets, and padding is not mixed.
import {createTrainer, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {mixedTargets, mixup} from '../src/index.ts';

test('the weight of each step is shared as the example is', () => {
  const target = tf.reshape(tf.range(0, 8), [2, 2, 2]);
  const weight = tf.tensor2d([
    [1, 0],
    [2, 3],
  ]);
  const mixed = mixedTargets([{target, weight}], tf.tensor1d([1, 0], 'int32'), tf.tensor1d([0.75, 0.5]));
  expect(mixed.map((entry) => (entry.weight as tf.Tensor).arraySync())).toEqual([
    [
      [0.75, 0],
      [1, 1.5],
    ],
    [
      [0.5, 0.75],
      [0.5, 0],
    ],
  ]);
});

const model = (first: layers.Layer[]) =>
  sequential({
    layers: [
      ...first,
      layers.lstm({
        units: 2,
        returnSequences: true,
        recurrentInitializer: 'glorotNormal',
        inputShape: [3, 2],
      }),
      layers.dense({units: 1}),
    ],
  });

test('a padded input is refused; weights of steps say the same and are mixed', async () => {
  const options = {loss: 'meanSquaredError', optimizer: sgd(), regularizers: [mixup()]} as const;
  const masked = model([layers.masking({inputShape: [3, 2], name: 'masking'})]);
  expect(() => createTrainer({...options, model: masked})).toThrow(
    'the input masking_input is padded, and a mixture of padding and a value is neither',
  );
  const sampleWeight = tf.tensor2d([
    [1, 1, 0],
    [1, 0, 0],
  ]);
  const trainer = createTrainer({...options, model: model([])});
  const {history} = await trainer.fit({x: tf.ones([2, 3, 2]), y: tf.ones([2, 3, 1]), sampleWeight});
  expect(history[0]!.train.loss).toBeGreaterThan(0);
});
