// Crops of two photographs, by what is on them.
import {readFile} from 'node:fs/promises';
import {gunzipSync} from 'node:zlib';
import {deriveKey, hostUniform} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';

/** The size of a crop. */
export const size = 32;
const [width, height] = [240, 160];

/** What is to be told apart, and where it is: the corner of a crop is within `x` and `y`. */
const places = {
  temple: {on: 'china', train: {x: [28, 44], y: [20, 100]}, test: {x: [80, 98], y: [20, 100]}},
  sky: {on: 'china', train: {x: [125, 143], y: [0, 40]}, test: {x: [176, 208], y: [0, 40]}},
  trees: {on: 'china', train: {x: [125, 143], y: [100, 128]}, test: {x: [176, 208], y: [105, 128]}},
  petals: {on: 'flower', train: {x: [66, 78], y: [35, 100]}, test: {x: [111, 135], y: [35, 100]}},
  leaves: {on: 'flower', train: {x: [0, 20], y: [0, 128]}, test: {x: [176, 208], y: [0, 128]}},
};

export const names = Object.keys(places);

/** A file of scripts/photographs.py. */
export async function readPhotograph(url) {
  return gunzipSync(await readFile(url));
}

/** The pixels of a crop, RGB. */
export function crop(photograph, left, top) {
  const pixels = new Uint8Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    const start = ((top + y) * width + left) * 3;
    pixels.set(photograph.subarray(start, start + size * 3), y * size * 3);
  }
  return pixels;
}

/** The corners of crops at random. */
export function corners(
  count,
  seed,
  {x: [left, right], y: [top, bottom]} = {x: [0, width - size], y: [0, height - size]},
) {
  const draws = hostUniform(2 * count, deriveKey(seed, 'corners'));
  const between = (low, high, u) => Math.floor(low + u * (high - low + 1));
  return Array.from({length: count}, (_, i) => [
    between(left, right, draws[2 * i]),
    between(top, bottom, draws[2 * i + 1]),
  ]);
}

/** Another light and another exposure, as photographs of other days have. */
function inOtherLight(pixels, seed) {
  const [light, contrast, ...tint] = hostUniform(5, deriveKey(seed, 'light'), {low: -1, high: 1});
  return pixels.map((value, i) => {
    const seen = (value - 128) * (1 + 0.4 * contrast) + 128 + 50 * light + 25 * tint[i % 3];
    return Math.max(0, Math.min(255, Math.round(seen)));
  });
}

/**
 * A few photographs of each class to train on, of one day; and others, of other places and other light.
 *
 * @returns x `[examples, 32, 32, 3]` in [0, 1]; y class numbers `[examples]`
 */
export async function photographs(part, perClass, seed = 1) {
  const folder = new URL('./data/', import.meta.url);
  const files = {
    china: await readPhotograph(new URL('china.rgb.gz', folder)),
    flower: await readPhotograph(new URL('flower.rgb.gz', folder)),
  };
  const pictures = names.flatMap((name, label) => {
    const place = places[name];
    return corners(perClass, 100 * seed + label, place[part]).map(([left, top], i) => {
      const pixels = crop(files[place.on], left, top);
      return part === 'test' ? inOtherLight(pixels, 1000 * label + i) : pixels;
    });
  });
  const labels = names.flatMap((_, label) => Array(perClass).fill(label));
  const bytes = new Uint8Array(pictures.length * size * size * 3);
  for (const [i, picture] of pictures.entries()) bytes.set(picture, i * picture.length);
  return {
    x: tf.tidy(() => tf.div(tf.tensor4d(bytes, [pictures.length, size, size, 3]), 255)),
    y: tf.tensor1d(labels, 'int32'),
  };
}
