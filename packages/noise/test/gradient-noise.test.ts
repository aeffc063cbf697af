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
  it('has a variance of η/(1 + t)^γ, t from 1', () => {
    // √(0.01/2^0.55) = √(0.01/1.4640857) = 0.0826447; at t = 99: √(0.01/100^0.55) = √(0.01/12.589254) = 0.0281838
    expect(gradientNoiseSigma(1, {eta: 0.01, gamma: 0.55})).toBeCloseTo(0.0826447, 6);
    expect(gradientNoiseSigma(99, {eta: 0.01, gamma: 0.55})).toBeCloseTo(0.0281838, 6);
    // γ = 1, η = 1: √(1/4) = 0.5 at t = 3
    expect(gradientNoiseSigma(3, {eta: 1, gamma: 1})).toBe(0.5);
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
