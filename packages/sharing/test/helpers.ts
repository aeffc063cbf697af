import {expectClose as expectWithin, type ToleranceKind, type Values} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';

/** Numbers that look random and are the same everywhere: the fractional parts of multiples of the golden ratio. */
export function numbers(count: number, from = 1): number[] {
  return Array.from({length: count}, (_, i) => (((i + from) * 0.6180339887498949) % 1) - 0.5);
}

/** A tensor of {@link numbers}. */
export function filled(shape: readonly number[], from = 1): tf.Tensor {
  return tf.tensor(numbers(tf.util.sizeFromShape([...shape]), from), [...shape]);
}

/** Two sets of numbers agree as sums and products of matrices do, unless another kind of tolerance is named. */
export function expectClose(actual: Values, expected: Values, kind: ToleranceKind = 'reduction'): void {
  expectWithin(actual, expected, kind);
}
