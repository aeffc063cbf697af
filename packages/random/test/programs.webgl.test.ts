import {uniform} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';

test('WebGL compiles nothing per step, and one program for many shapes', () => {
  const programs = () => Object.keys((tf.backend() as unknown as {binaryCache: object}).binaryCache).length;
  uniform([10, 11], [0, 0]).dispose();
  const before = programs();
  for (let step = 1; step < 20; step++) uniform([10 + step, 11 + step], [step, -step]).dispose();
  expect(programs()).toBe(before);
});

test('WebGL 1 is refused', () => {
  tf.env().set('WEBGL_VERSION', 1);
  try {
    expect(() => uniform([3], [1, 2])).toThrow('[random] needs WebGL 2');
  } finally {
    tf.env().set('WEBGL_VERSION', 2);
  }
});
