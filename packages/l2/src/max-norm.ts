import {
  computed,
  defineTechnique,
  type Named,
  type OptionsOf,
  option,
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

/** Options of {@link maxNorm}. */
export interface MaxNormOptions<Name extends string = string> extends Named<Name> {
  /** c, the largest norm that a unit's weights may have, in (0, ∞). @defaultValue 2 */
  readonly maxValue?: number;
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
  maxValue: option.number({
    min: 0,
    minExclusive: true,
    default: 2,
    about: "Largest norm c that a unit's weights may have.",
    search: {from: 0.5, to: 8, scale: 'log'},
  }),
  axis: axisOption,
  include: includeOption,
} satisfies OptionsOf<MaxNormOptions>;

/**
 * Scales down the units whose norm is above the maximum; the others come back bit for bit.
 *
 * w_u ← w_u · min(1, c / ‖w_u‖)
 *
 * @param w a tensor of any shape
 * @param maxValue c, in (0, ∞)
 * @param axes the axes that a unit's weights lie along: `[0]` for `[in, units]`
 *
 * @example
 * ```ts
 * maxNormProjection(tf.tensor2d([[3, 0.3], [4, 0.4]]), 1, [0]).print(); // [[0.6, 0.3], [0.8, 0.4]]
 * ```
 */
export function maxNormProjection(w: tf.Tensor, maxValue: number, axes: readonly number[]): tf.Tensor {
  return computed('maxNormProjection', {w, maxValue, axes}, () => {
    // c / max(norm, c) is exactly 1 inside the ball; Keras's norm / (norm + 1e-7) would shrink a little there.
    const limit = tf.scalar(maxValue);
    return tf.mul(w, tf.div(limit, tf.maximum(unitNorms(w, axes), limit)));
  });
}

/**
 * Max-norm: after each update, the weights into each unit are put back into a ball.
 *
 * w_u ← w_u · min(1, c / ‖w_u‖)
 *
 * Goes well with dropout and a high learning rate. For kernels of convolutions the default is the norm of a
 * whole filter, where that of Keras is over the window's height alone (`axis: 0`).
 *
 * @param options the largest norm, along which axes, and of which weights
 * @throws RegularizerError if an option is out of range, if no weight is selected, or has no such axis
 *
 * @example
 * ```ts
 * createTrainer({model, loss, optimizer, regularizers: [maxNorm({maxValue: 3})]});
 * ```
 *
 * @see Srebro, Rennie, Jaakkola (2004), Maximum-Margin Matrix Factorization.
 * https://papers.nips.cc/paper/2655-maximum-margin-matrix-factorization
 * @see Hinton et al. (2012), Improving neural networks by preventing co-adaptation of feature detectors, p. 2.
 * https://arxiv.org/abs/1207.0580
 */
export function maxNorm<const Name extends string = 'maxNorm'>(
  options: MaxNormOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, maxValue, axis, include} = readTechnique('maxNorm', options, described);
  return constraint({
    kind: 'max-norm',
    name,
    settings,
    include,
    axis,
    project: (w, axes) => maxNormProjection(w, maxValue, axes),
  });
}

/** What {@link maxNorm} says of itself. */
export const maxNormTechnique: Technique = defineTechnique({
  name: 'maxNorm',
  family: 'penalties and constraints',
  about: "Keeps the norm of each unit's weights at or below a bound.",
  options: described,
  trials: [{options: {maxValue: 0.5}, on: ['images', 'composite']}],
  create: maxNorm,
});
