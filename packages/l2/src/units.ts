import {
  computed,
  describeValue,
  type Option,
  option,
  RegularizerError,
  type WeightInfo,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';

/** The axes that one unit's weights lie along: one axis, or several. */
export type Axis = number | readonly number[];

/** Norms below this count as this much, so that a unit of zeros stays zeros instead of 0/0. */
export const smallestNorm = 1e-7;

/**
 * The axes that the weights into one unit lie along, by what the weight is. A norm over them has one value
 * per unit.
 *
 * | weight | shape | axes |
 * |---|---|---|
 * | kernel of Dense, of a recurrent cell | `[in, units]` | 0 |
 * | kernel of a convolution | `[...window, in, filters]` | all but the last |
 * | kernel of a transposed convolution | `[...window, filters, in]` | all but the last but one |
 * | depthwise kernel | `[...window, in, multiplier]` | the window's |
 * | embeddings | `[words, features]` | 1: a unit is a word's vector |
 * | bias, scale, anything of rank 1 | `[units]` | 0: the whole vector is one unit |
 *
 * @example
 * ```ts
 * import {weightOf} from '@regularizers/testing';
 *
 * incomingAxes(weightOf({name: 'conv/kernel', shape: [3, 3, 8, 16], layerClass: 'Conv2D'})); // [0, 1, 2]
 * ```
 */
export function incomingAxes(weight: WeightInfo): readonly number[] {
  return computed('incomingAxes', {weight}, () => {
    const {shape, shortName, layerClass} = weight;
    const axes = shape.map((_, axis) => axis);
    const last = axes.length - 1;
    if (last <= 0) return axes;
    if (shortName === 'embeddings') return [last];
    if (shortName === 'depthwise_kernel') return axes.slice(0, -2);
    if (layerClass.endsWith('Transpose')) return axes.filter((axis) => axis !== last - 1);
    return axes.slice(0, -1);
  });
}

/**
 * The axes that a user gave, or those of {@link incomingAxes}, counted from the front.
 *
 * @throws RegularizerError with code `axis-out-of-range` if the weight has no such axis
 */
export function resolveAxes(where: string, weight: WeightInfo, axis: Axis | undefined): readonly number[] {
  if (axis === undefined) return incomingAxes(weight);
  const rank = weight.shape.length;
  const axes = [axis].flat();
  if (axes.every((each) => each >= -rank && each < rank)) return axes.map((each) => (each + rank) % rank);
  throw new RegularizerError({
    where,
    code: 'axis-out-of-range',
    message: `axis ${describeValue(axis)} is not an axis of ${weight.name}, which has shape [${weight.shape.join(', ')}]`,
    hint: 'Leave axis out for the weights into each unit, or choose weights of one rank with include.',
    option: 'axis',
    received: axis,
    allowed: {type: 'integer', minimum: -rank, maximum: rank - 1},
  });
}

const axisNumber = option.integer({about: 'Counted from the front, or from the back if negative.'});

/** The option `axis`. */
export const axisOption: Option<Axis> = option.oneOf<Axis>(
  axisNumber,
  option.list<readonly number[]>(axisNumber)({about: 'Several axes.', least: 1, distinct: true}),
)({
  about: "Axes that one unit's weights lie along, for all chosen weights.",
  otherwise: 'the weights into each unit: all axes but the last for kernels',
  rare: true,
});

/**
 * Euclidean norm of each unit, the reduced axes kept as 1, no smaller than 1e-7.
 *
 * @param w a tensor of any shape
 * @param axes the axes that a unit's weights lie along
 */
export function unitNorms(w: tf.Tensor, axes: readonly number[]): tf.Tensor {
  return tf.maximum(tf.sqrt(tf.sum(tf.square(w), [...axes], true)), smallestNorm);
}
