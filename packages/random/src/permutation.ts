// A permutation on the device.

import type * as tf from '@tensorflow/tfjs-core';
import {checkCount} from './check.ts';
import {drawn} from './given.ts';
import {draw} from './kernels/draw.ts';
import type {KeyLike} from './key.ts';

/** Above this many elements comparing each with each on a GPU costs more than a round trip to the host. */
export const LARGEST_PERMUTATION = 4096;

/**
 * A random permutation of 0 … n − 1: p[i] is the rank of the i-th uniform of the stream, ties in order of index.
 * It stays on the device, so that a captured graph can draw it. The same on every backend, and the same as
 * {@link hostPermutation}.
 *
 * On WebGL every uniform is compared with every other, hence the bound.
 *
 * @param n how many elements, at most 4096; for batches. Shuffle data sets with {@link hostPermutation}
 * @param key int32, shape `[2]`, or a pair
 * @returns int32, shape `[n]`, each of 0 … n − 1 once
 * @throws RangeError if n isn't a whole number in 0 … 4096
 *
 * @example
 * const partners = tf.gather(x, permutation(batch, key));
 */
export function permutation(n: number, key: KeyLike): tf.Tensor1D {
  return drawn('permutation', () => {
    if (checkCount(n) > LARGEST_PERMUTATION) {
      throw new RangeError(
        `[random] permutation is for at most ${LARGEST_PERMUTATION} elements; received ${n}. ` +
          'Use hostPermutation for more',
      );
    }
    return draw('Permutation', [n], key);
  });
}
