// What a caller gave and types forbid: whatever it makes go wrong is said in this package's words.
import * as tf from '@tensorflow/tfjs-core';

/** On errors of `@regularizers/core`, which this package does without: they say all there is to say. */
const brand = Symbol.for('regularizers.error');

/**
 * Computes something of what a caller gave.
 *
 * @param name the function that was called
 * @throws TypeError or RangeError that begins with `[random]`, or a RegularizerError
 */
export function guarded<T>(name: string, compute: () => T): T {
  try {
    return compute();
  } catch (cause) {
    if (isSaid(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : 'it throws no error';
    throw new TypeError(`[random] ${name} has no result for what it was given: ${reason}`, {cause});
  }
}

/** The same for tensors: of those made on the way, none is left. */
export function drawn<T extends tf.Tensor>(name: string, compute: () => T): T {
  return guarded(name, () => tf.tidy(compute));
}

function isSaid(error: unknown): boolean {
  return error instanceof Error && (error.message.startsWith('[random]') || brand in error);
}
