import * as tf from '@tensorflow/tfjs-core';

/**
 * What was computed, which says how far a result may be from its reference.
 *
 * - `exact`: copies, selections, integers, uniform numbers, and whatever is promised to the bit
 * - `elementwise`: a few additions, multiplications, divisions or square roots of one element
 * - `reduction`: sums and products of matrices over up to some thousand elements
 * - `transcendental`: exponentials, logarithms, powers, trigonometry, normal numbers, softmax
 * - `training`: weights and losses after a few optimizer steps
 */
export type ToleranceKind = 'exact' | 'elementwise' | 'reduction' | 'transcendental' | 'training';

type Row = Readonly<Record<ToleranceKind, number>>;

// Every number counts as absolute and as relative: |actual − expected| ≤ tolerance · (1 + |expected|).
// One rounding of a float32 is 6e-8 of its value.

/** JavaScript: each operation is done in float64 and rounded to float32 once, when its result is stored. */
const cpu: Row = {
  exact: 0,
  // Up to some ten roundings.
  elementwise: 1e-6,
  // Products of matrices are rounded after each block of 48; terms of both signs cancel.
  reduction: 1e-5,
  // The argument's rounding times the slope: exp(3 + 2e-7) is off by 2e-7 of itself; logarithms near 1 cancel.
  transcendental: 1e-5,
  // A few steps, each of which adds its reductions' error times the learning rate.
  training: 1e-4,
};

/** TensorFlow: float32 throughout, sums in an order that depends on the number of threads. */
const native: Row = {
  ...cpu,
  // Vectorized exp, log and tanh are polynomials, good to some units in the last place.
  transcendental: 2e-5,
};

/** Float32 with SIMD; XNNPACK's exponential and sigmoid are polynomials. */
const wasm: Row = native;

/** GLSL ES 3.00, section 4.5.1: a division may be off by 2.5 units in the last place, √x by what 1/x adds. */
const webgl: Row = {
  exact: 0,
  elementwise: 5e-6,
  // Summed in passes, in an order of the backend's own.
  reduction: 1e-4,
  // exp2(x) may be off by 3 + 2|x| units, pow(x, y) by what exp2(y · log2(x)) gives; sin has 2^-11 at worst.
  transcendental: 5e-4,
  // 50 steps of a convolutional net under a software renderer: 0.4% in the loss.
  training: 5e-3,
};

const rows: Readonly<Record<string, Row>> = {cpu, tensorflow: native, wasm, webgl};

/**
 * How far a result may be from its reference on the current backend, absolute and relative: the two are within
 * `tolerance · (1 + |expected|)` of each other. Backends that are not in the table get the row of `webgl`.
 *
 * @param kind what was computed
 *
 * @example
 * ```ts
 * import {expect} from 'vitest';
 *
 * const actual = tf.sum(tf.tensor1d([0.1, 0.2])).arraySync() as number;
 * expect(Math.abs(actual - 0.3)).toBeLessThanOrEqual(tolerance('reduction') * (1 + 0.3));
 * ```
 */
export function tolerance(kind: ToleranceKind): number {
  return (rows[tf.getBackend()] ?? webgl)[kind];
}
