import * as tf from '@tensorflow/tfjs-core';
import {expect} from 'vitest';

/** How far two numbers may lie apart: |a − b| ≤ absolute + relative·|b|. */
export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

const tolerances = {
  /** The same operations in the same order: nothing but what a backend's fused kernels round differently. */
  same: {cpu: 1e-7, tensorflow: 2e-7, wasm: 2e-7, webgl: 1e-6},
  /** One pass or one step against float64: float32 rounds at 6e-8, and sums of tens of terms add up. */
  step: {cpu: 2e-6, tensorflow: 2e-6, wasm: 2e-6, webgl: 2e-5},
  /**
   * Several steps against another implementation: each step's rounding is fed into the next. WebGL's exp, log and
   * tanh are good to about 1e-5 (GLSL leaves their precision to the driver).
   */
  trajectory: {cpu: 2e-5, tensorflow: 2e-5, wasm: 2e-5, webgl: 4e-4},
} as const satisfies Record<string, Record<string, number>>;

/** The tolerance of one kind of comparison on the running backend. */
export function tolerance(kind: keyof typeof tolerances): Tolerance {
  const table: Readonly<Record<string, number>> = tolerances[kind];
  const relative = table[tf.getBackend()];
  if (relative === undefined) throw new Error(`no tolerance is known for the backend ${tf.getBackend()}`);
  return {relative, absolute: relative / 2};
}

/** Fails unless two lists of numbers agree within the tolerance of a kind. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  kind: keyof typeof tolerances,
): void {
  const {absolute, relative} = tolerance(kind);
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i]!, expected[i]!];
    if (!Object.is(a, b) && !(Math.abs(a - b) <= absolute + relative * Math.abs(b))) {
      expect.fail(`element ${i} is ${a}, but ${b} is expected (off by ${Math.abs(a - b)}, ${kind})`);
    }
  }
}
