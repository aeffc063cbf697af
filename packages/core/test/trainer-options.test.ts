// Options that cannot work are refused when the trainer is made.
import type {TrainerOptions} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {errorOf, trainerOf} from './support/trainers.ts';

const refused: Readonly<Record<string, [Partial<TrainerOptions>, string]>> = {
  'an unknown loss': [{loss: 'focal' as never}, 'unknown-loss'],
  'a loss that is none': [{loss: {} as never}, 'unknown-loss'],
  'no loss': [{loss: undefined as never}, 'missing-option'],
  'too many losses': [{loss: ['meanSquaredError', 'meanSquaredError']}, 'loss-count'],
  'too many weights of losses': [{lossWeights: [1, 2]}, 'loss-count'],
  'a negative weight of a loss': [{lossWeights: [-1]}, 'out-of-range'],
  'an unknown metric': [{metrics: ['f1' as never]}, 'unknown-metric'],
  'accuracy of real values': [{loss: 'meanSquaredError', metrics: ['accuracy']}, 'metric-mismatch'],
  'a metric twice': [{metrics: ['accuracy', 'accuracy']}, 'metric-name'],
  'a metric named loss': [
    {metrics: [{name: 'loss', perExample: (_, y) => tf.mean(y, 1) as tf.Tensor1D}]},
    'metric-name',
  ],
  'an unknown option': [{learningRate: 1} as never, 'unknown-option'],
  'no optimizer': [{optimizer: {} as never}, 'bad-option'],
  'a seed that is no integer': [{seed: 0.5}, 'out-of-range'],
};

for (const [what, [options, code]] of Object.entries(refused)) {
  test(`${what} is refused`, async () => {
    expect(await errorOf(() => trainerOf([], options))).toMatchObject({code, where: 'trainer'});
  });
}
