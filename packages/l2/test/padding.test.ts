// Penalties of activations leave padding out: the sum over the values of the steps that count, and no others.
import {createTrainer, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {layers, model, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {activityL1, activityL2} from '../src/index.ts';

const lengths = [3, 1, 4];

function padded(): tf.Tensor {
  const values = lengths.flatMap((length, i) =>
    Array.from({length: 4}, (_, step) => (step < length ? [0.5 + i, 0.25 * (step + 1)] : [0, 0])).flat(),
  );
  return tf.tensor3d(values, [3, 4, 2]);
}

test.each([
  ['L1', activityL1, Math.abs, 1],
  ['L2', activityL2, (v: number) => v * v, 0.5],
] as const)('%s', async (_, penalty, f, factor) => {
  const made = sequential({
    layers: [
      layers.masking({inputShape: [4, 2], name: 'masking'}),
      layers.dense({units: 3, activation: 'tanh', biasInitializer: 'ones', name: 'hidden'}),
      layers.dense({units: 1, name: 'output'}),
    ],
  });
  const inner = model({inputs: made.inputs, outputs: made.getLayer('hidden').output as never});
  const values = (inner.predict(padded()) as tf.Tensor).dataSync();
  const counted = [...values].filter((_, i) => Math.floor(i / 3) % 4 < lengths[Math.floor(i / 12)]!);
  const trainer = createTrainer({
    model: made,
    loss: 'meanSquaredError',
    optimizer: sgd(),
    regularizers: [penalty({at: 'hidden', strength: 0.5})],
  });
  const {history} = await trainer.fit({x: padded(), y: tf.zeros([3, 4, 1])}, {shuffle: false});
  const sum = counted.reduce((so, value) => so + f(value), 0);
  expect(history[0]!.train.penalty / ((0.5 * factor * sum) / 3)).toBeCloseTo(1, 3);
});
