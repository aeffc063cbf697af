import {expectClose} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {
  adaptivelyClippedGradient,
  clipGradients,
  globallyClippedGradients,
  globalNorm,
} from '../src/index.ts';
import {numbers} from './arbitraries.ts';
import {drive, weightInfo} from './drive.ts';
import * as keras from './keras.ts';
import {scaleUnits} from './norms.ts';

const model = [weightInfo('a', [3, 4]), weightInfo('b', [2]), weightInfo('p/c', [1], {owner: 'p'})];
const gradients = {a: tf.tensor([...keras.w], [3, 4]), b: tf.tensor1d([3, -4]), 'p/c': tf.tensor1d([7])};

describe('globallyClippedGradients', () => {
  it('agrees with float64, and keeps small gradients bit for bit', () => {
    const list = fc.array(numbers(3), {
      minLength: 1,
      maxLength: 9,
    });
    fc.assert(
      fc.property(list, list, fc.double({min: 0.1, max: 9, noNaN: true}), (a, b, threshold) => {
        const norm = Math.hypot(...a, ...b);
        const factor = norm > threshold ? threshold / norm : 1;
        const clipped = globallyClippedGradients({a: tf.tensor1d(a), b: tf.tensor1d(b)}, threshold);
        const scaled = (x: number): number => x * factor;
        expectClose(clipped['a']!, a.map(scaled));
        expectClose(clipped['b']!, b.map(scaled));
        if (norm < threshold * 0.999) expect([...clipped['a']!.dataSync()]).toEqual(a);
      }),
      {numRuns: 40, seed: 5},
    );
  });

  it('survives gradients of zero', () => {
    expectClose(globallyClippedGradients({a: tf.tensor1d([0, 0])}, 1)['a']!, [0, 0]);
    expectClose(globalNorm([tf.tensor1d([3]), tf.scalar(-4)]), [5]);
  });
});

describe('adaptivelyClippedGradient', () => {
  it('limits a gradient to a part of its weights, unit by unit', () => {
    const weight = [3, 0, 4, 0]; // columns of norm 5 and 0; 0 counts as 1e-3
    const gradient = [0.3, 3, 0.4, 4]; // columns of norm 0.5 and 5
    // limits 0.2 · 5 = 1 and 0.2 · 1e-3: the first stays, the second is scaled by 2e-4/5
    const clipped = adaptivelyClippedGradient(
      tf.tensor2d(gradient, [2, 2]),
      tf.tensor2d(weight, [2, 2]),
      0.2,
      [0],
    );
    expectClose(clipped, [0.3, 1.2e-4, 0.4, 1.6e-4]);
  });

  it('agrees with float64 where all weights have one norm', () => {
    const values = keras.k;
    const weight = tf.fill([2, 2, 3, 2], 0.5); // each filter's norm is √12/2
    const limit = (0.3 * Math.sqrt(12)) / 2;
    const expected = scaleUnits(values, [2, 2, 3, 2], [0, 1, 2], (norm) => Math.min(1, limit / norm));
    expectClose(
      adaptivelyClippedGradient(tf.tensor([...values], [2, 2, 3, 2]), weight, 0.3, [0, 1, 2]),
      expected,
    );
  });
});

describe('clipGradients', () => {
  it("by global norm: Keras's global_clipnorm", () => {
    const own = model.filter(({owner}) => owner === undefined);
    const clipped = drive(clipGradients(), own).gradients(gradients);
    expectClose(clipped['a']!, keras.globalClipNorm.a);
    expectClose(clipped['b']!, keras.globalClipNorm.b);
  });

  it("by global norm: of all gradients together, plugins' own too", () => {
    const clipped = drive(clipGradients({threshold: 0.5}), model).gradients(gradients);
    expectClose(globalNorm(Object.values(clipped)), [0.5]);
  });

  it("by weight norm: Keras's clipnorm", () => {
    const clipped = drive(clipGradients({by: 'weightNorm'}), model).gradients(gradients);
    expectClose(clipped['a']!, keras.clipNorm.a);
    expectClose(clipped['b']!, keras.clipNorm.b);
  });

  it("by value: Keras's clipvalue", () => {
    const clipped = drive(clipGradients({by: 'value', threshold: 0.5}), model).gradients(gradients);
    expectClose(clipped['a']!, keras.clipValue.a);
    expectClose(clipped['b']!, keras.clipValue.b);
  });

  it('adaptive: by unit for matrices, whole for vectors', () => {
    const weights = {a: tf.ones([3, 4]), b: tf.tensor1d([30, 40]), 'p/c': tf.tensor1d([1])};
    const clipped = drive(clipGradients({by: 'adaptive'}), model).gradients(gradients, weights);
    const limit = 0.01 * Math.sqrt(3);
    expectClose(
      clipped['a']!,
      scaleUnits(keras.w, [3, 4], [0], (norm) => Math.min(1, limit / norm)),
    );
    expectClose(clipped['b']!, [0.3, -0.4]); // 5 → 0.01 · 50
  });

  it('changes only what include chooses', () => {
    const clipped = drive(clipGradients({include: 'b'}), model).gradients(gradients);
    expect(clipped['a']).toBeUndefined();
    expectClose(clipped['b']!, [0.6, -0.8]);
  });

  it('refuses bad options', () => {
    expect(() => clipGradients({threshold: 0})).toThrow(
      '[clipGradients] threshold must be in (0, ∞); received 0',
    );
    // @ts-expect-error: the word is globalNorm
    expect(() => clipGradients({by: 'norm'})).toThrow(
      '[clipGradients] by must be one of globalNorm, weightNorm',
    );
    expect(clipGradients()).toMatchObject({tags: ['clipping'], excludes: ['clipping']});
  });
});
