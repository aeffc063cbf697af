// Keys: who draws, for what, at which step.

import * as tf from '@tensorflow/tfjs-core';
import {checkKey, isPair} from './check.ts';
import {drawn, guarded} from './given.ts';
import type {Key, KeyLike, KeyPair} from './key.ts';
import {philox, type Words} from './philox.ts';

const NUMBER = 1;
const STRING = 2;
// The fractional digits of √2 and √3: a start that nobody chose.
const START: Words = [0x6a09e667 | 0, 0xf3bcc908 | 0, 0xbb67ae85 | 0, 0x84caa73b | 0];

/**
 * Derives the key of a stream from the seed of a run and the path that names the stream.
 *
 * Every part is written with its type and length, and the words are hashed by a Davies–Meyer chain of Philox
 * blocks, h ← philox(h, words) ⊕ h; 64 of the 128 bits are the key. So `['a', 'bc']` differs from `['ab', 'c']`
 * and `1` from `'1'`, and streams of different names don't touch: adding one shifts nobody else's draws.
 *
 * @param seed the run's seed, any finite number
 * @param path what names the stream, for example member, plugin and purpose
 * @returns a pair of int32
 * @throws TypeError if the seed or a number in the path isn't finite
 *
 * @example
 * const key = deriveKey(7, 0, 'dropout', 'mask');
 * const mask = bernoulli([64, 256], advance(key, step), {probability: 0.5});
 */
export function deriveKey(seed: number, ...path: (string | number)[]): KeyPair {
  return guarded('deriveKey', () => {
    let state = absorb(START, seed);
    for (const part of path) state = absorb(state, part);
    const [a, b] = mix(state, path.length, ~path.length);
    return [a, b];
  });
}

/**
 * The key of step `n` of a stream: `[a, b + n]` in int32 arithmetic, which a captured graph does with one addition.
 *
 * @param key the stream's key
 * @param n steps to go on by, an integer; it may be negative
 */
export function advance(key: KeyPair, n: number): KeyPair {
  return guarded('advance', () => [key[0], (key[1] + n) | 0]);
}

/**
 * A key as a tensor. The caller owns it.
 *
 * @param pair two int32
 * @returns int32, shape `[2]`
 */
export function keyTensor(pair: KeyPair): Key {
  return drawn('keyTensor', () => tf.tensor1d([pair[0] | 0, pair[1] | 0], 'int32'));
}

/** Runs with a key that is checked, as a tensor; one that is made of a pair is disposed of afterwards. */
export function withKeyTensor<T>(key: KeyLike, run: (seed: tf.Tensor) => T): T {
  checkKey(key);
  if (!isPair(key)) return run(key);
  const seed = keyTensor(key);
  const result = run(seed);
  seed.dispose();
  return result;
}

function absorb(state: Words, part: string | number): Words {
  if (typeof part === 'number') return absorbNumber(state, part);
  let next = mix(state, STRING, part.length);
  for (let i = 0; i < part.length; i += 4) {
    next = mix(next, codeUnits(part, i), codeUnits(part, i + 2));
  }
  return next;
}

function absorbNumber(state: Words, value: number): Words {
  if (!Number.isFinite(value)) {
    throw new TypeError(`[random] a seed and the numbers of a path must be finite; received ${value}`);
  }
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value + 0); // −0 is 0
  return mix(mix(state, NUMBER, 2), view.getInt32(0), view.getInt32(4));
}

/** Two UTF-16 code units as one word; 0 past the end, where the length that came first tells them apart. */
function codeUnits(text: string, i: number): number {
  const low = i < text.length ? text.charCodeAt(i) : 0;
  const high = i + 1 < text.length ? text.charCodeAt(i + 1) : 0;
  return low | (high << 16);
}

function mix(state: Words, word0: number, word1: number): Words {
  const [a, b, c, d] = philox(state, word0, word1);
  return [a ^ state[0], b ^ state[1], c ^ state[2], d ^ state[3]];
}
