// Random numbers in plain JavaScript: the same streams as on a device, for shuffling data and drawing first weights.

import {checkCount, checkFinite, checkIntegerBounds, checkOrder, checkPair, checkParameter} from './check.ts';
import {guarded} from './given.ts';
import type {KeyPair} from './key.ts';
import {addressOf, fillPhilox} from './philox.ts';

const MANTISSA = 0x7fffff;
const ONE = 0x3f800000;
const TWO_PI = 2 * Math.PI;
const SMALLEST = Math.fround(1e-7);

/**
 * The raw bits of a stream: what TensorFlow's `StatelessRandomUniformFullInt` gives.
 *
 * @param n how many
 * @param key the stream
 * @returns n words, uniform in [0, 2³²)
 */
export function hostBits(n: number, key: KeyPair): Uint32Array {
  return guarded('hostBits', () => new Uint32Array(words(n, key).buffer));
}

/**
 * Uniform numbers, bit for bit those of {@link uniform} on any backend.
 *
 * @param n how many
 * @param key the stream
 * @param options `min` (included, 0) and `max` (excluded, 1)
 * @returns n float32
 */
export function hostUniform(
  n: number,
  key: KeyPair,
  options: {readonly min?: number; readonly max?: number} = {},
): Float32Array {
  return guarded('hostUniform', () => {
    const {min = 0, max = 1} = options;
    checkOrder(min, max);
    const bits = words(n, key);
    for (let i = 0; i < bits.length; i++) bits[i] = (bits[i]! & MANTISSA) | ONE;
    const values = new Float32Array(bits.buffer);
    if (min === 0 && max === 1) {
      for (let i = 0; i < values.length; i++) values[i] = values[i]! - 1;
      return values;
    }
    const range = Math.fround(max - min);
    for (let i = 0; i < values.length; i++)
      values[i] = Math.fround((values[i]! - 1) * range) + Math.fround(min);
    return values;
  });
}

/**
 * Normal numbers by Box–Muller, the stream of {@link normal}; the last bits may differ, since every platform has
 * its own logarithm and sine.
 *
 * @param n how many
 * @param key the stream
 * @param options `mean` (0) and `sigma` (1)
 * @returns n float32
 */
export function hostNormal(
  n: number,
  key: KeyPair,
  options: {readonly mean?: number; readonly sigma?: number} = {},
): Float32Array {
  return guarded('hostNormal', () => {
    const {mean = 0, sigma = 1} = options;
    checkFinite('mean', mean);
    checkParameter('sigma', sigma, 'at least 0', (x) => x >= 0 && x < Infinity);
    const values = hostUniform(checkCount(n) + (n & 1), key);
    for (let i = 0; i < values.length; i += 2) {
      const radius = Math.sqrt(-2 * Math.fround(Math.log(Math.max(values[i]!, SMALLEST))));
      const angle = Math.fround(TWO_PI * values[i + 1]!);
      values[i] = radius * Math.sin(angle);
      values[i + 1] = radius * Math.cos(angle);
    }
    if (mean !== 0 || sigma !== 1) {
      for (let i = 0; i < values.length; i++) values[i] = values[i]! * sigma + mean;
    }
    return values.length === n ? values : values.slice(0, n);
  });
}

/**
 * Integers, those of {@link integers}: min + bits mod (max − min), as TensorFlow's `StatelessRandomUniformInt`.
 *
 * @param n how many
 * @param key the stream
 * @param options `min` (included, 0) and `max` (excluded)
 * @returns n int32
 */
export function hostIntegers(
  n: number,
  key: KeyPair,
  options: {readonly min?: number; readonly max: number},
): Int32Array {
  return guarded('hostIntegers', () => {
    const {min = 0, max} = options;
    checkIntegerBounds(min, max);
    const bits = words(n, key);
    const range = max - min;
    for (let i = 0; i < bits.length; i++) bits[i] = min + ((bits[i]! >>> 0) % range);
    return bits;
  });
}

function words(n: number, key: KeyPair): Int32Array {
  checkPair(key);
  const {key0, key1, counter2, counter3} = addressOf(key);
  const out = new Int32Array(checkCount(n));
  fillPhilox(out, key0, key1, 0, 0, counter2, counter3);
  return out;
}
