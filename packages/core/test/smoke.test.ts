import {adam, createTrainer, decodeCheckpoint, encodeCheckpoint, RegularizerError} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';

function tiny() {
  return sequential({
    layers: [
      layers.dense({units: 8, activation: 'relu', inputShape: [4], name: 'hidden'}),
      layers.batchNormalization({name: 'bn'}),
      layers.dense({units: 3, activation: 'softmax', name: 'output'}),
    ],
  });
}
function data() {
  const x = tf.tensor2d(
    Array.from({length: 40 * 4}, (_, i) => Math.sin(i)),
    [40, 4],
  );
  const y = tf.oneHot(
    tf.tensor1d(
      Array.from({length: 40}, (_, i) => i % 3),
      'int32',
    ),
    3,
  );
  return {x, y};
}

test('trains', async () => {
  const d = data();
  const make = () =>
    createTrainer({
      model: tiny(),
      loss: 'categoricalCrossentropy',
      optimizer: adam({learningRate: 0.02}),
      metrics: ['accuracy'],
      seed: 3,
      initialWeights: 'seed',
      execution: tf.getBackend() === 'tensorflow' ? 'captured' : 'eager',
    });
  const trainer = make();
  const before = tf.memory().numTensors;
  const result = await trainer.fit(d, {epochs: 3, batchSize: 16, validation: d});
  const after3 = tf.memory().numTensors;
  expect(result.history).toHaveLength(3);
  expect(result.history[2]!.train.loss).toBeLessThan(result.history[0]!.train.loss);
  const saved = decodeCheckpoint(encodeCheckpoint(await trainer.save()));
  const other = make();
  await other.restore(saved);
  const a = await trainer.fit(d, {epochs: 5, batchSize: 16, validation: d});
  const b = await other.fit(d, {epochs: 5, batchSize: 16, validation: d});
  const strip = (h: typeof a.history) => h.map(({seconds, ...rest}) => rest);
  expect(strip(b.history)).toEqual(strip(a.history));
  expect(after3 - before).toBeLessThan(20);
  expect(() => createTrainer({model: tiny(), loss: 'nope' as never, optimizer: adam()})).toThrow(
    RegularizerError,
  );
});
