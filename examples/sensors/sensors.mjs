// Tells what somebody does by what a sensor at the wrist measures: walking, running, climbing stairs, waving. Few people to
// learn from, others to tell. Run it: node sensors.mjs
import {pathToFileURL} from 'node:url';
import {adam, createTrainer} from '@regularizers/core';
import {dropout, spatialDropout} from '@regularizers/dropout';
import {registerNative} from '@regularizers/native';
import {inputNoise} from '@regularizers/noise';
import {deriveKey, hostUniform} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

/** Steps of a second and how strong each axis swings: what is done, before people differ. */
const movements = {
  walking: {rate: 1.8, axes: [0.6, 0.3, 1], second: 0.3},
  running: {rate: 2.7, axes: [1.4, 0.6, 2.2], second: 0.4},
  stairs: {rate: 1.5, axes: [0.5, 0.4, 1.3], second: 0.7},
  waving: {rate: 2.2, axes: [2, 0.4, 0.5], second: 0.1},
};
export const names = Object.keys(movements);

/** Measurements of a second, seconds that are looked at together. */
const [hertz, seconds] = [20, 2];

/**
 * What people's sensors measured: each moves in an own way, wears the sensor turned in an own way, and no two seconds are
 * alike.
 *
 * @returns x `[examples, 40, 3]`, y class numbers
 */
export function recordings(people, each, seed) {
  const [x, y] = [[], []];
  for (let person = 0; person < people; person++) {
    const [tempo, strength, turn] = hostUniform(3, deriveKey(seed, 'person', person), {low: -1, high: 1});
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    for (const [label, {rate, axes, second}] of Object.values(movements).entries()) {
      for (let i = 0; i < each; i++) {
        const [start, ...noise] = hostUniform(
          1 + 3 * hertz * seconds,
          deriveKey(seed, 'second', person, label, i),
        );
        x.push(
          Array.from({length: hertz * seconds}, (_, t) => {
            const phase = 2 * Math.PI * (start + (rate * (1 + 0.25 * tempo) * t) / hertz);
            const swing = Math.sin(phase) + second * Math.sin(2 * phase + turn);
            const [a, b, c] = axes.map(
              (axis, j) => axis * (1 + 0.4 * strength) * swing + 4 * (noise[3 * t + j] - 0.5),
            );
            return [cos * a - sin * b, sin * a + cos * b, c];
          }),
        );
        y.push(label);
      }
    }
  }
  return {x: tf.tensor3d(x), y: tf.tensor1d(y)};
}

const buildModel = () =>
  sequential({
    layers: [
      layers.conv1d({
        filters: 32,
        kernelSize: 5,
        activation: 'relu',
        inputShape: [hertz * seconds, 3],
        name: 'conv1',
      }),
      layers.conv1d({filters: 32, kernelSize: 5, strides: 2, activation: 'relu', name: 'conv2'}),
      layers.globalAveragePooling1d({name: 'pool'}),
      layers.dense({units: 32, activation: 'relu', name: 'hidden'}),
      layers.dense({units: names.length, activation: 'softmax', name: 'movement'}),
    ],
  });

const ways = {
  'without regularizers': () => [],
  regularized: () => [inputNoise({sigma: 0.4}), spatialDropout({rate: 0.1}), dropout({rate: 0.3})],
};

/** The share of other people's seconds that each way tells right: the mean over seeds. */
export async function compare({seeds = [1, 2, 3], epochs = 60} = {}) {
  const shares = {};
  for (const [way, regularizers] of Object.entries(ways)) {
    let sum = 0;
    for (const seed of seeds) {
      const [train, test] = [recordings(3, 4, seed), recordings(40, 5, 1000 + seed)];
      const trainer = createTrainer({
        model: buildModel(),
        loss: 'sparseCategoricalCrossentropy',
        optimizer: adam({learningRate: 3e-3}),
        metrics: ['accuracy'],
        regularizers: regularizers(),
        initialWeights: 'seed',
        seed,
      });
      await trainer.fit(train, {epochs, batchSize: 40});
      sum += (await trainer.evaluate(test)).accuracy;
      trainer.dispose();
      tf.dispose([train, test]);
    }
    shares[way] = sum / seeds.length;
  }
  return shares;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await registerNative();
  for (const [way, share] of Object.entries(await compare())) {
    console.log(`${way.padEnd(24)}${(100 * share).toFixed(1)} %`);
  }
}
