// One's own model and data, trained in this process: on every backend.
import {adam, RegularizerError} from '@regularizers/core';
import {techniques as dropouts} from '@regularizers/dropout';
import {techniques as l2s} from '@regularizers/l2';
import {deriveKey, hostNormal} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {expect, it} from 'vitest';
import {search} from '../src/index.ts';

/** Two classes by the sign of the first number; the others are noise. */
const split = (name: string, examples: number) => {
  const x = hostNormal(examples * 6, deriveKey(1, name));
  const y = Array.from({length: examples}, (_, i) => Number(x[6 * i]! > 0));
  return {x: tf.tensor2d(x, [examples, 6]), y: tf.tensor1d(y, 'int32')};
};

it('searches, leaves no tensor behind, and says which techniques the model refuses', async () => {
  const data = {train: split('train', 24), validation: split('validation', 20), test: split('test', 20)};
  const before = tf.memory().numTensors;
  const named = (name: string) => [...l2s, ...dropouts].find((one) => one.name === name)!;
  const seen: string[] = [];
  const result = await search({
    model: () =>
      sequential({
        layers: [
          layers.dense({units: 4, activation: 'relu', inputShape: [6]}),
          layers.dense({units: 2, activation: 'softmax'}),
        ],
      }),
    data,
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
    optimizer: (learningRate) => adam({learningRate}),
    epochs: 1,
    batchSize: 24,
    // There are no pictures.
    techniques: [named('l2'), named('spatialDropout')],
    strengths: 2,
    settings: [{key: 'learningRate', search: {values: [1e-2]}, integer: false, when: []}],
    trials: 10,
    reportSeeds: 2,
    seed: 3,
    onProgress: ({stage}) => seen.push(stage),
  });
  expect(tf.memory().numTensors).toBe(before);
  expect(result.refused.map(({name}) => name)).toEqual(['spatialDropout']);
  expect(result.judgedBy).toBe('test');
  expect(result.rows.map(({name}) => name)).toContain('l2');
  for (const {test, validation} of result.rows) {
    expect(test! * 20).toBeCloseTo(Math.round(test! * 20 * 2) / 2, 5);
    expect(validation!).toBeGreaterThanOrEqual(0);
    expect(validation!).toBeLessThanOrEqual(1);
  }
  expect(new Set(seen)).toEqual(
    new Set(['baseline', 'alone', 'report', ...(seen.includes('together') ? ['together'] : [])]),
  );
  tf.dispose(data);
});

it('refuses what it cannot train on before anything is trained', async () => {
  const trained = search({
    techniques: [l2s[0]!],
    trials: 10,
    model: () => sequential({layers: [layers.dense({units: 1, inputShape: [3]})]}),
    loss: 'meanSquaredError',
    data: {} as never,
  });
  await expect(trained).rejects.toSatisfy(RegularizerError.isInstance);
});
