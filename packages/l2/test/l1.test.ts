import {expectClose} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {l1, l1Penalty, softThreshold} from '../src/index.ts';
import {numbers} from './arbitraries.ts';
import {drive, weightInfo} from './drive.ts';
import * as keras from './keras.ts';

const model = [weightInfo('dense/kernel', [2, 2]), weightInfo('dense/bias', [2])];

describe('l1Penalty', () => {
  it("is Keras's L1", () => {
    const {value, gradients} = l1Penalty({w: tf.tensor([...keras.w], [3, 4])}, 0.1);
    expectClose(value, [keras.l1.value]);
    expectClose(gradients['w']!, keras.l1.gradient);
  });

  it('has no pull at zero', () => {
    expectClose(l1Penalty({w: tf.tensor([0, -0])}, 3).gradients['w']!, [0, 0]);
  });
});

describe('softThreshold', () => {
  it('moves toward zero, and stops there', () => {
    // 3 − 1, 0.5 → 0, −2 + 1, 0, 1 → 0
    const shrunk = softThreshold(tf.tensor([3, 0.5, -2, 0, 1]), tf.scalar(1));
    expect([...shrunk.dataSync()]).toEqual([2, 0, -1, 0, 0]);
  });

  it('is the proximal operator of t·|x|: no other x is better', () => {
    const number = numbers(4);
    fc.assert(
      fc.property(number, fc.double({min: 0, max: 2, noNaN: true}), number, (w, threshold, other) => {
        const x = softThreshold(tf.scalar(w), tf.scalar(threshold)).dataSync()[0]!;
        const cost = (z: number): number => threshold * Math.abs(z) + 0.5 * (z - w) ** 2;
        expect(cost(x)).toBeLessThanOrEqual(cost(other) + 1e-5);
      }),
      {numRuns: 100, seed: 2},
    );
  });

  it('is the identity at threshold 0, keeps the shape and leaves its input alone', () => {
    const values = [1.1, -2.2, 0, 3.3].map(Math.fround);
    const w = tf.tensor2d(values, [2, 2]);
    const same = softThreshold(w, tf.scalar(0));
    expect(same.shape).toEqual([2, 2]);
    expect([...same.dataSync()]).toEqual(values);
    softThreshold(w, tf.scalar(1));
    expect([...w.dataSync()]).toEqual(values);
  });
});

describe('l1', () => {
  const weights = {
    'dense/kernel': tf.tensor2d([3, -0.01, 0.02, -4], [2, 2]),
    'dense/bias': tf.tensor1d([0.01, 1]),
  };

  it('by its subgradient: a penalty and no projection', () => {
    const plugin = l1({strength: 0.1});
    expect(plugin.project).toBeUndefined();
    expect(plugin.tags).toBeUndefined();
    const {value, gradients} = drive(plugin, model).penalty(weights);
    expectClose(value, [0.703]); // 0.1 · (3 + 0.01 + 0.02 + 4)
    expectClose(gradients['dense/kernel']!, [0.1, -0.1, 0.1, -0.1]);
  });

  it('proximal: the same value, no gradient, and zeros after the update', () => {
    const plugin = drive(l1({strength: 0.1, proximal: true}), model);
    const {value, gradients} = plugin.penalty(weights);
    expectClose(value, [0.703]);
    expect(gradients).toEqual({});
    // threshold = learning rate 0.5 · strength 0.1 = 0.05
    const after = plugin.project(weights, weights, 0.5);
    expectClose(after['dense/kernel']!, [2.95, 0, 0, -3.95]);
    expect([...after['dense/kernel']!.dataSync()].filter((x) => x === 0)).toHaveLength(2);
    expect(after['dense/bias']).toBeUndefined();
  });

  it('proximal: runs after decay and before constraints', () => {
    expect(l1({proximal: true})).toMatchObject({after: ['decay'], before: ['constraint']});
  });

  it('is idle at strength 0, and refuses bad options', () => {
    expect(drive(l1({strength: 0, proximal: true}), model).setup).toEqual({idle: true});
    expect(() => l1({strength: Number.POSITIVE_INFINITY})).toThrow('[l1] strength must be in [0, ∞)');
    // @ts-expect-error: a flag
    expect(() => l1({proximal: 'yes'})).toThrow('[l1] proximal must be true or false; received "yes"');
  });
});
