import {
  computed,
  defineTechnique,
  type Named,
  type OptionsOf,
  type Regularizer,
  readTechnique,
  type Selector,
  type Technique,
  type WeightInfo,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {constraint} from './constraint.ts';
import {type Axis, axisOption, unitNorms} from './units.ts';
import {includeOption} from './weights.ts';

/** Options of {@link unitNorm}. */
export interface UnitNormOptions<Name extends string = string> extends Named<Name> {
  /**
   * Axes that one unit's weights lie along, for all chosen weights.
   *
   * @defaultValue the weights into each unit, see {@link incomingAxes}: all axes but the last for kernels
   */
  readonly axis?: Axis;
  /** Which trained weights. @defaultValue those of rank 2 or more: kernels and embeddings */
  readonly include?: Selector<WeightInfo>;
}

const described = {
  axis: axisOption,
  include: includeOption,
} satisfies OptionsOf<UnitNormOptions>;

/**
 * Scales every unit to norm one; a unit of zeros stays zeros.
 *
 * w_u ← w_u / max(‖w_u‖, 1e-7)
 *
 * @param w a tensor of any shape
 * @param axes the axes that a unit's weights lie along: `[0]` for `[in, units]`
 *
 * @example
 * ```ts
 * unitNormProjection(tf.tensor2d([[3, 0], [4, 0]]), [0]).print(); // [[0.6, 0], [0.8, 0]]
 * ```
 */
export function unitNormProjection(w: tf.Tensor, axes: readonly number[]): tf.Tensor {
  return computed('unitNormProjection', {w, axes}, () => tf.div(w, unitNorms(w, axes)));
}

/**
 * Unit norm: after each update, the weights into each unit are put back onto the unit sphere.
 *
 * w_u ← w_u / ‖w_u‖
 *
 * @param options along which axes, and of which weights
 * @throws RegularizerError if an option is unknown, if no weight is selected, or has no such axis
 *
 * @example
 * ```ts
 * createTrainer({model, loss, optimizer, regularizers: [unitNorm({include: 'hidden/kernel'})]});
 * ```
 *
 * @see Srebro, Shraibman (2005), Rank, Trace-Norm and Max-Norm, for bounds on norms of rows and columns.
 * https://doi.org/10.1007/11503415_37
 */
export function unitNorm<const Name extends string = 'unitNorm'>(
  options: UnitNormOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, axis, include} = readTechnique('unitNorm', options, described);
  return constraint({
    kind: 'unit-norm',
    name,
    settings,
    include,
    axis,
    project: unitNormProjection,
  });
}

/** What {@link unitNorm} says of itself. */
export const unitNormTechnique: Technique = defineTechnique({
  name: 'unitNorm',
  family: 'penalties and constraints',
  about: "Keeps the norm of each unit's weights at 1.",
  options: described,
  create: unitNorm,
});
