import {deriveKey, normal} from '@regularizers/random';
import {messageOf, setUp, sitesOf, stepOf, tolerance} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {alphaDropout, alphaDroppedValue} from '../src/index.ts';
import {moments} from './statistics.ts';

const key = deriveKey(7, 'alpha');

describe('alphaDroppedValue', () => {
  // What keras.layers.AlphaDropout(p) of Keras 3.15.1 on TensorFlow 2.21.0 makes of an input of 1, −1, ½ and 2:
  // `set(layer(x, training=True)[:, j])`, the dropped value first. By hand, for p = 0.1: α′ = −1.7580993,
  // a = (0.9 + α′²·0.09)^(−½) = 1.1781822^(−½) = 0.9212845, c = −a·0.1·α′ = 0.1619710,
  // dropped a·α′ + c = −1.4577386, and 1 becomes a + c = 1.0832555.
  it.each([
    {
      rate: 0.1,
      dropped: -1.4577386379241943,
      kept: [1.0832555294036865, -0.7593135237693787, 0.6226131916046143, 2.004539966583252],
    },
    {
      rate: 0.5,
      dropped: -0.7791938185691833,
      kept: [1.6655988693237305, -0.10721093416213989, 1.2223963737487793, 2.5520036220550537],
    },
  ])("has the two values of Keras's at rate $rate", async ({rate, dropped, kept}) => {
    const rows = 64;
    const value = tf.tile(tf.tensor2d([[1, -1, 0.5, 2]]), [rows, 1]);
    const result = await alphaDroppedValue(value, key, {rate}).data();
    const isNear = (a: number, b: number): boolean => Math.abs(a - b) < 10 * tolerance('elementwise');
    result.forEach((y, i) => {
      expect(isNear(y, dropped) || isNear(y, kept[i % 4]!), `${y} at ${i}`).toBe(true);
    });
    const count = result.filter((y) => isNear(y, dropped)).length;
    // 256 draws: 256·p expected, within four standard deviations.
    expect(Math.abs(count - 256 * rate)).toBeLessThan(4 * Math.sqrt(256 * rate * (1 - rate)));
  });

  it.each([0.05, 0.2, 0.5])('keeps mean 0 and variance 1 at rate %s', async (rate) => {
    const n = 200_000;
    // SELU's fixed point: selu(N(0, 1)) has mean 0 and variance 1 itself.
    const activations = tf.selu(normal([n], deriveKey(1, 'activations')));
    const {mean, variance} = moments(await alphaDroppedValue(activations, key, {rate}).data());
    // Standard deviation of the mean 1/√200000 = 0.0022.
    expect(Math.abs(mean)).toBeLessThan(0.009);
    expect(Math.abs(variance - 1)).toBeLessThan(0.02);
  });

  it('has a gradient of a where kept, and none where not', async () => {
    const value = tf.ones([64]);
    const gradient = await tf
      .grad((x) => tf.sum(alphaDroppedValue(x, key, {rate: 0.5})))(value)
      .data();
    const result = await alphaDroppedValue(value, key, {rate: 0.5}).data();
    // a at p = 0.5: (0.5 + 3.0909133·0.25)^(−½) = 0.8864049
    gradient.forEach((g, i) => {
      expect(Math.abs(g - (result[i]! > 0 ? 0.8864049 : 0))).toBeLessThan(1e-5);
    });
  });
});

describe('alphaDropout', () => {
  const sites = sitesOf(
    {layerClass: 'Dense', name: 'a', config: {activation: 'selu'}},
    {layerClass: 'Dense', name: 'b', config: {activation: 'relu'}},
    {layerClass: 'Activation', name: 'c', config: {activation: 'selu'}},
    {layerClass: 'Dense', name: 'd', config: {activation: 'selu'}, isOutput: true},
  );

  it('takes the hidden SELU layers by default', () => {
    expect(setUp(alphaDropout(), {sites}).at).toEqual(['a', 'c']);
    expect(messageOf(() => setUp(alphaDropout(), {sites: [sites[1]!]}))).toMatch(
      /the default selects nothing/,
    );
  });

  it('keeps shape, dtype and its input', async () => {
    const value = tf.ones([2, 3, 4]);
    const result = alphaDropout().activation!(value, sites[0]!, stepOf(1));
    expect([result.shape, result.dtype]).toEqual([[2, 3, 4], 'float32']);
    expect((await value.data()).every((x) => x === 1)).toBe(true);
  });

  it('is idle at rate 0, and refuses rate 1', () => {
    expect(setUp(alphaDropout({rate: 0}), {sites})).toEqual({idle: true});
    expect(messageOf(() => alphaDropout({rate: 1}))).toBe(
      '[alphaDropout] rate must be in [0, 1); received 1',
    );
  });
});
