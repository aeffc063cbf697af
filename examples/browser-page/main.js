// Trains the same network with and without regularizers, in the page, on WebGL.
import {adam, createTrainer} from '@regularizers/core';
import {dropout} from '@regularizers/dropout';
import {l1} from '@regularizers/l2';
import '@tensorflow/tfjs-backend-webgl';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

/** Two half circles, one in the other's arm, with noise on every point; and eight numbers that say nothing. */
function moons(count, seed) {
  const angle = tf.randomUniform([count, 1], 0, Math.PI, 'float32', seed);
  const y = tf.tensor2d(Array.from({length: count}, (_, i) => [i % 2]));
  const side = tf.sub(1, tf.mul(2, y));
  const x = tf.concat(
    [tf.add(tf.mul(side, tf.cos(angle)), y), tf.add(tf.mul(side, tf.sin(angle)), tf.mul(0.5, y))],
    1,
  );
  const blurred = tf.add(x, tf.randomNormal([count, 2], 0, 0.2, 'float32', seed + 1));
  return {x: tf.concat([blurred, tf.randomNormal([count, 8], 0, 1, 'float32', seed + 2)], 1), y};
}

const buildModel = () =>
  sequential({
    layers: [
      layers.dense({units: 64, activation: 'relu', inputShape: [10], name: 'hidden1'}),
      layers.dense({units: 64, activation: 'relu', name: 'hidden2'}),
      layers.dense({units: 1, activation: 'sigmoid', name: 'moon'}),
    ],
  });

const [train, test] = [moons(100, 1), moons(1000, 11)];
const ways = {
  'without regularizers': [],
  regularized: [l1({strength: 1, proximal: true, include: 'hidden1/kernel'}), dropout({rate: 0.2})],
};
const percent = (share) => `${(100 * share).toFixed(1)} %`;
for (const [way, regularizers] of Object.entries(ways)) {
  const trainer = createTrainer({
    model: buildModel(),
    loss: 'binaryCrossentropy',
    optimizer: adam({learningRate: 0.01}),
    metrics: ['accuracy'],
    regularizers,
    initialWeights: 'seed',
    seed: 7,
  });
  await trainer.fit(train, {epochs: 150, batchSize: 100});
  const row = document.querySelector('tbody').insertRow();
  const cells = [
    way,
    percent((await trainer.evaluate(train)).accuracy),
    percent((await trainer.evaluate(test)).accuracy),
  ];
  for (const text of cells) row.insertCell().textContent = text;
}
document.querySelector('[role=status]').textContent = `done on ${tf.getBackend()}`;
