// Tells after each letter of a sentence which language it is in; twelve sentences of each of four languages to learn from.
// Sentences are padded to one length, and what is padded doesn't count. Run it: node languages.mjs
import {pathToFileURL} from 'node:url';
import {adam, createTrainer} from '@regularizers/core';
import {dropout} from '@regularizers/dropout';
import {weightDecay} from '@regularizers/l2';
import {registerNative} from '@regularizers/native';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {languages, texts} from './sentences.mjs';

/** Letters from 1; 0 is padding. */
const letters = ' abcdefghijklmnopqrstuvwxyz';
const length = 56;

const encode = (text) => Array.from({length}, (_, i) => (i < text.length ? letters.indexOf(text[i]) + 1 : 0));

/** Sentences `[sentences, letters]`, and for each letter the language, one-hot. */
export function dataOf(part) {
  const all = texts(part);
  const labels = tf.tensor2d(
    all.map(({label}) => Array(length).fill(label)),
    undefined,
    'int32',
  );
  return {x: tf.tensor2d(all.map(({text}) => encode(text))), y: tf.oneHot(labels, languages.length)};
}

export const buildModel = () =>
  sequential({
    layers: [
      layers.embedding({
        inputDim: letters.length + 1,
        outputDim: 16,
        inputLength: length,
        maskZero: true,
        name: 'letters',
      }),
      layers.gru({units: 24, returnSequences: true, name: 'memory'}),
      layers.dense({units: languages.length, activation: 'softmax', name: 'language'}),
    ],
  });

const ways = {
  'without regularizers': () => [],
  regularized: () => [dropout({rate: 0.2, at: ['letters', 'memory']}), weightDecay({rate: 0.01})],
};

/** The share of the letters of new sentences after which the language is told right: the mean over seeds. */
export async function compare({seeds = [1, 2, 3], epochs = 40} = {}) {
  const [train, test] = [dataOf('train'), dataOf('test')];
  const shares = {};
  for (const [way, regularizers] of Object.entries(ways)) {
    let sum = 0;
    for (const seed of seeds) {
      const trainer = createTrainer({
        model: buildModel(),
        loss: 'categoricalCrossentropy',
        optimizer: adam({learningRate: 1e-2}),
        metrics: ['accuracy'],
        regularizers: regularizers(),
        initialWeights: 'seed',
        seed,
      });
      await trainer.fit(train, {epochs, batchSize: 16});
      sum += (await trainer.evaluate(test)).accuracy;
      trainer.dispose();
    }
    shares[way] = sum / seeds.length;
  }
  tf.dispose([train, test]);
  return shares;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await registerNative();
  for (const [way, share] of Object.entries(await compare())) {
    console.log(`${way.padEnd(24)}${(100 * share).toFixed(1)} %`);
  }
}
