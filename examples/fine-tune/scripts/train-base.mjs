// Trains the base: which of twelve other photographs is a crop of? Its convolutions are kept, and what it says is not.
// node scripts/train-base.mjs <folder of photographs.py --base>
import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {randomBrightness, randomContrast, randomFlip, randomSaturation} from '@regularizers/augmentation';
import {adam, cosineDecay, createTrainer} from '@regularizers/core';
import {weightDecay} from '@regularizers/l2';
import {registerNative} from '@regularizers/native';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {saveModel} from '../model-files.mjs';
import {corners, crop, readPhotograph, size} from '../photographs.mjs';

await registerNative();
await tf.setBackend('tensorflow');
const [, , folder] = process.argv;
const files = (await readdir(folder)).sort();
const pictures = await Promise.all(files.map((file) => readPhotograph(pathToFileURL(join(folder, file)))));

function cropsOf(perPicture, seed) {
  const all = pictures.flatMap((picture, label) =>
    corners(perPicture, seed + label).map(([left, top]) => crop(picture, left, top)),
  );
  const bytes = new Float32Array(all.length * size * size * 3);
  for (const [i, pixels] of all.entries())
    bytes.set(
      pixels.map((v) => v),
      i * pixels.length,
    );
  const labels = pictures.flatMap((_, label) => Array(perPicture).fill(label));
  return {
    x: tf.tidy(() => tf.div(tf.tensor4d(bytes, [all.length, size, size, 3]), 255)),
    y: tf.tensor1d(labels, 'int32'),
  };
}

const {layers} = tfl;
const convolution = (filters, name, more = {}) =>
  layers.conv2d({
    filters,
    kernelSize: 3,
    padding: 'same',
    activation: 'relu',
    kernelInitializer: 'heNormal',
    name,
    ...more,
  });
const base = tfl.sequential({
  name: 'base',
  layers: [
    convolution(8, 'conv1', {inputShape: [size, size, 3]}),
    layers.maxPooling2d({poolSize: 2, name: 'pool1'}),
    convolution(16, 'conv2'),
    layers.maxPooling2d({poolSize: 2, name: 'pool2'}),
    convolution(32, 'conv3'),
    layers.globalAveragePooling2d({name: 'features'}),
  ],
});
const model = tfl.sequential({
  layers: [base, layers.dense({units: pictures.length, activation: 'softmax', name: 'which'})],
});
const trainer = createTrainer({
  model,
  loss: 'sparseCategoricalCrossentropy',
  optimizer: adam({learningRate: cosineDecay({from: 5e-3})}),
  metrics: ['accuracy'],
  regularizers: [
    randomFlip(),
    randomBrightness({strength: 0.3}),
    randomContrast({strength: 0.4}),
    randomSaturation({strength: 0.6}),
    weightDecay({rate: 1e-3}),
  ],
  initialWeights: 'seed',
  seed: 1,
});
const {history} = await trainer.fit(cropsOf(300, 0), {
  epochs: 25,
  batchSize: 64,
  validation: cropsOf(40, 5000),
});
console.log(history.at(-1));
await saveModel(base, new URL('../base/', import.meta.url));
