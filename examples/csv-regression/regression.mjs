// How far diabetes gets within a year, of a CSV file: a network with and without regularizers, each by folds. Run it:
// node regression.mjs
import {readFile} from 'node:fs/promises';
import {pathToFileURL} from 'node:url';
import {adam, crossValidate} from '@regularizers/core';
import {dropout} from '@regularizers/dropout';
import {earlyStopping} from '@regularizers/early-stopping';
import {weightDecay} from '@regularizers/l2';
import {registerNative} from '@regularizers/native';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

/** Rows of numbers, without the heading. The last column is what is to be predicted. */
export async function readCsv(url) {
  const [, ...lines] = (await readFile(url, 'utf8')).trim().split('\n');
  const rows = lines.map((line) => line.split(',').map(Number));
  return {x: rows.map((row) => row.slice(0, -1)), y: rows.map((row) => [row.at(-1)])};
}

/**
 * A network that normalizes what comes in by itself: by the mean and the spread of the rows that it is trained on, and of
 * no others. Batch normalization first, whose scale and shift are of no use there.
 */
const buildModel = (inputs) =>
  sequential({
    layers: [
      layers.batchNormalization({inputShape: [inputs], name: 'scale', momentum: 0.9}),
      layers.dense({units: 64, activation: 'relu', name: 'hidden1'}),
      layers.dense({units: 64, activation: 'relu', name: 'hidden2'}),
      layers.dense({units: 1, name: 'progression'}),
    ],
  });

const ways = {
  'without regularizers': () => [],
  regularized: () => [dropout({rate: 0.3}), weightDecay({rate: 0.1}), earlyStopping({patience: 20})],
};

/** The root mean squared error of each way on rows that had no say in the training, in the file's unit. */
export async function compare({seed = 7, epochs = 100, folds = 5} = {}) {
  const {x, y} = await readCsv(new URL('./data/diabetes.csv', import.meta.url));
  // Targets near 1, so that a learning rate means what it usually means.
  const unit = 100;
  const data = {x: tf.tensor2d(x), y: tf.tensor2d(y.map(([value]) => [value / unit]))};
  const errors = {};
  for (const [way, regularizers] of Object.entries(ways)) {
    const {scores} = await crossValidate(
      () => ({
        model: buildModel(x[0].length),
        loss: 'meanSquaredError',
        optimizer: adam({learningRate: 3e-3}),
        regularizers: regularizers(),
        initialWeights: 'seed',
        seed,
      }),
      data,
      {folds, epochs, batchSize: 32, ...(way === 'regularized' ? {validation: {split: 0.15}} : {})},
    );
    errors[way] = unit * Math.sqrt(scores.loss.mean);
  }
  tf.dispose(data);
  return errors;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await registerNative();
  for (const [way, error] of Object.entries(await compare()))
    console.log(`${way.padEnd(24)}${error.toFixed(1)}`);
}
