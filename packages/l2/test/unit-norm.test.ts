import {expectClose} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {unitNorm, unitNormProjection} from '../src/index.ts';
import {drive, weightInfo} from './drive.ts';
import * as keras from './keras.ts';
import {scaleUnits} from './norms.ts';

describe('unitNormProjection', () => {
  it("is Keras's UnitNorm", () => {
    expectClose(unitNormProjection(tf.tensor([...keras.w], [3, 4]), [0]), keras.unitNorm);
  });

  it('agrees with float64 on filters', () => {
    const expected = scaleUnits(keras.k, [2, 2, 3, 2], [0, 1, 2], (norm) => 1 / norm);
    expectClose(unitNormProjection(tf.tensor([...keras.k], [2, 2, 3, 2]), [0, 1, 2]), expected);
  });

  it('keeps a unit of zeros', () => {
    // norms 5 and 0
    expectClose(unitNormProjection(tf.tensor2d([3, 0, 4, 0], [2, 2]), [0]), [0.6, 0, 0.8, 0]);
  });
});

describe('unitNorm', () => {
  it("gives each word's vector norm one", () => {
    const model = [weightInfo('words/embeddings', [2, 2], {layerClass: 'Embedding'})];
    const weights = {'words/embeddings': tf.tensor2d([3, 4, 0, 2], [2, 2])};
    const after = drive(unitNorm(), model).project(weights, weights, 0.1);
    expectClose(after['words/embeddings']!, [0.6, 0.8, 0, 1]);
  });

  it('is a constraint, and refuses what it does not know', () => {
    expect(unitNorm()).toMatchObject({
      name: 'unitNorm',
      tags: expect.arrayContaining(['constraint']),
      after: expect.arrayContaining(['decay']),
    });
    // @ts-expect-error: it has no maximum
    expect(() => unitNorm({maxValue: 1})).toThrow('[unitNorm] unknown option maxValue');
  });
});
