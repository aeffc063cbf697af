// The example as people run it.
import {createTrainer, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {buildModel, compare, dataOf} from '../languages.mjs';

test('the language is told after most letters', {timeout: 180_000}, async () => {
  const {'without regularizers': plain, regularized} = await compare({seeds: [1], epochs: 20});
  // By chance a quarter.
  expect(plain).toBeGreaterThan(0.5);
  expect(regularized).toBeGreaterThan(0.5);
});

test('what is padded does not count: targets there may be anything', async () => {
  const {x, y} = dataOf('test');
  const trainer = createTrainer({
    model: buildModel(),
    loss: 'categoricalCrossentropy',
    optimizer: sgd(),
    metrics: ['accuracy'],
    seed: 7,
  });
  const padding = tf.expandDims(tf.cast(tf.equal(x, 0), 'float32'), 2);
  const noise = tf.where(
    tf.cast(tf.mul(padding, tf.ones([4])), 'bool'),
    tf.tensor1d([1, 0, 0, 0]),
    tf.cast(y, 'float32'),
  );
  expect(tf.sum(padding).arraySync()).toBeGreaterThan(100);
  expect(await trainer.evaluate({x, y: noise})).toEqual(await trainer.evaluate({x, y}));
  trainer.dispose();
});
