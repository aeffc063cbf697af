import {expectSame} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {beforeAll, describe, expect, expectTypeOf, it} from 'vitest';
import {flipMatrix, flippedImages, randomFlip, randomFlips, resampledImages} from '../src/index.ts';
import {batchOf, keysOf, runBatch, setUp, someImages} from './harness.ts';
import {mapPixels, pixel} from './reference.ts';

const sides = fc.integer({min: 1, max: 6});
const shapes = fc.tuple(fc.integer({min: 1, max: 4}), sides, sides, fc.integer({min: 1, max: 3}));

describe('flippedImages', () => {
  it('mirrors the chosen images only', () => {
    // one row of three: [1 2 3] → [3 2 1]
    const images = tf.tensor4d([1, 2, 3, 4, 5, 6], [2, 1, 3, 1]);
    expectSame(flippedImages(images, {horizontal: tf.tensor1d([1, 0])}), [3, 2, 1, 4, 5, 6]);
    expectSame(
      flippedImages(tf.reshape(images, [2, 3, 1, 1]), {vertical: tf.tensor1d([0, 1])}),
      [1, 2, 3, 6, 5, 4],
    );
  });

  it('is exactly the reference, as is its matrix', () => {
    fc.assert(
      fc.property(shapes, fc.infiniteStream(fc.boolean()), (shape, bits) => {
        const images = someImages(shape);
        const [batch, height, width] = shape;
        const draw = () => Array.from({length: batch}, () => (bits.next().value ? 1 : 0));
        const [h, v] = [draw(), draw()];
        const pixels = {values: images.dataSync(), shape};
        const expected = mapPixels(pixels, (b, y, x, c) =>
          pixel(pixels, b, v[b] ? height - 1 - y : y, h[b] ? width - 1 - x : x, c, 'constant', Number.NaN),
        );
        const flips = {horizontal: tf.tensor1d(h), vertical: tf.tensor1d(v)};
        expectSame(flippedImages(images, flips), expected);
        const matrices = flipMatrix(flips, {height, width});
        expectSame(resampledImages(images, matrices, {interpolation: 'nearest'}), expected);
        expectSame(images, pixels.values); // not mutated
      }),
      {numRuns: 20, seed: 1},
    );
  });
});

describe('flipMatrix', () => {
  it('refuses flips of no axis', () => {
    expect(() => flipMatrix({}, {height: 2, width: 2})).toThrow('needs the flips of an axis');
  });
});

describe('randomFlips', () => {
  it('draws each axis by itself, with its probability', () => {
    const {horizontal, vertical} = randomFlips(10_000, keysOf(3), {horizontal: 0.3, vertical: 0.6});
    const [h, v] = [horizontal!.dataSync(), vertical!.dataSync()];
    const mean = (values: ArrayLike<number>) =>
      Array.from(values).reduce((sum, value) => sum + value, 0) / 10_000;
    // standard error √(p(1−p)/10⁴) ≤ 0.005; four of them
    expect(Math.abs(mean(h) - 0.3)).toBeLessThan(0.02);
    expect(Math.abs(mean(v) - 0.6)).toBeLessThan(0.02);
    expect(Math.abs(mean(h.map((one, i) => one * v[i]!)) - 0.18)).toBeLessThan(0.02);
  });

  it('draws only what can happen', () => {
    expect(Object.keys(randomFlips(3, keysOf(3)))).toEqual(['horizontal']);
  });
});

describe('randomFlip', () => {
  let images: tf.Tensor4D;
  beforeAll(() => {
    images = someImages([8, 6, 5, 2]);
  });

  it('always mirrors at probability 1', () => {
    const [flipped] = runBatch(randomFlip({horizontal: 1}), batchOf(images)).inputs;
    expectSame(flipped!, tf.reverse(images, 2).dataSync());
  });

  it('repeats with the same keys and differs with others', () => {
    const run = (seed: number) => runBatch(randomFlip(), batchOf(images), {}, seed).inputs[0]!.dataSync();
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it('is idle at probability 0', () => {
    expect(setUp(randomFlip({horizontal: 0}))).toEqual({idle: true});
  });

  it('keeps its literal name', () => {
    expectTypeOf(randomFlip({vertical: 1}).name).toEqualTypeOf<'randomFlip'>();
    expectTypeOf(randomFlip({name: 'mirror'}).name).toEqualTypeOf<'mirror'>();
  });

  it('checks its options', () => {
    expect(() => randomFlip({horizontal: 1.5})).toThrow(
      '[randomFlip] horizontal must be in [0, 1]; received 1.5',
    );
    expect(() => randomFlip({name: 'mirror', vertical: -1})).toThrow('[mirror] vertical must be in [0, 1]');
    // @ts-expect-error no such option
    expect(() => randomFlip({probability: 0.5})).toThrow('unknown option probability');
  });
});
