import {deriveKey, type KeyPair, keyTensor, uniform} from '@regularizers/random';
import {expectClose, expectSame} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {
  brightnessMap,
  type ColourMap,
  composedColours,
  contrastMap,
  hueMap,
  type ImageRegularizer,
  inversionMap,
  mappedColour,
  mappedColours,
  pipeline,
  randomBrightness,
  randomContrast,
  randomGrayscale,
  randomHue,
  randomInvert,
  randomSaturation,
  saturationMap,
} from '../src/index.ts';
import {batchOf, runBatch, setUp, someImages} from './harness.ts';

type Rgb = readonly [number, number, number];

/** One pixel through the map of the first image. */
function through(map: ColourMap, colour: Rgb): Float32Array {
  return mappedColours(tf.tensor4d([...colour], [1, 1, 1, 3]), map, [-9, 9]).dataSync() as Float32Array;
}
const one = (value: number): tf.Tensor1D => tf.tensor1d([value]);

/** The three things that a change of hue is made of: luma and the two of chroma, by another way than ours. */
function yiq([r, g, b]: Rgb): Rgb {
  return [
    0.299 * r + 0.587 * g + 0.114 * b,
    0.59590059 * r - 0.27455667 * g - 0.32134392 * b,
    0.21153661 * r - 0.52273617 * g + 0.31119955 * b,
  ];
}

describe('colour maps', () => {
  const colours: Rgb[] = [
    [1, 0, 0],
    [0.2, 0.9, 0.4],
    [0.5, 0.5, 0.5],
  ];

  it('saturation blends with the luma', () => {
    for (const colour of colours) {
      const [y] = yiq(colour);
      for (const factor of [0, 0.5, 1, 1.6]) {
        const expected = colour.map((channel) => y + factor * (channel - y));
        expectClose(tf.tensor1d(through(saturationMap(one(factor)), colour)), expected, 'reduction');
      }
    }
  });

  it('hue turns the chroma and keeps the luma and grey', () => {
    for (const colour of colours) {
      for (const turn of [-0.4, 0, 0.1, 0.25]) {
        const turned = yiq(Array.from(through(hueMap(one(turn)), colour)) as unknown as Rgb);
        const [y, i, q] = yiq(colour);
        const [cos, sin] = [Math.cos(2 * Math.PI * turn), Math.sin(2 * Math.PI * turn)];
        expectClose(tf.tensor1d([...turned]), [y, cos * i + sin * q, cos * q - sin * i], 'transcendental');
      }
    }
    // a third of a circle takes red to where green is largest
    const [r, g, b] = through(hueMap(one(1 / 3)), [1, 0, 0]);
    expect(g).toBeGreaterThan(Math.max(r!, b!));
  });

  it('inversion turns the range over, to the bit where it does not', () => {
    expectClose(
      tf.tensor1d(through(inversionMap(one(1), [-1, 3]), [1, 0.5, -1])),
      [1, 1.5, 3],
      'elementwise',
    );
    expect(Array.from(through(inversionMap(one(0), [-1, 3]), [1, 0.25, -1]))).toEqual([1, 0.25, -1]);
  });

  it('compose to one map, whatever their kinds and order', () => {
    const images = tf.sub<tf.Tensor4D>(someImages([2, 3, 4, 3]), 0.3);
    const two = (a: number, b: number) => tf.tensor1d([a, b]);
    const mean = tf.tensor2d([
      [0.1, 0.2, 0.3],
      [0.5, 0, 0.2],
    ]);
    const maps: ColourMap[] = [
      {},
      brightnessMap(two(0.2, -0.3)),
      contrastMap(two(0.5, 1.5), mean),
      saturationMap(two(0.1, 1.3)),
      hueMap(two(0.1, -0.2)),
      inversionMap(two(0, 1)),
      // saturation and hue commute; this doesn't, with either
      {matrix: tf.reshape<tf.Rank.R3>(someImages([2, 3, 3, 1]), [2, 3, 3]), offset: mean},
    ];
    const apply = (map: ColourMap, tensor = images) => mappedColours(tensor, map, [-9, 9]);
    for (const first of maps)
      for (const then of maps) {
        const both = composedColours(first, then);
        expect(both.scale === undefined || both.matrix === undefined).toBe(true);
        expectClose(apply(both), apply(then, apply(first)).dataSync(), 'reduction');
        expectClose(
          mappedColour(mean, both),
          mappedColour(mappedColour(mean, first), then).dataSync(),
          'reduction',
        );
      }
  });
});

