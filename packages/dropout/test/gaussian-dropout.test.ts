import {deriveKey} from '@regularizers/random';
import {messageOf, setUp, sitesOf, stepOf} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {gaussianDropout, gaussianDropoutMask} from '../src/index.ts';
import {moments} from './statistics.ts';

const sites = sitesOf({layerClass: 'Dense', config: {activation: 'relu'}});

describe('gaussianDropout', () => {
  it('has the mean and the variance of a dropout mask', async () => {
    const mask = await gaussianDropoutMask([100_000], deriveKey(7, 'gaussian'), {rate: 0.2}).data();
    const {mean, variance} = moments(mask);
    // p/(1 − p) = 0.2/0.8 = 0.25; standard deviation of the mean 0.5/√100000 = 0.0016.
    expect(Math.abs(mean - 1)).toBeLessThan(0.0064);
    expect(Math.abs(variance - 0.25)).toBeLessThan(0.005);
  });

  it('multiplies by the mask, and so does its gradient', async () => {
    const value = tf.fill([4, 4], 2);
    const apply = (x: tf.Tensor): tf.Tensor => gaussianDropout().activation!(x, sites[0]!, stepOf(1));
    const result = await apply(value).data();
    const gradient = await tf
      .grad((x) => tf.sum(apply(x)))(value)
      .data();
    expect([...gradient].map((g) => g * 2)).toEqual([...result]);
    expect(new Set(result).size).toBe(16);
  });

  it('is idle at rate 0, and refuses rate 1', () => {
    expect(setUp(gaussianDropout({rate: 0}), {sites})).toEqual({idle: true});
    expect(setUp(gaussianDropout(), {sites}).at).toEqual(['Dense_0']);
    expect(messageOf(() => gaussianDropout({rate: 1}))).toBe(
      '[gaussianDropout] rate must be in [0, 1); received 1',
    );
  });
});
