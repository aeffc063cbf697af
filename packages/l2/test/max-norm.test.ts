import {expectClose} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {maxNorm, maxNormProjection} from '../src/index.ts';
import {numbers} from './arbitraries.ts';
import {drive, weightInfo} from './drive.ts';
import * as keras from './keras.ts';
import {scaleUnits} from './norms.ts';

describe('maxNormProjection', () => {
  it("is Keras's MaxNorm", () => {
    const w = tf.tensor([...keras.w], [3, 4]);
    expectClose(maxNormProjection(w, 1.5, [0]), keras.maxNorm);
    expectClose(maxNormProjection(w, 1.5, [1]), keras.maxNormRows);
    expectClose(maxNormProjection(tf.tensor([...keras.k], [2, 2, 3, 2]), 1, [0, 1, 2]), keras.maxNormFilters);
  });

  it('leaves what is inside the ball alone, bit for bit, and units of zeros too', () => {
    const values = [0.1, 0, -0.2, 0, 1e-5, 0].map(Math.fround);
    const w = tf.tensor2d(values, [3, 2]);
    expect([...maxNormProjection(w, 1, [0]).dataSync()]).toEqual(values);
  });

  it('agrees with float64, and afterwards no norm is above the maximum', () => {
    fc.assert(
      fc.property(
        fc.array(numbers(3), {minLength: 24, maxLength: 24}),
        fc.double({min: 0.1, max: 4, noNaN: true}),
        fc.constantFrom([0], [1], [2], [0, 1], [0, 2], [0, 1, 2]),
        (values, maxValue, axes) => {
          const shape: [number, number, number] = [2, 3, 4];
          const w = tf.tensor3d(values, shape);
          const limited = maxNormProjection(w, maxValue, axes);
          expect(limited.shape).toEqual(shape);
          expectClose(
            limited,
            scaleUnits(values, shape, axes, (norm) => (norm > maxValue ? maxValue / norm : 1)),
          );
          expect([...w.dataSync()]).toEqual(values);
          const norms = tf.sqrt(tf.sum(tf.square(limited), [...axes])).dataSync();
          for (const norm of norms) expect(norm).toBeLessThanOrEqual(maxValue * (1 + 1e-5));
        },
      ),
      {numRuns: 40, seed: 3},
    );
  });
});

describe('maxNorm', () => {
  const kernel = {'conv/kernel': tf.tensor([...keras.k], [2, 2, 3, 2]), 'conv/bias': tf.tensor1d([9, 9])};
  const model = [
    weightInfo('conv/kernel', [2, 2, 3, 2], {layerClass: 'Conv2D'}),
    weightInfo('conv/bias', [2]),
  ];

  it('takes the norm of whole filters by default, and of what axis says otherwise', () => {
    const byFilter = drive(maxNorm({maxValue: 1}), model).project(kernel, kernel, 0.1);
    expectClose(byFilter['conv/kernel']!, keras.maxNormFilters);
    expect(byFilter['conv/bias']).toBeUndefined();
    const said = drive(maxNorm({maxValue: 1, axis: [0, 1, -2]}), model).project(kernel, kernel, 0.1);
    expectClose(said['conv/kernel']!, keras.maxNormFilters);
  });

  it('runs after decay', () => {
    expect(maxNorm()).toMatchObject({
      name: 'maxNorm',
      tags: expect.arrayContaining(['constraint']),
      after: expect.arrayContaining(['decay']),
    });
  });

  it('refuses bad options, and axes that a weight has not', () => {
    expect(() => maxNorm({maxValue: 0})).toThrow('[maxNorm] maxValue must be in (0, ∞); received 0');
    expect(() => maxNorm({axis: 0.5})).toThrow('[maxNorm] axis must be an integer; received 0.5');
    expect(() => maxNorm({axis: [0, 0]})).toThrow('[maxNorm] axis must be a list of 1 or more');
    expect(() => maxNorm({axis: []})).toThrow('[maxNorm] axis must be a list of 1 or more');
    expect(() => drive(maxNorm({axis: 4}), model)).toThrow(
      '[maxNorm] axis 4 is not an axis of conv/kernel, which has shape [2, 2, 3, 2]',
    );
  });
});
