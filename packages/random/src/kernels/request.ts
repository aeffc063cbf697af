import type * as tf from '@tensorflow/tfjs-core';

/** What kernels draw: all else is made of these. They have no gradient, so what they draw is constant to it. */
export type Distribution = 'Uniform' | 'Normal' | 'Integers' | 'Bernoulli' | 'Permutation';

/** Attributes of a kernel. `stream` sets apart several draws from one key; `min` and `max` bound integers. */
export interface DrawAttributes {
  readonly shape: number[];
  readonly stream: number;
  readonly min: number;
  readonly max: number;
}

/** A draw as a kernel is asked for it. */
export interface Draw extends DrawAttributes {
  readonly distribution: Distribution;
  /** The key: int32, shape `[2]`. */
  readonly seed: tf.TensorInfo;
  /** The probability of a Bernoulli draw: float32, shape `[]`, or `[n]` if that is the shape of the draw. */
  readonly threshold: tf.TensorInfo | undefined;
}

/** The type of what is drawn. */
export function dtypeOf(distribution: Distribution): 'int32' | 'float32' {
  return distribution === 'Integers' || distribution === 'Permutation' ? 'int32' : 'float32';
}

const GOLDEN = 0x9e3779b9;

/** What a draw adds to the first half of its key: 0 for stream 0. */
export function streamOffset(stream: number): number {
  return Math.imul(stream, GOLDEN);
}
