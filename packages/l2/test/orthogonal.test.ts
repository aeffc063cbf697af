import {expectClose} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {orthogonal, orthogonalPenalty} from '../src/index.ts';
import {drive, weightInfo} from './drive.ts';
import * as keras from './keras.ts';

describe('orthogonalPenalty', () => {
  it.each(['rows', 'columns'] as const)("is Keras's for %s, value and gradient", (mode) => {
    const w = tf.tensor([...keras.w], [3, 4]);
    const {value, gradients} = orthogonalPenalty({w}, {strength: 0.1, mode});
    expectClose(value, [keras.orthogonal[mode].value]);
    expectClose(gradients['w']!, keras.orthogonal[mode].gradient);
  });

  it('takes all axes of a convolution but the filters as one', () => {
    const k = tf.tensor([...keras.k], [2, 2, 3, 2]);
    const flat = tf.reshape(k, [12, 2]);
    const options = {strength: 1, mode: 'columns'} as const;
    const [wide, narrow] = [orthogonalPenalty({k}, options), orthogonalPenalty({k: flat}, options)];
    expectClose(wide.value, narrow.value);
    expect(wide.gradients['k']!.shape).toEqual([2, 2, 3, 2]);
    expectClose(tf.reshape(wide.gradients['k']!, [12, 2]), narrow.gradients['k']!);
  });

  it('is nothing where all are orthogonal, at rows of zeros, and for a single row', () => {
    const options = {strength: 1, mode: 'rows'} as const;
    for (const w of [tf.eye(3), tf.zeros([2, 3]), tf.tensor2d([[1, 2, 3]])]) {
      const {value, gradients} = orthogonalPenalty({w}, options);
      expectClose(value, [0]);
      expectClose(gradients['w']!, tf.zerosLike(w));
    }
  });

  it('does not depend on the lengths of rows', () => {
    // 45° and 135°: |cos| is √½, whatever the lengths
    const w = tf.tensor2d([
      [3, 0],
      [-0.1, 0.1],
    ]);
    expectClose(orthogonalPenalty({w}, {strength: 2, mode: 'rows'}).value, [Math.SQRT2]);
  });
});

describe('orthogonal', () => {
  it('takes kernels; is idle at 0; refuses weights without rows and bad options', () => {
    const model = [
      weightInfo('d/kernel', [2, 2]),
      weightInfo('d/bias', [2]),
      weightInfo('e/embeddings', [9, 2], {layerClass: 'Embedding'}),
    ];
    expect(drive(orthogonal(), model).names).toEqual(['d/kernel']);
    expect(drive(orthogonal({include: 'e/*'}), model).names).toEqual(['e/embeddings']);
    expect(() => drive(orthogonal({include: 'd/bias'}), model)).toThrow(
      'include selects no weight of rank 2 or more, which alone has rows: d/bias',
    );
    expect(drive(orthogonal({strength: 0}), model).setup).toEqual({idle: true});
    expect(() => orthogonal({strength: -1})).toThrow('[orthogonal] strength must be in [0, ∞); received -1');
  });
});
