import {deriveKey} from '@regularizers/random';
import {messageOf, setUp, sitesOf, stepOf} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {droppedBranch, stochasticDepth, stochasticDepthRates} from '../src/index.ts';
import {moments} from './statistics.ts';

const sites = sitesOf(
  ...['one', 'two', 'three', 'four'].map((name) => ({layerClass: 'Conv2D', name, shape: [null, 2, 2, 3]})),
  {layerClass: 'Dense', name: 'out', isOutput: true},
);

describe('stochasticDepth', () => {
  it('has rates that grow linearly with depth', () => {
    // p_l = (l/L)·p_L: 1/4·0.2, 2/4·0.2, 3/4·0.2, 0.2
    const expected = [0.05, 0.1, 0.15, 0.2];
    stochasticDepthRates(4, {rate: 0.2}).forEach((rate, l) => {
      expect(rate).toBeCloseTo(expected[l]!, 12);
    });
    expect(stochasticDepthRates(3, {rate: 0.5, schedule: 'uniform'})).toEqual([0.5, 0.5, 0.5]);
  });

  it('drops a branch for whole examples, and scales it for the others', async () => {
    const plugin = stochasticDepth({at: ['one', 'two'], rate: 0.5});
    const {at, plan} = setUp(plugin, {sites});
    expect(at).toEqual(['one', 'two']);
    // The first of two branches has rate 0.25: kept examples are scaled by 1/0.75; the last by 2.
    for (const [index, scale] of [4 / 3, 2].entries()) {
      const result = plugin.activation!(tf.ones([64, 2, 2, 3]), sites[index]!, stepOf(1, plan));
      const perExample = tf.reshape(result, [64, 12]);
      const lowest = await tf.min(perExample, 1).data();
      expect([...lowest]).toEqual([...(await tf.max(perExample, 1).data())]);
      expect(new Set(lowest)).toEqual(new Set([0, Math.fround(scale)]));
    }
  });

  it('has a mask of mean 1', async () => {
    const mask = await droppedBranch(tf.ones([20_000, 1]), deriveKey(3, 'depth'), {rate: 0.2}).data();
    expect(mask.length).toBe(20_000);
    // Standard deviation of the mean √(0.25/20000) = 0.0035.
    expect(Math.abs(moments(mask).mean - 1)).toBeLessThan(0.014);
  });

  it('is idle at rate 0, and refuses nonsense', () => {
    expect(setUp(stochasticDepth({at: 'one', rate: 0}), {sites})).toEqual({idle: true});
    expect(messageOf(() => stochasticDepth({at: 'one', rate: 1}))).toBe(
      '[stochasticDepth] rate must be in [0, 1); received 1',
    );
    // @ts-expect-error: where the branches end has no default
    expect(messageOf(() => stochasticDepth({}))).toMatch(/at must be a name, a glob/);
    expect(messageOf(() => setUp(stochasticDepth({at: 'nowhere'}), {sites}))).toMatch(/selects nothing/);
    expect(messageOf(() => setUp(stochasticDepth({at: 'out'}), {sites}))).toMatch(
      /out is an output of the model/,
    );
  });
});
