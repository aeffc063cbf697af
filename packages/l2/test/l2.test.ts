import {expectClose} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {l2, l2Penalty} from '../src/index.ts';
import {numbers} from './arbitraries.ts';
import {drive, weightInfo} from './drive.ts';
import * as keras from './keras.ts';

const model = [
  weightInfo('dense/kernel', [3, 4]),
  weightInfo('dense/bias', [4]),
  weightInfo('norm/gamma', [4]),
  weightInfo('frozen/kernel', [4, 4], {role: 'frozen'}),
  weightInfo('tied/kernel', [4, 3], {role: 'derived'}),
  weightInfo('plugin/kernel', [2, 2], {owner: 'plugin'}),
  weightInfo('out/kernel', [4, 2]),
];

describe('l2Penalty', () => {
  it('is half of what Keras gives: its L2(0.05) is our 0.1', () => {
    const {value, gradients} = l2Penalty({w: tf.tensor([...keras.w], [3, 4])}, 0.1);
    expectClose(value, [keras.l2.value]);
    expectClose(gradients['w']!, keras.l2.gradient);
  });

  it('adds up over weights', () => {
    // 0.2/2 · (1 + 4 + 9 + 16) = 3
    const {value, gradients} = l2Penalty({a: tf.tensor([1, -2]), b: tf.tensor2d([[3], [4]])}, 0.2);
    expectClose(value, [3]);
    expectClose(gradients['a']!, [0.2, -0.4]);
    expectClose(gradients['b']!, [0.6, 0.8]);
    expect(value.shape).toEqual([]);
    expect(gradients['b']?.shape).toEqual([2, 1]);
  });

  it('gives the gradient that the tape gives', () => {
    const w = tf.tensor([...keras.w], [3, 4]);
    const taped = tf.grad((x) => l2Penalty({w: x}, 0.3).value)(w);
    expectClose(l2Penalty({w}, 0.3).gradients['w']!, taped.dataSync());
  });

  it('agrees with float64 sums, and leaves its inputs alone', () => {
    fc.assert(
      fc.property(
        fc.array(numbers(5), {minLength: 1, maxLength: 40}),
        fc.double({min: 0, max: 2, noNaN: true}),
        (values, strength) => {
          const w = tf.tensor1d(values);
          const {value, gradients} = l2Penalty({w}, strength);
          expectClose(value, [values.reduce((sum, x) => sum + x * x, 0) * (strength / 2)]);
          expectClose(
            gradients['w']!,
            values.map((x) => strength * x),
          );
          expect([...w.dataSync()]).toEqual(values);
        },
      ),
      {numRuns: 30, seed: 1},
    );
  });
});

describe('l2', () => {
  it('chooses the trained matrices of the model by default', () => {
    expect(drive(l2(), model).names).toEqual(['dense/kernel', 'out/kernel']);
  });

  it('takes names, globs and predicates, of trained weights only', () => {
    expect(drive(l2({include: 'dense/*'}), model).names).toEqual(['dense/kernel', 'dense/bias']);
    expect(drive(l2({include: ['out/kernel', 'plugin/*']}), model).names).toEqual([
      'plugin/kernel',
      'out/kernel',
    ]);
    expect(drive(l2({include: () => true}), model).names).not.toContain('frozen/kernel');
    expect(() => drive(l2({include: 'frozen/kernel'}), model)).toThrow(/selects nothing.*\n.*dense\/kernel/);
  });

  it('penalizes what it chose', () => {
    const weights = {'dense/kernel': tf.tensor2d([[2]]), 'dense/bias': tf.tensor1d([9])};
    const plugin = drive(l2({strength: 0.5}), [model[0]!, model[1]!]);
    const {value, gradients} = plugin.penalty(weights);
    expectClose(value, [1]); // 0.5/2 · 4
    expect(Object.keys(gradients)).toEqual(['dense/kernel']);
    expectClose(gradients['dense/kernel']!, [1]);
  });

  it('is idle at strength 0', () => {
    expect(drive(l2({strength: 0}), model).setup).toEqual({idle: true});
  });

  it('keeps the type of its name', () => {
    const plain: 'l2' = l2().name;
    const other: 'heads' = l2({name: 'heads', strength: 1}).name;
    expect([plain, other]).toEqual(['l2', 'heads']);
  });

  it('refuses what it does not understand', () => {
    expect(() => l2({strength: -1})).toThrow('[l2] strength must be in [0, ∞); received -1');
    expect(() => l2({strength: Number.NaN})).toThrow('[l2] strength');
    // @ts-expect-error: the option is called strength
    expect(() => l2({rate: 1})).toThrow('[l2] unknown option rate');
    // @ts-expect-error: a number selects nothing
    expect(() => l2({include: 3, name: 'mine'})).toThrow('[mine] include must be a name');
  });
});
