// On wasm the numbers are made on the host and written into its memory: the same ones for any shape.
import * as random from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {expect, test} from 'vitest';

const key = [1, 2] as const;
const shapes = fc.array(fc.integer({min: 0, max: 4}), {maxLength: 6});

const draws = {
  uniform: [(shape: number[]) => random.uniform(shape, key), (n: number) => random.hostUniform(n, key)],
  normal: [(shape: number[]) => random.normal(shape, key), (n: number) => random.hostNormal(n, key)],
  integers: [
    (shape: number[]) => random.integers(shape, key, {min: -3, max: 9}),
    (n: number) => random.hostIntegers(n, key, {min: -3, max: 9}),
  ],
  bernoulli: [
    (shape: number[]) => random.bernoulli(shape, key, {probability: 0.3}),
    (n: number) => random.hostUniform(n, key).map((value) => Number(value < Math.fround(0.3))),
  ],
} as const;

test.each(Object.entries(draws))('%s', (_, [onDevice, onHost]) => {
  fc.assert(
    fc.property(shapes, (shape) => {
      tf.tidy(() => {
        const drawn = onDevice(shape);
        expect(drawn.shape).toEqual(shape);
        expect(drawn.dataSync()).toEqual(onHost(tf.util.sizeFromShape(shape)));
      });
    }),
    {seed: 15, numRuns: 100},
  );
});
