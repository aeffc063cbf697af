import {
  bernoulli,
  hostNormal,
  hostPermutation,
  hostUniform,
  normal,
  permutation,
  uniform,
} from '@regularizers/random';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';

test('wasm gets the host’s numbers', async () => {
  const usual = tf.getBackend();
  try {
    await tf.setBackend('wasm');
    expect(tf.getBackend()).toBe('wasm');
    expect(uniform([30, 41], [1, 2]).dataSync()).toEqual(hostUniform(30 * 41, [1, 2]));
    expect(normal([30, 41], [1, 2]).dataSync()).toEqual(hostNormal(30 * 41, [1, 2]));
    expect(permutation(100, [1, 2]).dataSync()).toEqual(hostPermutation(100, [1, 2]));
    expect(bernoulli([3], [1, 2], {probability: 0.5}).dataSync()).toEqual(Float32Array.of(0, 1, 0));
  } finally {
    await tf.setBackend(usual);
  }
});
