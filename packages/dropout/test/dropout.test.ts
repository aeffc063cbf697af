import {RegularizerError} from '@regularizers/core';
import {deriveKey, hostUniform} from '@regularizers/random';
import {messageOf, setUp, sitesOf, stepOf, tolerance} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {dropout, droppedValue} from '../src/index.ts';
import {moments} from './statistics.ts';

const key = deriveKey(7, 'dropout');

describe('droppedValue', () => {
  it('holds 1/(1 − p) where the stream is below 1 − p, and 0 elsewhere', async () => {
    const mask = await droppedValue(tf.ones([3, 5]), key, {rate: 0.2}).data();
    // 1/(1 − 0.2) = 1.25
    const expected = [...hostUniform(15, key)].map((u) => (u < Math.fround(0.8) ? 1.25 : 0));
    expect([...mask]).toEqual(expected);
  });

  it('keeps 1 − p of the elements, and a mean of 1', async () => {
    const rate = 0.3;
    const n = 100_000;
    const mask = await droppedValue(tf.ones([n]), key, {rate}).data();
    const kept = mask.filter((m) => m > 0).length / n;
    // The kept fraction has standard deviation √(0.7·0.3/100000) = 0.00145; four of them are 0.0058.
    expect(Math.abs(kept - 0.7)).toBeLessThan(0.0058);
    // And the mask has mean 1 and variance p/(1 − p) = 0.4286: standard deviation of the mean 0.00207.
    const {mean, variance} = moments(mask);
    expect(Math.abs(mean - 1)).toBeLessThan(0.0083);
    expect(Math.abs(variance - 0.3 / 0.7)).toBeLessThan(0.01);
  });

  it('is all ones at rate 0', async () => {
    expect([...(await droppedValue(tf.ones([7]), key, {rate: 0}).data())]).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });
});

describe('dropout', () => {
  const hidden = sitesOf({layerClass: 'Dense', config: {activation: 'relu'}});

  it('multiplies by the mask, and so does its gradient', async () => {
    const plugin = dropout({rate: 0.5});
    const step = stepOf(3);
    const value = tf.tensor2d([
      [1, -2, 3, 4],
      [5, 6, -7, 8],
    ]);
    const apply = (x: tf.Tensor): tf.Tensor => plugin.activation!(x, hidden[0]!, step);
    const dropped = await apply(value).data();
    const factors = [...dropped].map((y, i) => y / value.dataSync()[i]!);
    expect(new Set(factors)).toEqual(new Set([0, 2]));
    const gradient = await tf
      .grad((x) => tf.sum(apply(x)))(value)
      .data();
    expect([...gradient]).toEqual(factors);
  });

  it('draws another mask for another step and another site', async () => {
    const plugin = dropout();
    const sites = sitesOf({layerClass: 'Dense'}, {layerClass: 'Dense'});
    const ones = tf.ones([8, 8]);
    const masks = await Promise.all(
      [0, 1].flatMap((seed) => sites.map((site) => plugin.activation!(ones, site, stepOf(seed)).data())),
    );
    expect(new Set(masks.map(String)).size).toBe(4);
  });

  it('shares a draw along the axes where noiseShape has 1', async () => {
    const [site] = sitesOf({layerClass: 'LSTM', shape: [null, 3, 4]});
    const plugin = dropout({at: '*', noiseShape: [null, 1, null]});
    expect(setUp(plugin, {sites: [site!]}).at).toEqual(['LSTM_0']);
    const dropped = plugin.activation!(tf.ones([2, 3, 4]), site!, stepOf(5));
    const [first, ...rest] = tf.unstack(dropped, 1).map((row) => String(row.dataSync()));
    expect(rest).toEqual([first, first]);
    expect(first).toMatch(/0/);
    expect(first).toMatch(/2/);
  });

  it('keeps shape and dtype and leaves its input alone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({min: 1, max: 5}), {minLength: 1, maxLength: 4}),
        fc.double({min: 0.01, max: 0.99, noNaN: true}),
        async (shape, rate) => {
          const value = tf.ones(shape);
          const dropped = dropout({rate}).activation!(value, hidden[0]!, stepOf(11));
          expect(dropped.shape).toEqual(shape);
          expect(dropped.dtype).toBe('float32');
          expect((await value.data()).every((x) => x === 1)).toBe(true);
          const scale = 1 / (1 - rate);
          for (const y of await dropped.data()) {
            if (y !== 0) expect(Math.abs(y - scale)).toBeLessThan(scale * tolerance('elementwise'));
          }
        },
      ),
      {numRuns: 20, seed: 1},
    );
  });

  it('is idle at rate 0', () => {
    expect(setUp(dropout({rate: 0}), {sites: hidden})).toEqual({idle: true});
  });

  it('refuses options that make no sense', () => {
    expect(messageOf(() => dropout({rate: 1.2}))).toBe('[dropout] rate must be in [0, 1); received 1.2');
    expect(messageOf(() => dropout({rate: 1}))).toBe('[dropout] rate must be in [0, 1); received 1');
    expect(messageOf(() => dropout({name: 'late', rate: Number.NaN}))).toMatch(/^\[late\] rate/);
    expect(messageOf(() => dropout({noiseShape: [null, 0]}))).toMatch(
      /noiseShape\[1\] must be an integer in/,
    );
    // @ts-expect-error: a typing mistake
    expect(messageOf(() => dropout({rat: 0.5}))).toMatch(/unknown option rat/);
    // @ts-expect-error: not a selector
    expect(messageOf(() => dropout({at: 5}))).toMatch(/at must be a name, a glob/);
  });

  it('refuses a noiseShape that does not broadcast to a site', () => {
    const plugin = dropout({noiseShape: [null, 1, 1]});
    expect(messageOf(() => setUp(plugin, {sites: hidden}))).toMatch(
      /^\[dropout\] noiseShape \[null, 1, 1\] does not broadcast to \[null, 4\] at Dense_0/,
    );
  });

  it('says so if the model has no hidden Dense layer', () => {
    const act = (): unknown => setUp(dropout(), {sites: sitesOf({layerClass: 'Dense', isOutput: true})});
    expect(act).toThrow(RegularizerError);
    expect(messageOf(act)).toMatch(/the default selects nothing in this model/);
  });

  it('has a name that is literal in the types', () => {
    const standard: 'dropout' = dropout().name;
    const own: 'second' = dropout({name: 'second'}).name;
    expect([standard, own]).toEqual(['dropout', 'second']);
  });
});
