import type {StepPosition} from '@regularizers/core';
import {gradientStepOf, messageOf, setUp, weightOf} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {gradientNoise, gradientNoiseSigma} from '../src/index.ts';
import {moments} from './statistics.ts';

const weights = [
  weightOf({name: 'a/kernel'}),
  weightOf({name: 'a/bias'}),
  weightOf({name: 'b/kernel', role: 'frozen'}),
];
const at = (step: number): StepPosition => ({
  step,
  epoch: 1,
  stepInEpoch: step,
  member: 0,
  run: {examples: 8, batchSize: 8, epochs: 1, stepsPerEpoch: 1},
});

describe('gradientNoise', () => {
  it('has a variance of η/(1 + t)^γ, t the steps done before, as in Optax', () => {
    // γ = 1, η = 1: √(1/4) = 0.5 at t = 3; at t = 0 it is √η.
    expect(gradientNoiseSigma(4, {eta: 1, gamma: 1})).toBe(0.5);
    expect(gradientNoiseSigma(1, {eta: 0.01, gamma: 0.55})).toBe(0.1);
    // Standard deviations of a million numbers in the first five steps of optax.add_noise(0.3, 0.55, 7), Optax 0.2.8:
    // each is off by about 1/√2000000 = 0.0007 of itself.
    const theirs = [0.54756, 0.45292, 0.40492, 0.37382, 0.3521];
    for (const [before, sigma] of theirs.entries()) {
      const ours = gradientNoiseSigma(before + 1, {eta: 0.3, gamma: 0.55});
      expect(Math.abs(ours / sigma - 1)).toBeLessThan(0.003);
    }
    expect(gradientNoise().scalars!(at(1), undefined)).toEqual({
      sigma: gradientNoiseSigma(1, {eta: 0.01, gamma: 0.55}),
    });
  });

  it('adds noise of that size, of its own for each gradient', async () => {
    const plugin = gradientNoise();
    const {plan} = setUp(plugin, {weights});
    expect(plan).toEqual(['a/kernel', 'a/bias']);
    const clean = {
      'a/kernel': tf.fill([100, 100], 2),
      'a/bias': tf.fill([100, 100], 2),
      'other/kernel': tf.ones([3]),
    };
    const noisy = plugin.gradients!(clean, gradientStepOf(1, plan, {sigma: tf.scalar(0.3)}));
    expect(Object.keys(noisy)).toEqual(['a/kernel', 'a/bias']);
    const [kernel, bias] = [await noisy['a/kernel']!.data(), await noisy['a/bias']!.data()];
    expect(kernel).not.toEqual(bias);
    const {mean, variance} = moments(kernel);
    // Standard deviation of the mean 0.3/√10000 = 0.003, of the variance 0.09·√(2/10000) = 0.0013.
    expect(Math.abs(mean - 2)).toBeLessThan(0.012);
    expect(Math.abs(variance - 0.09)).toBeLessThan(0.0052);
  });

  it('comes after clipping, is idle at 0, and refuses nonsense', () => {
    expect([gradientNoise().tags, gradientNoise().after]).toEqual([['gradient-noise'], ['clipping']]);
    expect(setUp(gradientNoise({eta: 0}), {weights})).toEqual({idle: true});
    expect(messageOf(() => gradientNoise({eta: -1}))).toBe(
      '[gradientNoise] eta must be in [0, ∞); received -1',
    );
    expect(messageOf(() => gradientNoise({gamma: Number.POSITIVE_INFINITY}))).toMatch(
      /gamma must be in \[0, ∞\)/,
    );
  });
});
