// What rows say of each penalty.
import {sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {mlp, withKnownWeights} from './support/models.ts';
import {squares} from './support/plugins.ts';
import {classData, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

const kernels = ['hidden/kernel', 'output/kernel'] as const;
const [first, second] = [squares(0.3, [kernels[0]], 'b-first'), squares(0.05, [kernels[1]], 'a-second')];

test('of several penalties rows say each by itself, and their sum', async () => {
  const model = withKnownWeights(mlp());
  // Half the sum of squares, in float64.
  const half = ['hidden', 'output'].map(
    (layer) =>
      Array.from(model.getLayer(layer).getWeights()[0]!.dataSync()).reduce((sum, w) => sum + w * w, 0) / 2,
  );
  const trainer = trainerOf([first, second], {model, optimizer: sgd()});
  const {history} = await trainer.fit(classData(), {epochs: 1, batchSize: 1000});
  const {train} = history[0]!;
  expect(Object.keys(train).slice(0, 5)).toEqual([
    'loss',
    'penalty',
    'objective',
    'a-second/penalty',
    'b-first/penalty',
  ]);
  expectClose(
    [train['b-first/penalty']!, train['a-second/penalty']!, train.penalty],
    [0.3 * half[0]!, 0.05 * half[1]!, 0.3 * half[0]! + 0.05 * half[1]!],
    'step',
  );
});

test('of one penalty they say no more than what it is, and other plugins have none', async () => {
  const {history} = await trainerOf([first], {model: withKnownWeights(mlp())}).fit(classData(), {epochs: 1});
  expect(Object.keys(history[0]!.train).filter((name) => name.includes('penalty'))).toEqual(['penalty']);
});

test('a metric cannot have the name of a penalty', () => {
  const metric = {name: 'a-second/penalty', perExample: () => tf.scalar(0)};
  expect(() => trainerOf([first, second], {model: mlp(), metrics: [metric]})).toThrow('a-second/penalty');
});
