// Philox4x32-10 and the way TensorFlow addresses it from a pair of seeds.
import type {KeyPair} from './key.ts';

/** Four 32-bit words, kept as int32. */
export type Words = readonly [number, number, number, number];

const MULTIPLIER_0 = 0xd2511f53 | 0;
const MULTIPLIER_1 = 0xcd9e8d57 | 0;
const M0_LOW = MULTIPLIER_0 & 0xffff;
const M0_HIGH = MULTIPLIER_0 >>> 16;
const M1_LOW = MULTIPLIER_1 & 0xffff;
const M1_HIGH = MULTIPLIER_1 >>> 16;
const WEYL_0 = 0x9e3779b9 | 0;
const WEYL_1 = 0xbb67ae85 | 0;
const ROUNDS = 10;

/**
 * Fills `out` with the words of consecutive Philox4x32-10 blocks: `out[4·i … 4·i+3]` is the block of counter
 * `(c0 + i, c1, c2, c3)` under key `(key0, key1)`; the last block is cut off where `out` ends.
 *
 * The 64-bit products are put together from 16-bit halves with `Math.imul`, which engines compile to plain
 * integer arithmetic (a BigInt version is a hundred times slower).
 *
 * @param out where the words go
 * @param key0 first word of the key
 * @param key1 second word of the key
 * @param c0 first counter word; it must not overflow 32 bits on the way
 * @param c1 second counter word
 * @param c2 third counter word
 * @param c3 fourth counter word
 *
 * Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3",
 * https://doi.org/10.1145/2063384.2063405
 */
export function fillPhilox(
  out: Int32Array,
  key0: number,
  key1: number,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
): void {
  const length = out.length;
  for (let start = 0; start < length; start += 4) {
    let a = (c0 + (start >>> 2)) | 0;
    let b = c1;
    let c = c2;
    let d = c3;
    let k0 = key0;
    let k1 = key1;
    for (let round = 0; round < ROUNDS; round++) {
      const aLow = a & 0xffff;
      const aHigh = a >>> 16;
      const mid0 = (Math.imul(aHigh, M0_LOW) + (Math.imul(aLow, M0_LOW) >>> 16)) | 0;
      const cross0 = (Math.imul(aLow, M0_HIGH) + (mid0 & 0xffff)) | 0;
      const high0 = (Math.imul(aHigh, M0_HIGH) + (mid0 >>> 16) + (cross0 >>> 16)) | 0;
      const low0 = Math.imul(a, MULTIPLIER_0);
      const cLow = c & 0xffff;
      const cHigh = c >>> 16;
      const mid1 = (Math.imul(cHigh, M1_LOW) + (Math.imul(cLow, M1_LOW) >>> 16)) | 0;
      const cross1 = (Math.imul(cLow, M1_HIGH) + (mid1 & 0xffff)) | 0;
      const high1 = (Math.imul(cHigh, M1_HIGH) + (mid1 >>> 16) + (cross1 >>> 16)) | 0;
      const low1 = Math.imul(c, MULTIPLIER_1);
      a = high1 ^ b ^ k0;
      b = low1;
      c = high0 ^ d ^ k1;
      d = low0;
      k0 = (k0 + WEYL_0) | 0;
      k1 = (k1 + WEYL_1) | 0;
    }
    // Writes past the end of a typed array are ignored, which cuts the last block.
    out[start] = a;
    out[start + 1] = b;
    out[start + 2] = c;
    out[start + 3] = d;
  }
}

/** One Philox4x32-10 block: the words for one counter under one key. */
export function philox(counter: Words, key0: number, key1: number): Words {
  const out = new Int32Array(4);
  fillPhilox(out, key0, key1, counter[0], counter[1], counter[2], counter[3]);
  return [out[0]!, out[1]!, out[2]!, out[3]!];
}

/** Where a stream lives: Philox key `(key0, key1)`, block i at counter `(i, 0, counter2, counter3)`. */
export interface Address {
  readonly key0: number;
  readonly key1: number;
  readonly counter2: number;
  readonly counter3: number;
}

/**
 * The address that `tf.random.stateless_uniform(shape, seed=[a, b])` reads from: TensorFlow scrambles the pair,
 * each half sign-extended to 64 bits, through one Philox block under a fixed key.
 *
 * @param key the int32 pair `[a, b]`
 */
export function addressOf([a, b]: KeyPair): Address {
  const [key0, key1, counter2, counter3] = philox([a | 0, a >> 31, b | 0, b >> 31], 0x3ec8f720, 0x02461e29);
  return {key0, key1, counter2, counter3};
}
