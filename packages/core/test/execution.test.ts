// How steps are run: op by op everywhere, as one graph where a backend can.
import {adam, type Execution} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {normalizedMlp, numbersOf, withKnownWeights} from './support/models.ts';
import {average, keepBest, siteNoise, squares} from './support/plugins.ts';
import {classData, errorOf, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

async function trained(execution: Execution) {
  const model = withKnownWeights(normalizedMlp());
  const plugins = [siteNoise('hidden'), average(), keepBest(), squares(0.01)];
  const trainer = trainerOf(plugins, {
    model,
    optimizer: adam({learningRate: 0.02}),
    execution,
    metrics: ['accuracy'],
  });
  const {history} = await trainer.fit(classData(), {epochs: 3, batchSize: 4, validation: classData(7)});
  return {weights: numbersOf(model), losses: history.map(({train}) => train.loss)};
}

const canCapture = () => tf.getBackend() === 'tensorflow';

test('captured steps come to the same as eager ones', async () => {
  if (!canCapture()) {
    expect(await errorOf(() => trained('captured'))).toMatchObject({
      code: 'cannot-capture',
      message: expect.stringContaining(`the backend ${tf.getBackend()} cannot run a captured step`),
    });
    return;
  }
  const [captured, eager] = [await trained('captured'), await trained('eager')];
  expectClose(captured.losses, eager.losses, 'trajectory');
  expectClose(captured.weights, eager.weights, 'trajectory');
});

test('auto is captured where that is possible, and eager elsewhere', async () => {
  expect(await trained('auto')).toEqual(await trained(canCapture() ? 'captured' : 'eager'));
});

test('another word is refused', async () => {
  expect(await errorOf(() => trainerOf([], {execution: 'fast' as never}))).toMatchObject({
    code: 'unknown-choice',
  });
});
