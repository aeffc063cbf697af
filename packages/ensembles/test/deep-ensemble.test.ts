import {RegularizerError} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {deepEnsemble, mixtureMoments} from '../src/index.ts';
import {contextOf} from './context.ts';
import {expectClose, filled, numbers} from './helpers.ts';

describe('mixtureMoments', () => {
  it('has the mean and variance of the mixture', () => {
    // μ* = (1 + 3)/2 = 2; σ*² = (1 + 2)/2 + ((1 − 2)² + (3 − 2)²)/2 = 1.5 + 1.
    const {mean, variance} = mixtureMoments([
      {mean: tf.scalar(1), variance: tf.scalar(1)},
      {mean: tf.scalar(3), variance: tf.scalar(2)},
    ]);
    expectClose(mean, [2]);
    expectClose(variance, [2.5]);
  });

  it("is the paper's formula", () => {
    const members = [1, 20, 40].map((from) => ({
      mean: filled([5], from),
      variance: tf.abs(filled([5], from + 7)),
    }));
    const values = [1, 20, 40].map((from) => ({
      mean: numbers(5, from),
      variance: numbers(5, from + 7).map(Math.abs),
    }));
    const mean = values[0]!.mean.map((_, i) => values.reduce((sum, one) => sum + one.mean[i]!, 0) / 3);
    const variance = mean.map(
      (m, i) => values.reduce((sum, one) => sum + one.variance[i]! + one.mean[i]! ** 2, 0) / 3 - m ** 2,
    );
    const combined = mixtureMoments(members);
    expectClose(combined.mean, mean);
    expectClose(combined.variance, variance);
  });
});

describe('deepEnsemble', () => {
  it('only asks for members', () => {
    const plugin = deepEnsemble({members: 3});
    expect(plugin.members).toBe(3);
    expect(plugin.owns).toEqual(['members']);
    expect(plugin.sample).toBeUndefined();
    expect(plugin.setup?.(contextOf({'out/kernel': 'trained'})).idle).toBe(false);
  });

  it('is nothing with one member', () => {
    expect(deepEnsemble({members: 1}).setup?.(contextOf({'out/kernel': 'trained'})).idle).toBe(true);
  });

  it('refuses what it does not know', () => {
    expect(() => deepEnsemble({members: 0})).toThrow(RegularizerError);
    expect(() => deepEnsemble({members: 2.5})).toThrow(/an integer in \[1/);
    // @ts-expect-error: no such option
    expect(() => deepEnsemble({sampleSize: 0.5})).toThrow(/unknown option sampleSize/);
  });
});
