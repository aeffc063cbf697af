import * as tf from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {batchNormalization} from '../src/layers/batch-normalization.ts';
import {numbers} from './on-cpu.ts';

type Options = Parameters<typeof layers.batchNormalization>[0];

function makeLayer(shape: readonly number[], options: Options = {}): layers.Layer {
  const layer = layers.batchNormalization({momentum: 0.9, ...options});
  layer.build([null, ...shape.slice(1)]);
  const channels = layer.weights[0]!.shape[0]!;
  layer.setWeights(
    layer.weights.map((_, i) => tf.tensor1d(numbers(channels * (i + 1)).slice(-channels)).add(0.3)),
  );
  return layer;
}

/** The result, its gradients in the input, gamma and beta, and the statistics after it. */
function trained(shape: number[], call: (layer: layers.Layer, x: tf.Tensor) => tf.Tensor, options?: Options) {
  return tf.tidy(() => {
    const layer = makeLayer(shape, options);
    const size = shape.reduce((a, b) => a * b, 1);
    const x = tf.tensor(numbers(size), shape);
    const upstream = tf.tensor(numbers(2 * size).slice(size), shape);
    const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const loss = (): tf.Scalar => tf.sum(tf.mul(call(layer, x), upstream));
    const {grads} = tf.engine().gradients(loss, [x, ...variables]);
    const fresh = makeLayer(shape, options);
    const value = call(fresh, x);
    return [value, ...grads, ...fresh.getWeights()].map((tensor) => [...tensor.dataSync()]);
  });
}

const ofTfjs = (layer: layers.Layer, x: tf.Tensor) => layer.apply(x, {training: true}) as tf.Tensor;

test.each([[[8, 5, 5, 3]], [[16, 4]], [[6, 7, 2]]])('of the shape %j is what tfjs composes', (shape) => {
  const ours = trained(shape, (layer, x) => batchNormalization(layer, x)!);
  const theirs = trained(shape, ofTfjs);
  expect(ours).toHaveLength(8);
  for (const [i, values] of ours.entries()) {
    for (const [j, value] of values.entries()) {
      // Sums of up to 200 terms of about 1 that cancel; float32 rounds each to 6e-8.
      const expected = theirs[i]![j]!;
      expect(Math.abs(value - expected) / (1 + Math.abs(expected))).toBeLessThan(1e-5);
    }
  }
});

test('works without scale and centre, which tfjs cannot', () => {
  const shape = [8, 3];
  const [value, gradient] = trained(shape, (layer, x) => batchNormalization(layer, x)!, {
    scale: false,
    center: false,
    epsilon: 1e-7,
  });
  expect(gradient).toHaveLength(24);
  for (const channel of [0, 1, 2]) {
    const column = value!.filter((_, i) => i % 3 === channel);
    const mean = column.reduce((a, b) => a + b, 0) / 8;
    const variance = column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 8;
    expect(mean).toBeCloseTo(0, 5);
    expect(variance).toBeCloseTo(1, 4);
  }
});

test('leaves to tfjs what the fused op cannot do', () => {
  tf.tidy(() => {
    expect(batchNormalization(makeLayer([2, 3, 4, 5], {axis: 1}), tf.ones([2, 3, 4, 5]))).toBeUndefined();
    const layer = makeLayer([4, 2]);
    const inner = (x: tf.Tensor): tf.Scalar =>
      tf.sum(tf.square(batchNormalization(layer, x) ?? ofTfjs(layer, x)));
    const outer = tf.grad((x: tf.Tensor) => tf.sum(tf.square(tf.grad(inner)(x))));
    expect(outer(tf.tensor2d(numbers(8), [4, 2])).shape).toEqual([4, 2]);
  });
});
