import {expectClose} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {maxNormProjection, minMaxNorm, minMaxNormProjection, unitNormProjection} from '../src/index.ts';
import {numbers} from './arbitraries.ts';
import {drive, weightInfo} from './drive.ts';
import * as keras from './keras.ts';
import {scaleUnits} from './norms.ts';

describe('minMaxNormProjection', () => {
  it("is Keras's MinMaxNorm", () => {
    const w = tf.tensor([...keras.w], [3, 4]);
    expectClose(minMaxNormProjection(w, {minValue: 0.9, maxValue: 1.5, rate: 0.3}, [0]), keras.minMaxNorm);
  });

  it('agrees with float64', () => {
    const bounds = fc.tuple(
      fc.double({min: 0, max: 1, noNaN: true}),
      fc.double({min: 1, max: 3, noNaN: true}),
    );
    fc.assert(
      fc.property(
        fc.array(numbers(3), {minLength: 6, maxLength: 6}),
        bounds,
        fc.double({min: 0, max: 1, noNaN: true}),
        (values, [minValue, maxValue], rate) => {
          const factor = (norm: number): number => {
            const floored = Math.max(norm, 1e-7);
            return 1 - rate + (rate * Math.min(Math.max(floored, minValue), maxValue)) / floored;
          };
          const bounded = minMaxNormProjection(tf.tensor2d(values, [3, 2]), {minValue, maxValue, rate}, [0]);
          expectClose(bounded, scaleUnits(values, [3, 2], [0], factor));
        },
      ),
      {numRuns: 40, seed: 4},
    );
  });

  it('leaves what is inside alone, bit for bit, at any rate', () => {
    const values = [0.6, 0.3, 0.7, -1.1].map(Math.fround);
    const bounded = minMaxNormProjection(
      tf.tensor2d(values, [2, 2]),
      {minValue: 0.5, maxValue: 2, rate: 0.3},
      [0],
    );
    expect([...bounded.dataSync()]).toEqual(values);
  });

  it('is max-norm without a minimum, and unit norm between 1 and 1', () => {
    const w = tf.tensor([...keras.w], [3, 4]);
    expectClose(minMaxNormProjection(w, {maxValue: 1.5}, [0]), maxNormProjection(w, 1.5, [0]).dataSync());
    expectClose(minMaxNormProjection(w, {minValue: 1}, [0]), unitNormProjection(w, [0]).dataSync());
  });
});

describe('minMaxNorm', () => {
  const model = [weightInfo('dense/kernel', [2, 2])];

  it('moves norms a part of the way', () => {
    // columns (3, 4) and (0.3, 0.4): norm 5 goes halfway to 1, that is to 3
    const weights = {'dense/kernel': tf.tensor2d([3, 0.3, 4, 0.4], [2, 2])};
    const after = drive(minMaxNorm({rate: 0.5}), model).project(weights, weights, 0.1);
    expectClose(after['dense/kernel']!, [1.8, 0.3, 2.4, 0.4]);
  });

  it('is idle at rate 0', () => {
    expect(drive(minMaxNorm({rate: 0}), model).setup).toEqual({idle: true});
  });

  it('refuses bad options', () => {
    expect(() => minMaxNorm({minValue: 2})).toThrow(
      '[minMaxNorm] minValue must be in [0, maxValue = 1]; received 2',
    );
    expect(() => minMaxNorm({minValue: -1})).toThrow('[minMaxNorm] minValue');
    expect(() => minMaxNorm({maxValue: 0})).toThrow('[minMaxNorm] maxValue');
    expect(() => minMaxNorm({rate: 1.5})).toThrow('[minMaxNorm] rate must be in [0, 1]; received 1.5');
  });
});
