// Trains the same network on thirty drawn shapes, without and with regularizers.
import {randomShift} from '@regularizers/augmentation';
import {adam, createTrainer, type Regularizer} from '@regularizers/core';
import {dropout} from '@regularizers/dropout';
import '@tensorflow/tfjs-backend-webgl';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';
import {names, shapes, side} from './shapes';

const buildModel = (): LayersModel =>
  sequential({
    layers: [
      layers.flatten({inputShape: [side, side, 1], name: 'flatten'}),
      layers.dense({units: 64, activation: 'relu', name: 'hidden'}),
      layers.dense({units: names.length, activation: 'softmax', name: 'shape'}),
    ],
  });

const ways: Readonly<Record<string, readonly Regularizer[]>> = {
  'without regularizers': [],
  regularized: [randomShift({pixels: 4}), dropout({rate: 0.2})],
};
const [train, test] = [shapes(30, 1), shapes(400, 2)];
for (const [way, regularizers] of Object.entries(ways)) {
  const trainer = createTrainer({
    model: buildModel(),
    loss: 'sparseCategoricalCrossentropy',
    optimizer: adam({learningRate: 3e-3}),
    metrics: ['accuracy'],
    regularizers,
    initialWeights: 'seed',
    seed: 7,
  });
  await trainer.fit(train, {epochs: 150, batchSize: 30});
  const {accuracy} = await trainer.evaluate(test);
  const row = document.querySelector('tbody')!.insertRow();
  for (const text of [way, `${(100 * accuracy!).toFixed(1)} %`]) row.insertCell().textContent = text;
}
document.querySelector('[role=status]')!.textContent = `done on ${tf.getBackend()}`;
