import {deriveKey} from '@regularizers/random';
import {messageOf, setUp, stepOf, tolerance, weightOf} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {valueWithNormalNoise, weightNoise} from '../src/index.ts';

const weights = [
  weightOf({name: 'a/kernel'}),
  weightOf({name: 'a/bias'}),
  weightOf({name: 'norm/moving_mean', role: 'statistic'}),
  weightOf({name: 'tied/kernel', role: 'derived'}),
  weightOf({name: 'plugin/kernel', owner: 'plugin'}),
];

describe('weightNoise', () => {
  it("takes the model's trained weights by default", () => {
    expect(setUp(weightNoise(), {weights}).plan).toEqual(['a/kernel', 'a/bias']);
  });

  it('lets the model read w + n, another n for each weight', async () => {
    const clean = {'a/kernel': tf.zeros([3, 3]), 'a/bias': tf.zeros([3, 3]), 'other/kernel': tf.zeros([2])};
    const read = weightNoise({sigma: 0.5}).weights!(clean, stepOf(1, ['a/kernel', 'a/bias']));
    expect(Object.keys(read)).toEqual(['a/kernel', 'a/bias']);
    const [kernel, bias] = [await read['a/kernel']!.data(), await read['a/bias']!.data()];
    expect(kernel).not.toEqual(bias);
    const expected = valueWithNormalNoise(tf.zeros([3, 3]), deriveKey(1, 'noise/1'), {sigma: 0.5});
    expect(bias).toEqual(await expected.data());
    expect((await clean['a/kernel'].data()).every((w) => w === 0)).toBe(true);
  });

  it('gives the clean weight the gradient at the noisy one', async () => {
    const plugin = weightNoise({sigma: 0.5});
    const noisy = (w: tf.Tensor): tf.Tensor =>
      plugin.weights!({'a/kernel': w}, stepOf(2, ['a/kernel']))['a/kernel']!;
    const w = tf.tensor1d([1, 2, 3]);
    const gradient = await tf
      .grad((x) => tf.sum(tf.square(noisy(x))))(w)
      .data();
    // d/dw (w + n)² = 2(w + n)
    const at = await noisy(w).data();
    gradient.forEach((g, i) => {
      expect(Math.abs(g - 2 * at[i]!)).toBeLessThan(10 * tolerance('elementwise'));
    });
  });

  it('is tagged for its place, idle at 0, and refuses nonsense', () => {
    expect(weightNoise().tags).toEqual(['weight-noise']);
    expect(setUp(weightNoise({sigma: 0}), {weights})).toEqual({idle: true});
    expect(messageOf(() => weightNoise({sigma: -1}))).toBe(
      '[weightNoise] sigma must be in [0, ∞); received -1',
    );
    expect(messageOf(() => setUp(weightNoise({include: 'b/*'}), {weights}))).toMatch(
      /include: "b\/\*" selects nothing/,
    );
  });
});
