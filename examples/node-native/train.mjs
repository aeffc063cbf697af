// Trains an ensemble on native TensorFlow, saves after every epoch, and goes on where it was ended: start it, end it with
// Ctrl-C, start it again. Run it: node train.mjs
import {existsSync} from 'node:fs';
import {pathToFileURL} from 'node:url';
import {adam, createTrainer} from '@regularizers/core';
import {loadCheckpoint, saveCheckpoint} from '@regularizers/core/node';
import {dropout} from '@regularizers/dropout';
import {deepEnsemble} from '@regularizers/ensembles';
import {registerNative} from '@regularizers/native';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

/** Points on three arms of a spiral, and noise on every point. */
export function spirals(count, seed) {
  return tf.tidy(() => {
    const labels = tf.tensor1d(Array.from({length: count}, (_, i) => i % 3));
    const along = tf.randomUniform([count], 0.1, 1, 'float32', seed);
    const angle = tf.add(tf.mul(along, 5), tf.mul(labels, (2 * Math.PI) / 3));
    const places = tf.stack([tf.mul(along, tf.cos(angle)), tf.mul(along, tf.sin(angle))], 1);
    return {x: tf.add(places, tf.randomNormal([count, 2], 0, 0.1, 'float32', seed + 1)), y: labels};
  });
}

export const makeTrainer = (regularizers, seed = 7) =>
  createTrainer({
    model: sequential({
      layers: [
        layers.dense({units: 64, activation: 'relu', inputShape: [2], name: 'hidden1'}),
        layers.dense({units: 64, activation: 'relu', name: 'hidden2'}),
        layers.dense({units: 3, activation: 'softmax', name: 'arm'}),
      ],
    }),
    loss: 'sparseCategoricalCrossentropy',
    optimizer: adam({learningRate: 0.01}),
    metrics: ['accuracy'],
    regularizers,
    initialWeights: 'seed',
    seed,
  });

/**
 * Trains, or goes on with what was saved.
 *
 * @returns the share of new points that is told right, and the epoch that it began with
 */
export async function train({file, epochs = 100, signal, onEpoch = () => undefined}) {
  const trainer = makeTrainer([dropout({rate: 0.1}), deepEnsemble({members: 5})]);
  if (existsSync(file)) await trainer.restore(await loadCheckpoint(file));
  let from;
  await trainer.fit(spirals(150, 1), {
    epochs,
    batchSize: 50,
    ...(signal ? {signal} : {}),
    onEpoch: async (report) => {
      from ??= report.epoch;
      onEpoch(report);
      if (report.member === 4) await saveCheckpoint(file, await trainer.save());
    },
  });
  // An end by Ctrl-C is between two steps, maybe in the middle of an epoch.
  await saveCheckpoint(file, await trainer.save());
  const {accuracy} = await trainer.evaluate(spirals(2000, 11));
  trainer.dispose();
  return {accuracy, from};
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await registerNative();
  const interruption = new AbortController();
  process.once('SIGINT', () => interruption.abort());
  const onEpoch = ({epoch, member, train: {accuracy}}) => {
    if (epoch % 10 === 0)
      console.log(`member ${member + 1}, epoch ${epoch}: ${(100 * accuracy).toFixed(0)} %`);
  };
  const {accuracy} = await train({file: 'spirals.safetensors', signal: interruption.signal, onEpoch});
  console.log(`right, of 2,000 new points: ${(100 * accuracy).toFixed(1)} %`);
}
