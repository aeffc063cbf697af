import {expectClose} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {beforeAll, describe, expect, it} from 'vitest';
import {
  affineMatrix,
  type FillMode,
  randomAffine,
  randomAffineMatrix,
  resampledImages,
} from '../src/index.ts';
import {batchOf, keysOf, runBatch, setUp, someImages} from './harness.ts';
import {type Affine, affineSource, bilinear} from './reference.ts';

const column = (all: readonly Affine[], name: keyof Affine) => tf.tensor1d(all.map((one) => one[name]));

function matricesOf(all: readonly Affine[], size: {height: number; width: number}): tf.Tensor3D {
  return affineMatrix(
    {
      rotation: column(all, 'rotation'),
      shear: column(all, 'shear'),
      scale: column(all, 'scale'),
      right: column(all, 'right'),
      down: column(all, 'down'),
    },
    size,
  );
}

const none: Affine = {rotation: 0, shear: 0, scale: 1, right: 0, down: 0};

describe('affineMatrix', () => {
  it('is the identity where nothing changes', () => {
    expectClose(matricesOf([none], {height: 6, width: 5}), [1, 0, 0, 0, 1, 0, 0, 0, 1], 'exact');
  });

  it('turns clockwise for positive angles', () => {
    // 3 × 3, a quarter turn: the top left corner moves to the top right
    const image = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
    const turned = resampledImages(
      image,
      matricesOf([{...none, rotation: Math.PI / 2}], {height: 3, width: 3}),
      {
        fillMode: 'nearest',
      },
    );
    expectClose(turned, [7, 4, 1, 8, 5, 2, 9, 6, 3], 'transcendental');
  });

  it('keeps the centre where it is, and moves by whole pixels', () => {
    // at scale 2 the output at 1 shows the input at 2 + (1 − 2)/2 = 1.5
    const row = tf.tensor4d([1, 2, 3, 4, 5], [1, 1, 5, 1]);
    const size = {height: 1, width: 5};
    expectClose(
      resampledImages(row, matricesOf([{...none, scale: 2}], size)),
      [2, 2.5, 3, 3.5, 4],
      'elementwise',
    );
    expectClose(
      resampledImages(row, matricesOf([{...none, right: 1}], size)),
      [0, 1, 2, 3, 4],
      'elementwise',
    );
    // a shear of 45° moves the row below the centre by one to the left, the one above to the right
    const rows = tf.tensor4d([1, 2, 3, 1, 2, 3, 1, 2, 3], [1, 3, 3, 1]);
    const sheared = resampledImages(rows, matricesOf([{...none, shear: Math.PI / 4}], {height: 3, width: 3}));
    expectClose(sheared, [0, 1, 2, 1, 2, 3, 2, 3, 0], 'transcendental');
  });

  it('is the float64 reference with bilinear interpolation', () => {
    const number = (min: number, max: number) => fc.double({min, max, noNaN: true});
    const parameters = fc.record({
      rotation: number(-3, 3),
      shear: number(-0.5, 0.5),
      scale: number(0.5, 2),
      right: number(-3, 3),
      down: number(-3, 3),
    });
    fc.assert(
      fc.property(
        fc.array(parameters, {minLength: 1, maxLength: 3}),
        fc.integer({min: 2, max: 7}),
        fc.integer({min: 2, max: 7}),
        fc.constantFrom<FillMode>('constant', 'reflect', 'nearest'),
        (all, height, width, fillMode) => {
          const images = someImages([all.length, height, width, 2]);
          const sources = all.map((one) => affineSource(one, height, width));
          const pixels = {values: images.dataSync(), shape: images.shape};
          const expected = bilinear(pixels, (b, y, x) => sources[b]!(y, x), fillMode as 'constant', 0.5);
          const matrices = matricesOf(all, {height, width});
          const actual = resampledImages(images, matrices, {fillMode, fillValue: 0.5});
          expect(actual.shape).toEqual(images.shape);
          expectClose(actual, expected, 'transcendental');
        },
      ),
      {numRuns: 30, seed: 3},
    );
  });
});