describe('a pipeline of linear colour techniques', () => {
  const range = [-8, 9] as const;
  const facade = {inputs: [{name: 'image', shape: [null, 5, 4, 3]}]};
  const techniques = [
    randomBrightness({range, strength: 0.05}),
    randomContrast({range, strength: 0.5}),
    randomSaturation({range, strength: 0.5}),
    randomHue({range, strength: 0.2}),
    randomContrast({range, strength: 0.3, name: 'again'}),
    randomGrayscale({range, probability: 0.3}),
    randomInvert({range, probability: 0.5}),
  ];

  it('is the techniques one after the other, in float64, where nothing is clipped', () => {
    const [batch, pixels] = [4, 20];
    const images = someImages([batch, 5, 4, 3]);
    const [merged] = runBatch(pipeline(techniques), batchOf(images), facade).inputs;

    const key = (purpose: string): KeyPair => deriveKey(1, 'pipeline', purpose);
    const drawn = (purpose: string, min: number, max: number) =>
      Array.from(uniform([batch], keyTensor(key(purpose)), {min, max}).dataSync());
    const delta = drawn('randomBrightness/delta', -0.05, 0.05);
    const contrast = drawn('randomContrast/factor', 0.5, 1.5);
    const saturation = drawn('randomSaturation/factor', 0.5, 1.5);
    const turn = drawn('randomHue/turn', -0.2, 0.2);
    const again = drawn('again/factor', 0.7, 1.3);
    const grey = drawn('randomGrayscale/grey', 0, 1).map((u) => u < 0.3);
    const inverted = drawn('randomInvert/inverted', 0, 1).map((u) => u < 0.5);

    const values = images.dataSync();
    const expected = Array.from({length: batch}, (_, b) => {
      let image = Array.from({length: pixels}, (_, p) =>
        [0, 1, 2].map((c) => values[(b * pixels + p) * 3 + c]!),
      );
      const stretch = (factor: number) => {
        const mean = [0, 1, 2].map((c) => image.reduce((sum, rgb) => sum + rgb[c]!, 0) / pixels);
        image = image.map((rgb) => rgb.map((x, c) => mean[c]! + factor * (x - mean[c]!)));
      };
      const saturate = (factor: number) => {
        image = image.map((rgb) => {
          const [y] = yiq(rgb as unknown as Rgb);
          return rgb.map((x) => y + factor * (x - y));
        });
      };
      image = image.map((rgb) => rgb.map((x) => x + 17 * delta[b]!));
      stretch(contrast[b]!);
      saturate(saturation[b]!);
      image = image.map((rgb) => {
        const [y, i, q] = yiq(rgb as unknown as Rgb);
        const [cos, sin] = [Math.cos(2 * Math.PI * turn[b]!), Math.sin(2 * Math.PI * turn[b]!)];
        const [i2, q2] = [cos * i + sin * q, cos * q - sin * i];
        return [
          y + 0.95598634 * i2 + 0.6208248 * q2,
          y - 0.27201283 * i2 - 0.64720424 * q2,
          y - 1.10674021 * i2 + 1.70423049 * q2,
        ];
      });
      stretch(again[b]!);
      if (grey[b]) saturate(0);
      if (inverted[b]) image = image.map((rgb) => rgb.map((x) => 1 - x));
      return image.flat();
    }).flat();
    expectClose(merged!, expected, 'transcendental');
  });

  it('is one map and one clipping', async () => {
    const images = someImages([4, 5, 4, 3]);
    const count = async (list: readonly ImageRegularizer[], kernel: string) => {
      const run = () => runBatch(pipeline(list), batchOf(images), facade).inputs[0]!;
      const {kernels} = await tf.profile(run);
      return kernels.filter(({name}) => name === kernel).length;
    };
    expect(await count(techniques, 'ClipByValue')).toBe(1);
    const elsewhere = randomContrast({range: [-1, 1], name: 'elsewhere'});
    expect(await count([...techniques, elsewhere], 'ClipByValue')).toBe(2);
    // factors and offsets need no matrix
    expect(await count(techniques.slice(0, 2), 'BatchMatMul')).toBe(0);
  });

  it('does what the techniques do by themselves, image by image', () => {
    const grey = runBatch(randomGrayscale({probability: 1}), batchOf(someImages([2, 5, 4, 3])), facade);
    const [r, g, b] = tf.unstack(grey.inputs[0]!, 3);
    expectSame(r!, g!.dataSync());
    expectSame(r!, b!.dataSync());
    const images = someImages([64, 5, 4, 3]);
    const [some] = runBatch(randomInvert({probability: 0.5}), batchOf(images), facade).inputs;
    const turned = tf.sub(1, images).dataSync();
    const [values, before] = [some!.dataSync(), images.dataSync()];
    const kinds = Array.from({length: 64}, (_, i) => {
      const near = (other: ArrayLike<number>) => Math.abs(values[i * 60]! - other[i * 60]!) < 1e-5;
      expect(near(turned) || near(before)).toBe(true);
      return near(turned) && !near(before);
    });
    expect(kinds.filter(Boolean).length).toBeGreaterThan(16);
    expect(kinds.filter(Boolean).length).toBeLessThan(48);
  });

  it('checks options, and that colours are red, green and blue', () => {
    for (const factory of [randomSaturation, randomHue, randomGrayscale]) {
      expect(() => setUp(factory())).toThrow('images must have 3 channels, red, green and blue; received 2');
    }
    expect(setUp(randomInvert()).plan).toBeDefined();
    expect(() => randomHue({strength: 0.6})).toThrow('[randomHue] strength must be in [0, 0.5]');
    expect(() => randomSaturation({strength: -1})).toThrow('[randomSaturation] strength must be in [0, 1]');
    expect(() => randomGrayscale({probability: 2})).toThrow('probability must be in [0, 1]');
    expect(() => randomInvert({range: [1, 1]})).toThrow('range must be [min, max] with min < max');
    expect(setUp(randomSaturation({strength: 0}))).toEqual({idle: true});
    expect(setUp(randomHue({strength: 0}))).toEqual({idle: true});
    expect(setUp(randomGrayscale({probability: 0}))).toEqual({idle: true});
    expect(setUp(randomInvert({probability: 0}))).toEqual({idle: true});
  });
});
