// Five kinds of photographs, eight of each: a new network, the head of a pretrained one, and what regularization makes of
// either. Run it: node fine-tune.mjs
import {pathToFileURL} from 'node:url';
import {randomBrightness, randomContrast, randomFlip} from '@regularizers/augmentation';
import {adam, createTrainer} from '@regularizers/core';
import {dropout} from '@regularizers/dropout';
import {earlyStopping} from '@regularizers/early-stopping';
import {gradualUnfreezing, layerwiseLearningRates} from '@regularizers/l2';
import {registerNative} from '@regularizers/native';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {loadModel} from './model-files.mjs';
import {names, photographs} from './photographs.mjs';

/** The base that scripts/train-base.mjs has trained on other photographs, and a new head. */
async function modelOf({trainsBase}) {
  const base = await loadModel(new URL('./base/', import.meta.url));
  base.trainable = trainsBase;
  return sequential({
    layers: [
      base,
      layers.dense({units: 32, activation: 'relu', name: 'hidden'}),
      layers.dense({units: names.length, activation: 'softmax', name: 'class'}),
    ],
  });
}

const regularizers = () => [
  randomFlip(),
  randomBrightness({strength: 0.25}),
  randomContrast({strength: 0.4}),
  dropout({rate: 0.5, at: 'hidden'}),
  earlyStopping({patience: 20}),
];

/** First the head, then the base as well, a tenth as fast. */
const groups = ['base/*/*', ['hidden/*', 'class/*']];
const slowly = () => [layerwiseLearningRates({factor: 0.1, groups}), gradualUnfreezing({every: 20, groups})];

const fromBase = {fresh: groups[1]};

const ways = {
  'a new network': {trainsBase: true, initialWeights: 'seed'},
  'a new network, regularized': {trainsBase: true, initialWeights: 'seed', plugins: regularizers},
  'a new head on a frozen base': {trainsBase: false, initialWeights: fromBase},
  'a new head on a frozen base, regularized': {
    trainsBase: false,
    initialWeights: fromBase,
    plugins: regularizers,
  },
  'and the base as well, later and more slowly': {
    trainsBase: true,
    initialWeights: fromBase,
    plugins: () => [...regularizers(), ...slowly()],
  },
};

/** Trains on a few photographs, and says how many of others are told right. */
async function run({trainsBase, initialWeights, plugins}, {seed, epochs}) {
  const [train, test] = [await photographs('train', 8), await photographs('test', 40)];
  const model = await modelOf({trainsBase});
  const trainer = createTrainer({
    model,
    loss: 'sparseCategoricalCrossentropy',
    optimizer: adam({learningRate: 3e-3}),
    metrics: ['accuracy'],
    regularizers: plugins?.() ?? [],
    initialWeights,
    seed,
  });
  // A quarter of the photographs to stop by, as many of each kind; where nothing stops, all are trained on.
  const validation = plugins ? {validation: {split: 0.25, stratify: true}} : {};
  await trainer.fit(train, {epochs, batchSize: 8, ...validation});
  const {accuracy} = await trainer.evaluate(test);
  trainer.dispose();
  model.dispose();
  tf.dispose([train, test]);
  return accuracy;
}

/** The share of new photographs that each way tells right: the mean of runs with several seeds. */
export async function compare({seeds = [1, 2, 3, 4, 5], epochs = 100} = {}) {
  const accuracies = {};
  for (const [way, options] of Object.entries(ways)) {
    let sum = 0;
    for (const seed of seeds) sum += await run(options, {seed, epochs});
    accuracies[way] = sum / seeds.length;
  }
  return accuracies;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await registerNative();
  await tf.setBackend('tensorflow');
  for (const [way, accuracy] of Object.entries(await compare())) {
    console.log(`${way.padEnd(48)}${(100 * accuracy).toFixed(1)} %`);
  }
}
