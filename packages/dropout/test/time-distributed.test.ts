// Dropout layers inside a TimeDistributed: each time step has a mask of its own.
import {createTrainer, defineRegularizer, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {fromModel} from '../src/index.ts';

const [examples, steps, units] = [16, 5, 8];

/** The values at `site` in one training step on ones, behind whatever the model's dropout layers do. */
async function seenAt(site: string, net: LayersModel, shape: readonly number[]): Promise<tf.Tensor> {
  let seen: tf.Tensor | undefined;
  const probe = defineRegularizer({
    name: 'probe',
    after: ['declared-activation'],
    setup: () => ({at: [site]}),
    activation: (value) => {
      seen = tf.keep(tf.clone(value));
      return value;
    },
  });
  const trainer = createTrainer({
    model: net,
    loss: 'meanSquaredError',
    optimizer: sgd({learningRate: 0}),
    regularizers: [fromModel(net), probe],
    execution: 'eager',
    seed: 5,
  });
  const y = tf.zeros(net.outputs[0]!.shape.map((size) => size ?? shape[0]!));
  await trainer.fit({x: tf.ones([...shape]), y}, {batchSize: shape[0]!});
  trainer.dispose();
  return seen!;
}

const identity = (name: string) =>
  layers.dense({name, units, useBias: false, kernelInitializer: 'identity', inputShape: [units]});

test('a layer of a model inside is replaced, with a mask for each time step', async () => {
  const inner = sequential({layers: [identity('same'), layers.dropout({name: 'drop', rate: 0.5})]});
  const net = sequential({
    layers: [layers.timeDistributed({name: 'each', inputShape: [steps, units], layer: inner})],
  });
  const seen = await seenAt('each', net, [examples, steps, units]);
  expect(new Set(await seen.data())).toEqual(new Set([0, 2]));
  const masks = await Promise.all(tf.unstack(seen, 1).map(async (step) => (await step.data()).join()));
  expect(new Set(masks).size).toBe(steps);
});

test('whole channels are dropped at each time step', async () => {
  const positions = 3;
  const net = sequential({
    layers: [
      layers.timeDistributed({
        name: 'each',
        inputShape: [steps, positions, units],
        layer: layers.spatialDropout1d({rate: 0.5}),
      }),
      layers.timeDistributed({name: 'same', layer: identity('dense')}),
    ],
  });
  const seen = await seenAt('each', net, [examples, steps, positions, units]);
  const [lowest, highest] = [tf.min(seen, 2), tf.max(seen, 2)];
  expect(await lowest.data()).toEqual(await highest.data());
  const masks = await Promise.all(tf.unstack(lowest, 1).map(async (step) => (await step.data()).join()));
  expect(new Set(masks).size).toBe(steps);
});

test('a noise shape is that of one time step', async () => {
  const net = sequential({
    layers: [
      layers.timeDistributed({
        name: 'each',
        inputShape: [steps, units],
        layer: layers.dropout({rate: 0.5, noiseShape: [null as unknown as number, 1]}),
      }),
      layers.timeDistributed({name: 'same', layer: identity('dense')}),
    ],
  });
  const seen = await seenAt('each', net, [examples, steps, units]);
  expect(await tf.min(seen, 2).data()).toEqual(await tf.max(seen, 2).data());
  expect(new Set(await tf.mean(seen, 1).data()).size).toBeGreaterThan(2);
});
