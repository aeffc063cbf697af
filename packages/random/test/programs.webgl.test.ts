import {maskedScale, uniform} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';

test('WebGL compiles nothing per step, and one program for many shapes', () => {
  const programs = () => Object.keys((tf.backend() as unknown as {binaryCache: object}).binaryCache).length;
  uniform([10, 11], [0, 0]).dispose();
  const before = programs();
  for (let step = 1; step < 20; step++) uniform([10 + step, 11 + step], [step, -step]).dispose();
  expect(programs()).toBe(before);
});

test('a mask is one program for all keys, probabilities and sizes, and its gradient is that program', async () => {
  const programs = () => Object.keys((tf.backend() as unknown as {binaryCache: object}).binaryCache).length;
  const masked = (x: tf.Tensor, step: number) => maskedScale(x, [step, -step], {probability: 1 / (step + 1)});
  const sizes = [10, 12, 14].map((size) => tf.relu(tf.ones([size, size + 7])));
  masked(sizes[0]!, 1).dispose();
  const before = programs();
  for (const [step, x] of sizes.entries()) masked(x, step).dispose();
  expect(programs()).toBe(before);

  const x = sizes[0]!;
  const {kernels} = await tf.profile(() => tf.grad((value: tf.Tensor) => masked(value, 1))(x, tf.clone(x)));
  const names = kernels.map(({name}) => name).filter((name) => name !== 'Identity');
  expect(names).toEqual(['RegularizersMaskedScale', 'RegularizersMaskedScale']);
});

test('WebGL 1 is refused', () => {
  tf.env().set('WEBGL_VERSION', 1);
  try {
    expect(() => uniform([3], [1, 2])).toThrow('[random] needs WebGL 2');
    expect(() => maskedScale(tf.ones([3]), [1, 2], {probability: 0.5})).toThrow('[random] needs WebGL 2');
  } finally {
    tf.env().set('WEBGL_VERSION', 2);
  }
});
