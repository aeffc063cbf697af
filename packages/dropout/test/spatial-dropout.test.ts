import {deriveKey} from '@regularizers/random';
import {messageOf, setUp, sitesOf, stepOf} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {droppedChannels, spatialDropout} from '../src/index.ts';
import {moments} from './statistics.ts';

const images = sitesOf(
  {layerClass: 'Conv2D', name: 'conv', shape: [null, 6, 6, 4], config: {activation: 'linear'}},
  {layerClass: 'BatchNormalization', name: 'norm', shape: [null, 6, 6, 4]},
  {layerClass: 'Activation', name: 'relu', shape: [null, 6, 6, 4]},
  {layerClass: 'Conv2D', name: 'conv_2', shape: [null, 6, 6, 4], config: {activation: 'relu'}},
  {layerClass: 'Dense', name: 'out', isOutput: true},
);

describe('spatialDropout', () => {
  it('drops whole channels of each example', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({min: 1, max: 3}), async (positions) => {
        const shape = [3, ...Array<number>(positions).fill(2), 5];
        const [site] = sitesOf({layerClass: 'Conv', shape});
        const dropped = spatialDropout({at: '*'}).activation!(tf.ones(shape), site!, stepOf(positions));
        expect(dropped.shape).toEqual(shape);
        const flat = tf.reshape(dropped, [3, 2 ** positions, 5]);
        const [lowest, highest] = [tf.min(flat, 1), tf.max(flat, 1)];
        expect([...(await lowest.data())]).toEqual([...(await highest.data())]);
        expect(new Set(await flat.data())).toEqual(new Set([0, 2]));
      }),
      {numRuns: 6, seed: 2},
    );
  });

  it('keeps 1 − p of the channels', async () => {
    const mask = await droppedChannels(tf.ones([200, 1, 1, 100]), deriveKey(1, 'channels'), {
      rate: 0.2,
    }).data();
    expect(mask.length).toBe(20_000);
    // Mean 1, standard deviation of the mean √(0.25/20000) = 0.0035.
    expect(Math.abs(moments(mask).mean - 1)).toBeLessThan(0.014);
  });

  it('takes hidden convolutions by default, after their activation', () => {
    expect(setUp(spatialDropout(), {sites: images}).at).toEqual(['relu', 'conv_2']);
  });

  it('is idle at rate 0, and refuses other layouts', () => {
    expect(setUp(spatialDropout({rate: 0}), {sites: images})).toEqual({idle: true});
    expect(messageOf(() => spatialDropout({rate: 1}))).toBe(
      '[spatialDropout] rate must be in [0, 1); received 1',
    );
    expect(messageOf(() => setUp(spatialDropout({at: 'out'}), {sites: images}))).toMatch(
      /out has \[null, 4\]/,
    );
    const first = sitesOf({
      layerClass: 'Conv2D',
      name: 'conv',
      shape: [null, 4, 6, 6],
      config: {activation: 'relu', dataFormat: 'channelsFirst'},
    });
    expect(messageOf(() => setUp(spatialDropout(), {sites: first}))).toMatch(/channels first/);
  });
});
