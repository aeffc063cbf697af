// Padding of an input that a Masking layer reads stays padding, and nothing else becomes it.
import {createTrainer, defineRegularizer, type Regularizer, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {adversarial, inputNoise} from '../src/index.ts';

const padding = -1;

/** Two of four steps of each sequence are padding. */
const sequences = (): tf.Tensor =>
  tf.tensor3d(
    [0.5, 0.25, 0.75, 0.5, padding, padding, padding, padding].concat([
      padding,
      padding,
      0.25,
      0.5,
      0.75,
      0.25,
      padding,
      padding,
    ]),
    [2, 4, 2],
  );

const masked = (maskValue = padding) =>
  sequential({
    layers: [
      layers.masking({maskValue, inputShape: [4, 2], name: 'masking'}),
      layers.lstm({units: 3, returnSequences: true, recurrentInitializer: 'glorotNormal', name: 'lstm'}),
      layers.dense({units: 1, name: 'output'}),
    ],
  });

/** What is penalized: changes of padding, by far, and how many of the other values stay as they were. */
const looks = defineRegularizer({
  name: 'looks',
  penalty: ({batch}) => {
    const [x] = batch.inputs as [tf.Tensor];
    const clean = sequences();
    const isPadding = tf.cast(tf.equal(clean, padding), 'float32');
    const change = tf.abs(tf.sub(x, clean));
    const unchanged = tf.sum(tf.mul(tf.sub(1, isPadding), tf.cast(tf.equal(change, 0), 'float32')));
    return tf.add<tf.Scalar>(tf.mul(1000, tf.sum(tf.mul(change, isPadding))), unchanged);
  },
});

const noises: Readonly<Record<string, () => Regularizer>> = {
  normal: () => inputNoise({sigma: 1}),
  uniform: () => inputNoise({distribution: 'uniform', limit: 0.5}),
  'salt and pepper': () => inputNoise({distribution: 'saltAndPepper', probability: 1}),
  masking: () => inputNoise({distribution: 'masking', probability: 1, replacement: 0}),
  'one step of an attack': () => adversarial({epsilon: 0.1, clean: 0}),
  'an attack from a random place': () => adversarial({epsilon: 0.1, steps: 3, clean: 0, range: [0, 1]}),
};

test.each(Object.entries(noises))('%s leaves padding alone, and nothing else', async (_, noise) => {
  const trainer = createTrainer({
    model: masked(),
    loss: 'meanSquaredError',
    optimizer: sgd(),
    regularizers: [noise(), looks],
  });
  const data = {x: sequences(), y: tf.ones([2, 4, 1])};
  const {history} = await trainer.fit(data, {epochs: 2, shuffle: false});
  expect(history.map(({train}) => train.penalty)).toEqual([0, 0]);
});

test.each([
  ['masking', () => inputNoise({distribution: 'masking', replacement: padding})],
  ['salt and pepper', () => inputNoise({distribution: 'saltAndPepper', low: padding})],
])('%s that writes the value of padding is refused', (_, noise) => {
  const options = {loss: 'meanSquaredError', optimizer: sgd(), regularizers: [noise()]} as const;
  expect(() => createTrainer({...options, model: masked()})).toThrow(
    'the input masking_input is padded with -1, which this noise writes: steps would become padding',
  );
  createTrainer({...options, model: masked(7)}).dispose();
});
