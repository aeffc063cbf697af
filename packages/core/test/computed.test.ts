import {computed, RegularizerError} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';

function thrown(run: () => unknown): RegularizerError {
  try {
    run();
  } catch (error) {
    if (RegularizerError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const doubled = (x: tf.Tensor, by: number): tf.Tensor =>
  computed('doubled', {x, by}, () => tf.add(tf.mul(x, by), tf.mul(tf.ones([2]), tf.zerosLike(x))));

test('what goes wrong is said of what was given, with the error underneath', () => {
  const error = thrown(() => doubled(tf.ones([3]), 2));
  expect(error.where).toBe('doubled');
  expect(error.code).toBe('not-computable');
  expect(error.problem).toBe('there is no result for x: a tensor [3], by: 2');
  expect(error.hint).toMatch(/^The reason: ".*shapes/);
  expect(error.cause).toBeInstanceOf(Error);
});

test('of tensors only those in the result are left, and none where there is no result', () => {
  tf.tidy(() => {
    const [two, three] = [tf.ones([2]), tf.ones([3])];
    const before = tf.memory().numTensors;
    doubled(two, 2);
    expect(tf.memory().numTensors).toBe(before + 1);
    thrown(() => doubled(three, 2));
    expect(tf.memory().numTensors).toBe(before + 1);
  });
});

test('typed errors pass as they are', () => {
  const own = new RegularizerError({where: 'mine', code: 'mine', message: 'no'});
  expect(
    thrown(() =>
      computed('other', {}, () => {
        throw own;
      }),
    ),
  ).toBe(own);
});
