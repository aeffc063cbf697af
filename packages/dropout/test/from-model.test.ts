import type {Finding} from '@regularizers/core';
import {messageOf, setUp, sitesOf, stepOf} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {describe, expect, it} from 'vitest';
import {fromModel} from '../src/index.ts';

const model = sequential({
  layers: [
    layers.dense({units: 4, inputShape: [3]}),
    layers.dropout({rate: 0.5, name: 'plain', noiseShape: [null as unknown as number, 1]}),
    layers.alphaDropout({rate: 0.1, name: 'alpha'}),
    layers.gaussianDropout({rate: 0.2, name: 'gaussian'}),
    layers.repeatVector({n: 2}),
    layers.spatialDropout1d({rate: 0.25, name: 'spatial'}),
  ],
});

const findings: Finding[] = model.layers
  .filter((layer) => layer.getClassName().includes('Dropout'))
  .map((layer) => ({
    id: layer.name,
    kind: 'layer',
    className: layer.getClassName(),
    config: layer.getConfig(),
    layer: layer.name,
  }));
const sites = sitesOf(
  ...model.layers.map((layer) => ({
    layerClass: layer.getClassName(),
    name: layer.name,
    shape: layer.outputShape as (number | null)[],
  })),
);

describe('fromModel', () => {
  const plugin = fromModel(model);
  const {claims, at, plan} = setUp(plugin, {findings, sites});
  const applied = (name: string, shape: number[]): Promise<Float32Array | Int32Array | Uint8Array> => {
    const site = sites.find((candidate) => candidate.name === name)!;
    return plugin.activation!(tf.ones(shape), site, stepOf(1, plan)).data();
  };

  it('claims the dropout layers, and works at their sites', () => {
    expect(claims).toEqual(['plain', 'alpha', 'gaussian', 'spatial']);
    expect(at).toEqual(['plain', 'alpha', 'gaussian', 'spatial']);
  });

  it('refuses a layer that hands on no value, since nothing would take its place', () => {
    const away = sites.filter(({name}) => name !== 'alpha');
    expect(messageOf(() => setUp(plugin, {findings, sites: away}))).toMatch(
      /dropoutLayers\] alpha \(AlphaDropout\) is inside a layer/,
    );
  });

  it('does to each what its class and configuration say', async () => {
    // noiseShape [null, 1]: whole rows, 1/(1 − 0.5) = 2.
    const plain = await applied('plain', [16, 4]);
    expect(new Set(plain)).toEqual(new Set([0, 2]));
    for (let row = 0; row < 16; row++) expect(new Set(plain.slice(4 * row, 4 * row + 4)).size).toBe(1);
    expect(new Set(await applied('alpha', [32, 4])).size).toBe(2);
    expect(new Set(await applied('gaussian', [8, 4])).size).toBe(32);
    const spatial = await applied('spatial', [8, 2, 4]);
    expect(new Set(spatial)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
    for (let i = 0; i < 4; i++) expect(spatial[i]).toBe(spatial[i + 4]);
  });

  it('leaves what others cover to others', () => {
    const other: Finding = {
      id: 'noise',
      kind: 'layer',
      className: 'GaussianNoise',
      config: {stddev: 1},
      layer: 'noise',
    };
    expect(setUp(plugin, {findings: [other], sites})).toMatchObject({claims: [], idle: true});
  });

  it('refuses a model without such layers, and a rate of 1', () => {
    const bare = sequential({name: 'bare', layers: [layers.dense({units: 1, inputShape: [2]})]});
    expect(messageOf(() => fromModel(bare))).toMatch(/^\[dropoutLayers\] bare has no Dropout, /);
    const all = sequential({layers: [layers.dropout({rate: 1, name: 'all', inputShape: [2]})]});
    expect(messageOf(() => fromModel(all))).toBe('[dropoutLayers: all] rate must be in [0, 1); received 1');
  });
});