describe('randomAffineMatrix', () => {
  it('stays in its ranges and reaches them', () => {
    const size = {height: 21, width: 11};
    const settings = {
      rotation: 30,
      translation: {horizontal: 0.2, vertical: 0},
      scale: [2, 4],
      shear: 0,
    } as const;
    const values = randomAffineMatrix(2000, size, keysOf(2)('affine'), settings).dataSync();
    const seen = {angle: [0, 0], scale: [9, 0], right: [0, 0]};
    for (let i = 0; i < 2000; i++) {
      // [a b o; d e p] with a = e = cos/s, b = −d = sin/s; the centre's image tells the translation
      const [a, b, o, , , p] = values.subarray(9 * i, 9 * i + 9) as unknown as number[];
      const angle = (Math.atan2(b!, a!) * 180) / Math.PI;
      const scale = 1 / Math.hypot(a!, b!);
      const [x, y] = [a! * 5 + b! * 10 + o! - 5, -b! * 5 + a! * 10 + p! - 10];
      const right = -scale * (Math.cos(angle * (Math.PI / 180)) * x - Math.sin(angle * (Math.PI / 180)) * y);
      seen.angle = [Math.min(seen.angle[0]!, angle), Math.max(seen.angle[1]!, angle)];
      seen.scale = [Math.min(seen.scale[0]!, scale), Math.max(seen.scale[1]!, scale)];
      seen.right = [Math.min(seen.right[0]!, right), Math.max(seen.right[1]!, right)];
    }
    const near = ([low, high]: number[], [min, max]: [number, number], slack: number) => {
      expect(Math.abs(low! - min)).toBeLessThan(slack);
      expect(Math.abs(high! - max)).toBeLessThan(slack);
    };
    near(seen.angle, [-30, 30], 0.2);
    near(seen.scale, [2, 4], 0.01);
    near(seen.right, [-2.2, 2.2], 0.02); // 0.2 · 11
  });
});

describe('randomAffine', () => {
  let images: tf.Tensor4D;
  beforeAll(() => {
    images = someImages([4, 6, 5, 2]);
  });

  it('repeats with the same keys, differs with others, and leaves its input alone', () => {
    const before = images.dataSync().slice();
    const run = (seed: number) => runBatch(randomAffine(), batchOf(images), {}, seed).inputs[0]!.dataSync();
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    expect(images.dataSync()).toEqual(before);
  });

  it('keeps constant images constant where the edge goes on', () => {
    const grey = tf.fill([4, 6, 5, 2], 0.5);
    const [moved] = runBatch(randomAffine({fillMode: 'nearest'}), batchOf(grey)).inputs;
    expectClose(moved!, grey.dataSync(), 'elementwise');
  });

  it('is idle where nothing can change', () => {
    expect(setUp(randomAffine({rotation: 0, translation: 0, scale: [1, 1], shear: 0}))).toEqual({idle: true});
    expect(setUp(randomAffine({rotation: 0, translation: 0, scale: [1, 2], shear: 0})).idle).toBeUndefined();
  });

  it('checks its options', () => {
    expect(() => randomAffine({scale: [1.1, 0.9]})).toThrow(
      '[randomAffine] scale must be [min, max] with min ≤ max, each in (0, ∞); received [1.1, 0.9]',
    );
    expect(() => randomAffine({scale: [0, 1]})).toThrow('scale[0] must be in (0, ∞)');
    expect(() => randomAffine({shear: 90})).toThrow('shear must be in [0, 90)');
    expect(() => randomAffine({translation: {horizontal: 2}})).toThrow(
      'translation.horizontal must be in [0, 1]',
    );
    // @ts-expect-error no such word
    expect(() => randomAffine({interpolation: 'cubic'})).toThrow(
      'interpolation must be one of nearest, bilinear',
    );
  });
});
