// A default in the inputs' unit is refused where it would mean nothing, and a range where the data is outside of it.
import {createTrainer, type Regularizer, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {adversarial, inputNoise} from '../src/index.ts';

const pictures = (from: number, to: number, dtype: 'float32' | 'int32' = 'float32'): tf.Tensor =>
  tf.cast(tf.reshape(tf.linspace(from, to, 8 * 12), [8, 2, 2, 3]), dtype);

const fit = (plugin: Regularizer, x: tf.Tensor | Uint8Array) => {
  const model = sequential({
    layers: [
      layers.flatten({inputShape: [2, 2, 3], name: 'picture'}),
      layers.dense({units: 2, activation: 'softmax'}),
    ],
  });
  const trainer = createTrainer({
    model,
    loss: 'categoricalCrossentropy',
    optimizer: sgd({learningRate: 1e-4}),
    regularizers: [plugin],
  });
  return trainer.fit({x, y: tf.oneHot(tf.tensor1d([0, 1, 0, 1, 0, 1, 0, 1], 'int32'), 2)}, {epochs: 1});
};

const to255 = [
  () => pictures(0, 255),
  () => pictures(0, 255, 'int32'),
  () => Uint8Array.from({length: 96}, (_, i) => (i * 37) % 256),
];

const defaults: readonly (readonly [Regularizer, option: string, stated: Regularizer])[] = [
  [inputNoise(), 'sigma', inputNoise({sigma: 12})],
  [inputNoise({distribution: 'uniform'}), 'limit', inputNoise({distribution: 'uniform', limit: 12})],
  [
    inputNoise({distribution: 'saltAndPepper'}),
    'high',
    inputNoise({distribution: 'saltAndPepper', high: 255}),
  ],
  [adversarial(), 'epsilon', adversarial({epsilon: 2, range: [0, 255]})],
];

for (const [plugin, option, stated] of defaults) {
  test(`the default ${option} is for values of about 1; stated, it is taken as it is`, async () => {
    for (const x of to255) {
      await expect(fit(plugin, x())).rejects.toMatchObject({
        where: plugin.name,
        code: 'another-scale',
        option,
        message: expect.stringMatching(
          new RegExp(`${option} is .*default.* deviates by \\d+.*\n.*${option}: `),
        ),
      });
      await fit(stated, x());
    }
    await fit(plugin, pictures(0, 1));
    await fit(plugin, pictures(-2, 2));
  });
}

test('what has no unit has no scale', async () => {
  await fit(inputNoise({distribution: 'masking'}), pictures(0, 255));
});

test('a range that the data is outside of is refused: all would be clipped to it', async () => {
  const plugin = adversarial({epsilon: 0.1, range: [0, 1]});
  await expect(fit(plugin, pictures(0, 255))).rejects.toMatchObject({code: 'another-scale', option: 'range'});
  await expect(fit(plugin, pictures(-1, 1))).rejects.toMatchObject({
    message: expect.stringContaining('range is [0, 1], but the values of'),
  });
  await fit(plugin, pictures(0, 1));
});
