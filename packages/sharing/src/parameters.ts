import {computed} from '@regularizers/core';
/** Anything with a shape: a tensor, or what core says of a weight. */
export interface Shaped {
  readonly shape: readonly number[];
}

/**
 * Numbers in a list of weights: Σ Π shape.
 *
 * @param weights tensors, or the `WeightInfo`s of a model
 *
 * @example
 * ```ts
 * parameterCount([{shape: [784, 32]}, {shape: [32]}]); // 25120
 * ```
 */
export function parameterCount(weights: readonly Shaped[]): number {
  return computed('parameterCount', {weights}, () =>
    weights.reduce((sum, {shape}) => sum + shape.reduce((size, length) => size * length, 1), 0),
  );
}

/** What {@link savedParameters} compares. */
export interface SavedParametersOptions {
  /** The weights that are no longer trained, since they are functions of others. */
  readonly derived: readonly Shaped[];
  /**
   * The weights that were brought in instead, such as a convolution's small kernel.
   *
   * @defaultValue none
   */
  readonly brought?: readonly Shaped[];
}

/**
 * How many parameters fewer are trained: size(derived) − size(brought).
 *
 * @example
 * ```ts
 * // A 784 → 576 dense matrix with its bias as a convolution of 25 numbers and one bias.
 * savedParameters({derived: [{shape: [784, 576]}, {shape: [576]}], brought: [{shape: [5, 5, 1, 1]}, {shape: [1]}]});
 * // 452134
 * ```
 */
export function savedParameters(options: SavedParametersOptions): number {
  return computed('savedParameters', {options}, () => {
    const {derived, brought = []} = options;
    return parameterCount(derived) - parameterCount(brought);
  });
}
