import {expectClose} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {decayedWeight, weightDecay} from '../src/index.ts';
import {drive, weightInfo} from './drive.ts';

const model = [weightInfo('dense/kernel', [1, 2]), weightInfo('dense/bias', [2])];

describe('decayedWeight', () => {
  it('shrinks by a part of the weight before the update', () => {
    // 1.9 − 0.01 · 2, −1 + 0.01 · 3
    expectClose(decayedWeight(tf.tensor([1.9, -1]), tf.tensor([2, -3]), tf.scalar(0.01)), [1.88, -0.97]);
  });
});

describe('weightDecay', () => {
  it('decays by learningRate · rate, kernels only', () => {
    const previous = {'dense/kernel': tf.tensor2d([[2, -4]]), 'dense/bias': tf.tensor1d([1, 1])};
    const updated = {'dense/kernel': tf.tensor2d([[1, -3]]), 'dense/bias': tf.tensor1d([2, 2])};
    // 1 − 0.1 · 0.5 · 2 = 0.9, −3 + 0.1 · 0.5 · 4 = −2.8
    const after = drive(weightDecay({rate: 0.5}), model).project(updated, previous, 0.1);
    expectClose(after['dense/kernel']!, [0.9, -2.8]);
    expect(after['dense/bias']).toBeUndefined();
    expectClose(updated['dense/kernel']!, [1, -3]);
  });

  it('does nothing while the learning rate is 0', () => {
    const weights = {'dense/kernel': tf.tensor2d([[2, -4]]), 'dense/bias': tf.tensor1d([1, 1])};
    expectClose(drive(weightDecay(), model).project(weights, weights, 0)['dense/kernel']!, [2, -4]);
  });

  it('runs before constraints, is idle at rate 0, and refuses bad options', () => {
    expect(weightDecay()).toMatchObject({name: 'weightDecay', tags: ['decay'], before: ['constraint']});
    expect(drive(weightDecay({rate: 0}), model).setup).toEqual({idle: true});
    expect(() => weightDecay({rate: -0.1})).toThrow('[weightDecay] rate must be in [0, ∞); received -0.1');
  });
});
