import {expectClose} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {beforeAll, describe, expect, it} from 'vitest';
import {brightenedImages, contrastedImages, randomBrightness, randomContrast} from '../src/index.ts';
import {batchOf, runBatch, setUp, someImages} from './harness.ts';
import {mapPixels} from './reference.ts';

const clip = (value: number, [min, max]: readonly [number, number]) => Math.min(Math.max(value, min), max);
const change = fc.double({min: -1, max: 1, noNaN: true});
const ranges = fc.constantFrom<readonly [number, number]>([0, 1], [-1, 1], [0.2, 0.7]);

describe('brightenedImages', () => {
  it('is the float64 reference', () => {
    fc.assert(
      fc.property(fc.array(change, {minLength: 1, maxLength: 3}), ranges, (delta, range) => {
        const images = someImages([delta.length, 3, 2, 2]);
        const values = images.dataSync();
        const each = images.size / delta.length;
        const expected = Array.from(values, (value, i) =>
          clip(value + delta[Math.floor(i / each)]! * (range[1] - range[0]), range),
        );
        expectClose(brightenedImages(images, tf.tensor1d(delta), range), expected, 'elementwise');
        expect(images.dataSync()).toEqual(values);
      }),
      {numRuns: 10, seed: 6},
    );
  });
});

describe('contrastedImages', () => {
  it('is the float64 reference', () => {
    fc.assert(
      fc.property(fc.array(change, {minLength: 1, maxLength: 3}), ranges, (changes, range) => {
        const images = someImages([changes.length, 3, 2, 2]);
        const pixels = {values: images.dataSync(), shape: images.shape};
        const at = (b: number, p: number, c: number) => pixels.values[b * 12 + 2 * p + c]!;
        const expected = mapPixels(pixels, (b, y, x, c) => {
          let mean = 0;
          for (let p = 0; p < 6; p++) mean += at(b, p, c) / 6;
          return clip(mean + (1 + changes[b]!) * (at(b, 2 * y + x, c) - mean), range);
        });
        const factor = tf.tensor1d(changes.map((one) => 1 + one));
        expectClose(contrastedImages(images, factor, range), expected, 'reduction');
      }),
      {numRuns: 10, seed: 7},
    );
  });
});

describe('randomBrightness and randomContrast', () => {
  let images: tf.Tensor4D;
  beforeAll(() => {
    images = someImages([8, 6, 5, 2]);
  });

  it('repeat with the same keys, differ with others, and stay in the range', () => {
    for (const plugin of [randomBrightness({strength: 1}), randomContrast({strength: 1})]) {
      const run = (seed: number) => runBatch(plugin, batchOf(images), {}, seed).inputs[0]!.dataSync();
      expect(run(1)).toEqual(run(1));
      expect(run(1)).not.toEqual(run(2));
      expect(Math.min(...run(1))).toBeGreaterThanOrEqual(0);
      expect(Math.max(...run(1))).toBeLessThanOrEqual(1);
    }
  });

  it('change each image by an amount of its own, within the strength', () => {
    const grey = tf.fill([64, 2, 2, 1], 127.5);
    const facade = {inputs: [{name: 'image', shape: [null, 2, 2, 1]}]};
    const plugin = randomBrightness({strength: 0.1, range: [0, 255]});
    const means = Array.from(
      tf.mean(runBatch(plugin, batchOf(grey), facade).inputs[0]!, [1, 2, 3]).dataSync(),
    );
    expect(new Set(means).size).toBeGreaterThan(60);
    for (const mean of means) expect(Math.abs(mean - 127.5)).toBeLessThanOrEqual(25.51);
  });

  it('are idle at strength 0, and check their options', () => {
    expect(setUp(randomBrightness({strength: 0}))).toEqual({idle: true});
    expect(setUp(randomContrast({strength: 0}))).toEqual({idle: true});
    expect(() => randomBrightness({strength: 2})).toThrow(
      '[randomBrightness] strength must be in [0, 1]; received 2',
    );
    expect(() => randomContrast({range: [1, 0]})).toThrow(
      '[randomContrast] range must be [min, max] with min < max',
    );
  });
});
