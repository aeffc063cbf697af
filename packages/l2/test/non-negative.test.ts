import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {nonNegative} from '../src/index.ts';
import {drive, weightInfo} from './drive.ts';

describe('nonNegative', () => {
  it('sets negative weights to zero, in kernels only', () => {
    const model = [weightInfo('dense/kernel', [2, 2]), weightInfo('dense/bias', [1])];
    const weights = {'dense/kernel': tf.tensor2d([-1, 0, 0.5, -3], [2, 2]), 'dense/bias': tf.tensor1d([-1])};
    const after = drive(nonNegative(), model).project(weights, weights, 0.1);
    // WebGL's zeros are negative
    expect([...after['dense/kernel']!.dataSync()].map((w) => w + 0)).toEqual([0, 0, 0.5, 0]);
    expect(after['dense/bias']).toBeUndefined();
    expect([...weights['dense/kernel'].dataSync()]).toEqual([-1, 0, 0.5, -3]);
  });

  it('is a constraint, and refuses what it does not know', () => {
    expect(nonNegative()).toMatchObject({
      name: 'nonNegative',
      tags: expect.arrayContaining(['constraint']),
      after: expect.arrayContaining(['decay']),
    });
    // @ts-expect-error: it has no axis
    expect(() => nonNegative({axis: 0})).toThrow('[nonNegative] unknown option axis');
  });
});
