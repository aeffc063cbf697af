import type {Finding} from '@regularizers/core';
import {messageOf, setUp, sitesOf, stepOf} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {describe, expect, it} from 'vitest';
import {fromModel} from '../src/index.ts';
import {moments} from './statistics.ts';

const inner = sequential({
  name: 'inner',
  layers: [layers.gaussianNoise({stddev: 0.5, name: 'noise', inputShape: [4]})],
});
const model = sequential({name: 'outer', layers: [inner, layers.dense({units: 1, name: 'dense'})]});
const finding: Finding = {
  id: 'inner/noise',
  kind: 'layer',
  className: 'GaussianNoise',
  config: {stddev: 0.5},
  layer: 'inner/noise',
};
const sites = sitesOf(
  {layerClass: 'GaussianNoise', name: 'inner/noise'},
  {layerClass: 'Dense', name: 'dense'},
);

describe('fromModel', () => {
  it("claims GaussianNoise layers, nested ones too, and adds noise of the layer's stddev at their sites", async () => {
    const plugin = fromModel(model);
    const {claims, at, plan} = setUp(plugin, {findings: [finding], sites});
    expect([claims, at]).toEqual([['inner/noise'], ['inner/noise']]);
    const noisy = plugin.activation!(tf.zeros([10_000]), sites[0]!, stepOf(1, plan));
    const {variance} = moments(await noisy.data());
    // Standard deviation of the variance 0.25·√(2/10000) = 0.0035.
    expect(Math.abs(variance - 0.25)).toBeLessThan(0.014);
  });

  it('refuses a layer that hands on no value, since nothing would take its place', () => {
    const away = sites.slice(1);
    expect(messageOf(() => setUp(fromModel(model), {findings: [finding], sites: away}))).toMatch(
      /inner\/noise \(GaussianNoise\) is inside a layer/,
    );
  });

  it('leaves what others cover to others', () => {
    const other: Finding = {...finding, className: 'Dropout', config: {rate: 0.5}};
    expect(setUp(fromModel(model), {findings: [other], sites})).toMatchObject({claims: [], idle: true});
  });

  it('refuses a model without such layers, and a negative stddev', () => {
    const bare = sequential({name: 'bare', layers: [layers.dense({units: 1, inputShape: [2]})]});
    expect(messageOf(() => fromModel(bare))).toMatch(/^\[noiseLayers\] bare has no GaussianNoise layer/);
    const negative = sequential({layers: [layers.gaussianNoise({stddev: -1, name: 'n', inputShape: [2]})]});
    expect(messageOf(() => fromModel(negative))).toBe(
      '[noiseLayers: n] stddev must be in [0, ∞); received -1',
    );
  });
});
