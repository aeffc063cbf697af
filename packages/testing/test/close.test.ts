import {expectClose, expectSame, makeFixture, type ToleranceKind, tolerance} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';

const kinds: readonly ToleranceKind[] = ['exact', 'elementwise', 'reduction', 'transcendental', 'training'];

test('tolerances grow from exact, which is nothing, to training', () => {
  const values = kinds.map(tolerance);
  expect(values[0]).toBe(0);
  expect(values).toEqual(values.toSorted((a, b) => a - b));
});

test('a tolerance is absolute near zero and relative far from it', () => {
  const allowed = tolerance('training');
  expectClose([0.5 * allowed, 1000 + 500 * allowed], [0, 1000], 'training');
  expect(() => expectClose([2 * allowed], [0], 'training')).toThrow('[0]: ');
  expect(() => expectClose([1000 + 2000 * allowed], [1000], 'training')).toThrow('[0]: ');
});

test('tensors, nested arrays, typed arrays and numbers compare', () => {
  const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
  expectClose(x, [
    [1, 2],
    [3, 4],
  ]);
  expectClose(x, [1, 2, 3, 4]);
  expectClose(x, Float32Array.of(1, 2, 3, 4));
  expectSame(x, x);
  expectClose(tf.scalar(2), 2);
  x.dispose();
});

test('the message says where the largest difference is, and how many there are', () => {
  const x = tf.tensor2d([1, 2, 3.5, 9], [2, 2]);
  expect(() => expectClose(x, [1, 2, 3, 4])).toThrow(/^\[1, 1\]: 9, expected 4 ± .* 2 of 4 differ/);
  expect(() => expectSame(x, [1, 2, 3, 4])).toThrow('[1, 0]: 3.5, expected 3; 2 of 4 differ');
  expect(() => expectClose(x, [[1, 2, 3.5, 9]])).toThrow('expected the shape [1, 4], but it is [2, 2]');
  expect(() => expectClose(x, [1, 2])).toThrow('expected the shape of 2 values, but it is [2, 2]');
  x.dispose();
});

test('not-a-number and infinities are close to themselves only', () => {
  expectClose([Number.NaN, Number.POSITIVE_INFINITY], [Number.NaN, Number.POSITIVE_INFINITY]);
  expect(() => expectClose([Number.NaN], [0])).toThrow('NaN, expected 0');
  expect(() => expectClose([0], [Number.NaN])).toThrow('0, expected NaN');
  expect(() => expectClose([Number.NEGATIVE_INFINITY], [Number.POSITIVE_INFINITY])).toThrow('-Infinity');
});

test('same means every bit: zeros have a sign', () => {
  expectClose([-0], [0], 'exact');
  expect(() => expectSame([-0], [0])).toThrow('[0]: -0, expected 0; 1 of 1 differ');
});

test('fixtures have the same data each time, and leave nothing behind', () => {
  const before = tf.memory().numTensors;
  const names = [
    'classifier',
    'images',
    'residual',
    'autoencoder',
    'sequence',
    'regression',
    'composite',
  ] as const;
  for (const name of names) {
    const [one, other] = [makeFixture(name), makeFixture(name)];
    expectSame(one.x, other.x);
    expectSame(one.y, other.y);
    expect(one.model.inputs[0]!.shape.slice(1)).toEqual(one.x.shape.slice(1));
    expect(one.model.outputs[0]!.shape.slice(1)).toEqual(one.y.shape.slice(1));
    one.dispose();
    other.dispose();
  }
  expect(tf.memory().numTensors).toBe(before);
});

test('images are in [0, 1]', () => {
  const {x, dispose} = makeFixture('images');
  const values = x.dataSync();
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...values)).toBeLessThanOrEqual(1);
  dispose();
});
