import {
  bernoulli,
  beta,
  gamma,
  hostBits,
  hostIntegers,
  hostNormal,
  hostPermutation,
  hostUniform,
  integers,
  type Key,
  normal,
  permutation,
  truncatedNormal,
  uniform,
} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';

const cases: [call: () => unknown, error: Error][] = [
  [
    () => bernoulli([2], [1, 2], {probability: 1.2}),
    rangeError('probability must be in [0, 1]; received 1.2'),
  ],
  [
    () => bernoulli([2], [1, 2], {probability: Number.NaN}),
    rangeError('probability must be in [0, 1]; received NaN'),
  ],
  [() => uniform([2, -1], [1, 2]), rangeError('shape must hold non-negative integers; received [2,-1]')],
  [() => uniform([2.5], [1, 2]), rangeError('shape must hold non-negative integers; received [2.5]')],
  [
    () => uniform([1, 1, 1, 1, 1, 1, 1] as unknown as [1], [1, 2]),
    rangeError('shape must have at most 6 dimensions; received [1,1,1,1,1,1,1]'),
  ],
  [
    () => gamma([1, 1, 1, 1, 1, 1], [1, 2], {alpha: 1}),
    rangeError('shape must have at most 5 dimensions; received [1,1,1,1,1,1]'),
  ],
  [() => uniform([2], [1, 2], {min: 2, max: 1}), rangeError('min must not be above max; received 2 and 1')],
  [() => uniform([2], [1, 2], {max: Infinity}), rangeError('max must be finite; received Infinity')],
  [() => uniform([2], [1.5, 2]), typeError('a key must be a pair of integers; received [1.5,2]')],
  [
    () => uniform([2], tf.tensor1d([1, 2])),
    typeError('a key must be a pair or an int32 tensor of shape [2]; received float32 [2]'),
  ],
  [
    () => uniform([2], undefined as unknown as Key),
    typeError('a key must be a pair or an int32 tensor of shape [2]; received undefined'),
  ],
  [() => normal([2], [1, 2], {mean: Infinity}), rangeError('mean must be finite; received Infinity')],
  [() => normal([2], [1, 2], {sigma: -1}), rangeError('sigma must be at least 0; received -1')],
  [() => truncatedNormal([2], [1, 2], {sigma: -1}), rangeError('sigma must be at least 0; received -1')],
  [() => gamma([2], [1, 2], {alpha: 0}), rangeError('alpha must be above 0 and finite; received 0')],
  [() => beta([2], [1, 2], {alpha: 1, beta: -1}), rangeError('beta must be above 0 and finite; received -1')],
  [
    () => integers([2], [1, 2], {max: 0}),
    rangeError('min and max must be integers, min below max; received 0 and 0'),
  ],
  [
    () => integers([2], [1, 2], {max: 2 ** 30}),
    rangeError('min and max must stay within ±2^24; received 0 and 1073741824'),
  ],
  [() => permutation(-1, [1, 2]), rangeError('n must be a non-negative integer; received -1')],
  [() => hostBits(1.5, [1, 2]), rangeError('n must be a non-negative integer; received 1.5')],
  [() => hostUniform(-1, [1, 2]), rangeError('n must be a non-negative integer; received -1')],
  [() => hostUniform(1, [1, 2], {min: 1, max: 0}), rangeError('min must not be above max; received 1 and 0')],
  [() => hostNormal(-1, [1, 2]), rangeError('n must be a non-negative integer; received -1')],
  [() => hostPermutation(-1, [1, 2]), rangeError('n must be a non-negative integer; received -1')],
  [
    () => hostIntegers(1, [1, 2], {max: 0.5}),
    rangeError('min and max must be integers, min below max; received 0 and 0.5'),
  ],
];

test.each(cases.map(([call, error]) => ({call, error, message: error.message})))(
  '$message',
  ({call, error}) => {
    const before = tf.memory().numTensors;
    expect(() => tf.tidy(() => void call())).toThrow(error);
    expect(tf.memory().numTensors).toBe(before);
  },
);

function rangeError(message: string): RangeError {
  return new RangeError(`[random] ${message}`);
}

function typeError(message: string): TypeError {
  return new TypeError(`[random] ${message}`);
}
