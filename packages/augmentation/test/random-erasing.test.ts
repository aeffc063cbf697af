import {uniform} from '@regularizers/random';
import {expectSame} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {boxMask, filledImages, randomBoxes, randomErasing} from '../src/index.ts';
import {batchOf, keysOf, runBatch, setUp, someImages} from './harness.ts';

describe('boxMask', () => {
  it('is 1 from the first edge up to before the second, and cut off at the image', () => {
    const boxes = {
      start: tf.tensor2d([
        [1, 0],
        [-2, 1],
      ]),
      end: tf.tensor2d([
        [3, 2],
        [1, 9],
      ]),
    };
    const mask = boxMask(boxes, {height: 3, width: 3});
    expect(mask.shape).toEqual([2, 3, 3, 1]);
    expectSame(mask, [0, 0, 0, 1, 1, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0]);
  });
});

describe('filledImages', () => {
  const images = tf.tensor4d([1, 2, 3, 4], [1, 1, 2, 2]);
  const mask = tf.tensor4d([0, 1], [1, 1, 2, 1], 'bool');

  it('fills all channels of a pixel, and leaves the others exactly', () => {
    expectSame(filledImages(images, mask, 0), [1, 2, 0, 0]);
    expectSame(filledImages(images, mask, 0.5), [1, 2, 0.5, 0.5]);
    expectSame(filledImages(images, mask, tf.neg(images)), [1, 2, -3, -4]);
    expectSame(images, [1, 2, 3, 4]);
  });
});

describe('randomBoxes', () => {
  const size = {height: 32, width: 24};
  const settings = {probability: 0.5, area: [0.05, 0.6], aspect: [0.2, 5]} as const;
  const batch = 2000;
  const edges = (() => {
    let cache: number[][] | undefined;
    return () => {
      if (cache) return cache;
      const {start, end} = randomBoxes(batch, size, keysOf(5)('box'), settings);
      cache = tf.concat([start, end], 1).arraySync() as number[][];
      return cache;
    };
  })();

  it('is the float64 reference, given the same draws', () => {
    const draws = uniform<tf.Rank.R2>([batch, 5], keysOf(5)('box')).arraySync();
    let compared = 0;
    draws.forEach(([chance, extent, form, down, across], i) => {
      const pixels = (0.05 + 0.55 * extent!) * 32 * 24;
      const drawn = Math.exp(Math.log(0.2) + (Math.log(5) - Math.log(0.2)) * form!);
      const ratio = Math.min(Math.max(drawn, pixels / 24 ** 2), 32 ** 2 / pixels);
      const [tall, wide] = [Math.sqrt(pixels * ratio), Math.sqrt(pixels / ratio)];
      const [h, w] = [Math.round(tall), Math.round(wide)];
      const places = [down! * (33 - h), across! * (25 - w)];
      // where rounding in float32 could go the other way the two may differ
      const near = (x: number) => Math.abs(x - Math.round(x)) < 1e-3;
      if ([tall + 0.5, wide + 0.5, ...places].some(near)) return;
      compared++;
      const [top, left] = places.map(Math.floor) as [number, number];
      expect(edges()[i]).toEqual(chance! < 0.5 ? [top, left, top + h, left + w] : [top, left, top, left]);
    });
    expect(compared).toBeGreaterThan(1900);
  });

  it('lies inside, half of the images have one, and the area is uniform', () => {
    const areas: number[] = [];
    for (const [top, left, bottom, right] of edges()) {
      expect(Math.min(top!, left!)).toBeGreaterThanOrEqual(0);
      expect(bottom).toBeLessThanOrEqual(32);
      expect(right).toBeLessThanOrEqual(24);
      if (bottom! > top!) areas.push(((bottom! - top!) * (right! - left!)) / (32 * 24));
    }
    expect(Math.abs(areas.length / batch - 0.5)).toBeLessThan(0.045); // four times √(¼/2000)
    const mean = areas.reduce((sum, area) => sum + area, 0) / areas.length;
    // mean (0.05 + 0.6)/2 = 0.325, standard error 0.55/√12/√1000 = 0.005; rounding to pixels adds little
    expect(Math.abs(mean - 0.325)).toBeLessThan(0.02);
    const below = areas.filter((area) => area < 0.1875).length / areas.length; // a quarter of the interval
    expect(Math.abs(below - 0.25)).toBeLessThan(0.06);
  });
});

describe('randomErasing', () => {
  let images: tf.Tensor4D;
  beforeAll(() => {
    images = tf.add(someImages([16, 6, 5, 2]), 1) as tf.Tensor4D;
  });

  it('erases one rectangle in all channels and leaves the rest exactly', () => {
    const before = images.arraySync();
    const [erased] = runBatch(randomErasing({probability: 1, fill: 7}), batchOf(images)).inputs;
    (erased!.arraySync() as number[][][][]).forEach((image, b) => {
      let count = 0;
      const [rows, columns] = [new Set<number>(), new Set<number>()];
      image.forEach((row, y) => {
        row.forEach((pixel, x) => {
          const erased = pixel[0] === 7;
          expect(pixel).toEqual(erased ? [7, 7] : before[b]![y]![x]);
          if (!erased) return;
          rows.add(y);
          columns.add(x);
          count++;
        });
      });
      expect(count).toBe(rows.size * columns.size); // a full rectangle, up to gaps, which the mask test excludes
      expect(count).toBeGreaterThan(0);
    });
    expect(images.arraySync()).toEqual(before);
  });

  it('fills with noise in the range', () => {
    const plugin = randomErasing({
      probability: 1,
      area: [1, 1],
      aspect: [1, 1],
      fill: 'noise',
      range: [-3, 5],
    });
    const values = Array.from(runBatch(plugin, batchOf(images)).inputs[0]!.dataSync()); // all is erased
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-3);
    expect(Math.max(...values)).toBeLessThan(5);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean - 1)).toBeLessThan(0.3); // four times 8/√12/√960
  });

  it('repeats with the same keys and differs with others', () => {
    const run = (seed: number) => runBatch(randomErasing(), batchOf(images), {}, seed).inputs[0]!.dataSync();
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it('is idle at probability 0, and checks its options', () => {
    expect(setUp(randomErasing({probability: 0}))).toEqual({idle: true});
    expect(() => randomErasing({area: [0, 0.3]})).toThrow(
      '[randomErasing] area[0] must be in (0, 1]; received 0',
    );
    expect(() => randomErasing({aspect: [2, 1]})).toThrow('aspect must be [min, max] with min ≤ max');
    expect(() => randomErasing({range: [1, 1]})).toThrow('range must be [min, max] with min < max');
    // @ts-expect-error a number or 'noise'
    expect(() => randomErasing({fill: 'mean'})).toThrow(
      'fill must be a finite number or "noise"; received "mean"',
    );
  });

  it('runs after augmentation and before mixing', () => {
    const {tags, before, after} = randomErasing();
    expect({tags, before, after}).toEqual({tags: ['erasing'], before: ['mixing'], after: ['augmentation']});
  });
});
