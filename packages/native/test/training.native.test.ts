import * as tf from '@tensorflow/tfjs';
import {expect, test} from 'vitest';
import {numbers} from './on-cpu.ts';

/** Pictures of 8 × 8 whose left or right half is brighter, and which. */
function data(count: number): {x: tf.Tensor4D; y: tf.Tensor2D} {
  const noise = tf.tensor4d(numbers(count * 64), [count, 8, 8, 1]);
  const right = tf.tensor1d(Array.from({length: count}, (_, i) => i % 2));
  const half = tf.tensor1d([0, 0, 0, 0, 1, 1, 1, 1]);
  const bright = tf.abs(tf.sub(tf.reshape(right, [count, 1, 1, 1]), tf.reshape(half, [1, 1, 8, 1])));
  return {x: tf.sub(noise, bright), y: tf.oneHot(tf.cast(right, 'int32'), 2) as tf.Tensor2D};
}

function model(): tf.Sequential {
  const kernelInitializer = () => tf.initializers.glorotUniform({seed: 3});
  const built = tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [8, 8, 1],
        filters: 4,
        kernelSize: 3,
        activation: 'relu',
        kernelInitializer: kernelInitializer(),
      }),
      tf.layers.batchNormalization(),
      tf.layers.maxPooling2d({poolSize: 2}),
      tf.layers.flatten(),
      tf.layers.dense({units: 2, activation: 'softmax', kernelInitializer: kernelInitializer()}),
    ],
  });
  built.compile({optimizer: tf.train.adam(0.02), loss: 'categoricalCrossentropy'});
  return built;
}

test('a small convolutional network learns, and leaks nothing', async () => {
  const {x, y} = tf.tidy(() => data(32));
  const net = model();
  const first = Number(await net.trainOnBatch(x, y));
  const tensors = tf.memory().numTensors;
  let last = first;
  for (let step = 0; step < 20; step++) last = Number(await net.trainOnBatch(x, y));
  expect(tf.memory().numTensors).toBe(tensors);
  expect(last).toBeLessThan(first / 3);
});
