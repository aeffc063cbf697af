import {
  computed,
  defineTechnique,
  type Named,
  type OptionsOf,
  option,
  type Regularizer,
  RegularizerError,
  readTechnique,
  type Selector,
  type Technique,
  type WeightInfo,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {constraint} from './constraint.ts';
import {type Axis, axisOption, unitNorms} from './units.ts';
import {includeOption} from './weights.ts';

/** The range of norms, and how strictly it is kept. */
export interface NormRange {
  /** m, the smallest norm, in [0, maxValue]. @defaultValue 0 */
  readonly minValue?: number;
  /** c, the largest norm, in (0, ∞). @defaultValue 1 */
  readonly maxValue?: number;
  /** ρ, the part of the way into the range that each step goes, in [0, 1]. @defaultValue 1 */
  readonly rate?: number;
}

/** Options of {@link minMaxNorm}. */
export interface MinMaxNormOptions<Name extends string = string> extends NormRange, Named<Name> {
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
  minValue: option.number({min: 0, default: 0, about: 'Smallest norm m, at most maxValue.'}),
  maxValue: option.number({
    min: 0,
    minExclusive: true,
    default: 1,
    about: 'Largest norm c.',
    search: {from: 0.5, to: 8, scale: 'log'},
  }),
  rate: option.number({
    min: 0,
    max: 1,
    default: 1,
    nothing: 0,
    about: 'Part ρ of the way into the range that each step goes.',
    search: {from: 0.1, to: 1, scale: 'linear'},
  }),
  axis: axisOption,
  include: includeOption,
} satisfies OptionsOf<MinMaxNormOptions>;

/**
 * Scales units toward a range of norms; those inside it come back bit for bit, and a unit of zeros stays
 * zeros.
 *
 * w_u ← w_u · (1 − ρ + ρ · clip(‖w_u‖, m, c) / ‖w_u‖)
 *
 * @param w a tensor of any shape
 * @param options the smallest and largest norm, and the rate ρ
 * @param axes the axes that a unit's weights lie along: `[0]` for `[in, units]`
 *
 * @example
 * ```ts
 * // norms 5 and 0.5: halfway to 1, and inside
 * minMaxNormProjection(tf.tensor2d([[3, 0.3], [4, 0.4]]), {maxValue: 1, rate: 0.5}, [0]).print(); // [[1.8, 0.3], [2.4, 0.4]]
 * ```
 */
export function minMaxNormProjection(w: tf.Tensor, options: NormRange, axes: readonly number[]): tf.Tensor {
  return computed('minMaxNormProjection', {w, options, axes}, () => {
    const {minValue = 0, maxValue = 1, rate = 1} = options;
    const norms = unitNorms(w, axes);
    const scale = tf.div(tf.clipByValue(norms, minValue, maxValue), norms);
    // 1 + ρ·(scale − 1) is exactly 1 where scale is; (1 − ρ) + ρ·scale is not.
    return tf.mul(w, rate === 1 ? scale : tf.add(tf.mul(tf.sub(scale, 1), rate), 1));
  });
}

/**
 * Min-max norm: after each update, the norm of the weights into each unit is moved into a range, all the way
 * or a part of it.
 *
 * w_u ← w_u · (1 − ρ + ρ · clip(‖w_u‖, m, c) / ‖w_u‖)
 *
 * @param options the bounds, how fast, along which axes, and of which weights
 * @throws RegularizerError if an option is out of range, if no weight is selected, or has no such axis
 *
 * @example
 * ```ts
 * createTrainer({model, loss, optimizer, regularizers: [minMaxNorm({minValue: 0.5, maxValue: 2, rate: 0.1})]});
 * ```
 *
 * @see Hinton et al. (2012), Improving neural networks by preventing co-adaptation of feature detectors, p. 2.
 * https://arxiv.org/abs/1207.0580
 */
export function minMaxNorm<const Name extends string = 'minMaxNorm'>(
  options: MinMaxNormOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, minValue, maxValue, rate, axis, include} = readTechnique(
    'minMaxNorm',
    options,
    described,
  );
  if (minValue > maxValue) {
    throw new RegularizerError({
      where: name,
      code: 'out-of-range',
      message: `minValue must be in [0, maxValue = ${maxValue}]; received ${minValue}`,
      option: 'minValue',
      received: minValue,
      allowed: {type: 'number', minimum: 0, maximum: maxValue},
    });
  }
  const range = {minValue, maxValue, rate};
  return constraint({
    kind: 'min-max-norm',
    name,
    settings,
    include,
    axis,
    idle: rate === 0,
    project: (w, axes) => minMaxNormProjection(w, range, axes),
  });
}

/** What {@link minMaxNorm} says of itself. */
export const minMaxNormTechnique: Technique = defineTechnique({
  name: 'minMaxNorm',
  title: 'Min–max norm',
  family: 'penalties and constraints',
  about: "Keeps the norm of each unit's weights in a range.",
  options: described,
  trials: [{options: {minValue: 0.7, rate: 0.5}}],
  create: minMaxNorm,
});
