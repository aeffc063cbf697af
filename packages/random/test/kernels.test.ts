import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import {
  bernoulli,
  beta,
  gamma,
  hostUniform,
  integers,
  type KeyLike,
  keyTensor,
  normal,
  permutation,
  truncatedNormal,
  uniform,
} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, test} from 'vitest';

const draws: Record<string, (key: KeyLike) => tf.Tensor> = {
  uniform: (key) => uniform([4, 5], key),
  'uniform in bounds': (key) => uniform([4, 5], key, {min: -1, max: 2}),
  normal: (key) => normal([4, 5], key),
  'normal with options': (key) => normal([4, 5], key, {mean: 1, sigma: 2}),
  bernoulli: (key) => bernoulli([4, 5], key, {probability: 0.5}),
  'bernoulli of a tensor': (key) =>
    tf.tidy(() => bernoulli([4, 5], key, {probability: tf.fill([4, 1], 0.5)})),
  truncatedNormal: (key) => truncatedNormal([4, 5], key, {mean: 1}),
  gamma: (key) => gamma([4, 5], key, {alpha: 0.5}),
  'gamma of a tensor': (key) => tf.tidy(() => gamma([4, 5], key, {alpha: tf.fill([5], 2)})),
  beta: (key) => beta([4, 5], key, {alpha: 0.5, beta: 2}),
  integers: (key) => integers([4, 5], key, {max: 10}),
  permutation: (key) => permutation(20, key),
};

describe.each(Object.entries(draws))('%s', (_, draw) => {
  test('depends on the key alone, given as a pair or as a tensor', () => {
    const first = draw([1, 2]).dataSync();
    expect(draw([1, 2]).dataSync()).toEqual(first);
    expect(draw(keyTensor([1, 2])).dataSync()).toEqual(first);
    expect(draw([1, 3]).dataSync()).not.toEqual(first);
    expect(draw([2, 2]).dataSync()).not.toEqual(first);
  });

  test('leaves one tensor, and none in a tidy', () => {
    const key = keyTensor([1, 2]);
    for (const given of [key, [1, 2]] as const) {
      const before = tf.memory();
      const drawn = draw(given);
      expect(tf.memory().numTensors).toBe(before.numTensors + 1);
      drawn.dispose();
      tf.tidy(() => {
        draw(given);
      });
      expect(tf.memory().numTensors).toBe(before.numTensors);
      expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
    }
  });

  test('is a constant to the gradient', () => {
    const x = tf.tensor1d([2]);
    const before = tf.memory().numTensors;
    const {value, grad} = tf.valueAndGrad((t: tf.Tensor) => {
      const drawn = tf.cast(draw([1, 2]), 'float32');
      return tf.sum(tf.mul(t, drawn)) as tf.Tensor;
    })(x);
    const total = tf.tidy(() => tf.sum(tf.cast(draw([1, 2]), 'float32')));
    expect(grad.dataSync()[0]).toBeCloseTo(total.dataSync()[0]!, 4);
    expect(value.dataSync()[0]).toBeCloseTo(2 * total.dataSync()[0]!, 4);
    tf.dispose([value, grad, total]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('gradients in the parameters', () => {
  const gradientOf = (f: (p: tf.Tensor) => tf.Tensor) =>
    tf.tidy(
      () =>
        tf
          .grad((p: tf.Tensor) => tf.sum(f(p)))(tf.scalar(0.5))
          .dataSync()[0]!,
    );

  test('are 0 where numbers are accepted or rejected', () => {
    const plusP = (draw: (p: tf.Tensor) => tf.Tensor) => gradientOf((p) => tf.add(p, draw(p)));
    expect(plusP((p) => bernoulli([3], [1, 2], {probability: p}))).toBe(3);
    expect(plusP((p) => gamma([3], [1, 2], {alpha: p}))).toBe(3);
    expect(plusP((p) => beta([3], [1, 2], {alpha: p, beta: p}))).toBe(3);
  });

  test('flow where numbers are moved and scaled', () => {
    expect(gradientOf((p) => normal([3], [1, 2], {mean: p}))).toBe(3);
    expect(gradientOf((p) => truncatedNormal([3], [1, 2], {mean: p}))).toBe(3);
    const sumOfU = hostUniform(3, [1, 2]).reduce((sum, u) => sum + u, 0);
    expect(gradientOf((p) => uniform([3], [1, 2], {max: p}))).toBeCloseTo(sumOfU, 5);
  });
});

/** A backend that the package has never heard of: it can be written to and read from, and nothing else. */
class UnknownBackend extends tf.KernelBackend {
  private readonly values = new Map<object, tf.BackendValues>();
  override write(values: tf.BackendValues): tf.DataId {
    const dataId = {};
    this.values.set(dataId, values);
    return dataId;
  }
  override readSync(dataId: object): tf.BackendValues {
    return this.values.get(dataId)!;
  }
  override disposeData(dataId: object): boolean {
    return this.values.delete(dataId);
  }
  override numDataIds(): number {
    return this.values.size;
  }
  override dispose(): void {}
}

test('a backend without a program of its own gets the same bits, made on the host', async () => {
  const usual = tf.getBackend();
  tf.registerBackend('unknown', () => new UnknownBackend());
  try {
    await tf.setBackend('unknown');
    expect(uniform([3, 3], [1, 2]).dataSync()).toEqual(hostUniform(9, [1, 2]));
    expect(bernoulli([3], [1, 2], {probability: 0.5}).dataSync()).toEqual(Float32Array.of(0, 1, 0));
  } finally {
    await tf.setBackend(usual);
    tf.removeBackend('unknown');
  }
});
