import {
  changedTensors,
  computed,
  defineRegularizer,
  defineTechnique,
  mapValues,
  type Named,
  namesOf,
  type OptionsOf,
  option,
  pickTensors,
  type Regularizer,
  readTechnique,
  type Selector,
  type Technique,
  type Tensors,
  type WeightInfo,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {incomingAxes, unitNorms} from './units.ts';
import {total} from './weights.ts';

const modes = ['globalNorm', 'weightNorm', 'value', 'adaptive'] as const;

/** What {@link clipGradients} holds to its threshold. */
export type ClipMode = (typeof modes)[number];

/** Options of {@link clipGradients}. */
export interface ClipGradientsOptions<Name extends string = string> extends Named<Name> {
  /**
   * - `'globalNorm'`: the norm of all chosen gradients together; keeps their direction
   * - `'weightNorm'`: the norm of each weight's gradient
   * - `'value'`: the size of each element
   * - `'adaptive'`: the norm of each unit's gradient, as a part of the norm of the unit's weights
   *
   * @defaultValue 'globalNorm'
   */
  readonly by?: ClipMode;
  /** c, in (0, ∞). @defaultValue 1; 0.01 for `'adaptive'` */
  readonly threshold?: number;
  /** Which trained weights. @defaultValue all, biases, norm scales and plugins' own too */
  readonly include?: Selector<WeightInfo>;
}

const described = {
  by: option.choice(modes, {
    default: 'globalNorm',
    about: 'What is limited.',
    search: {values: ['globalNorm', 'weightNorm', 'adaptive']},
  }),
  threshold: option.number({
    min: 0,
    minExclusive: true,
    about: 'The limit c.',
    otherwise: '1; 0.01 for adaptive',
    search: {from: 1e-3, to: 10, scale: 'log'},
  }),
  include: option.weights({
    about: 'Which trained weights.',
    default: () => true,
    otherwise: "all, biases, norm scales and plugins' own too",
    rare: true,
  }),
} satisfies OptionsOf<ClipGradientsOptions>;

/** c / max(norm, c): exactly 1 for what is within the threshold. */
function limitTo(threshold: tf.Tensor, norm: tf.Tensor): tf.Tensor {
  return tf.div(threshold, tf.maximum(norm, threshold));
}

/**
 * The Euclidean norm of several tensors together, as if they were one vector.
 *
 * ‖g‖ = √(Σᵢ Σ gᵢ²)
 *
 * @returns a 0-D tensor
 */
export function globalNorm(tensors: readonly tf.Tensor[]): tf.Scalar {
  return computed('globalNorm', {tensors}, () =>
    tf.sqrt(total(tensors.map((tensor) => tf.sum<tf.Scalar>(tf.square(tensor))))),
  );
}

/**
 * Scales all gradients by one factor, so that their norm together is at most the threshold.
 *
 * gᵢ ← gᵢ · min(1, c / ‖g‖),  ‖g‖ = √(Σᵢ Σ gᵢ²)
 *
 * @param gradients tensors of any shape, by name
 * @param threshold c, in (0, ∞)
 *
 * @example
 * ```ts
 * globallyClippedGradients({a: tf.tensor([3]), b: tf.tensor([4])}, 1); // norm 5: {a: [0.6], b: [0.8]}
 * ```
 *
 * @see Pascanu, Mikolov, Bengio (2013), On the difficulty of training recurrent neural networks, algorithm 1.
 * https://arxiv.org/abs/1211.5063
 */
export function globallyClippedGradients(gradients: Tensors, threshold: number): Tensors {
  return computed('globallyClippedGradients', {gradients, threshold}, () => {
    const scale = limitTo(tf.scalar(threshold), globalNorm(Object.values(gradients)));
    return mapValues(gradients, (g) => tf.mul(g, scale));
  });
}

/**
 * Scales one gradient so that its norm is at most the threshold.
 *
 * g ← g · min(1, c / ‖g‖)
 *
 * @param gradient a tensor of any shape
 * @param threshold c, in (0, ∞)
 */
export function normClippedGradient(gradient: tf.Tensor, threshold: number): tf.Tensor {
  return computed('normClippedGradient', {gradient, threshold}, () =>
    tf.mul(gradient, limitTo(tf.scalar(threshold), globalNorm([gradient]))),
  );
}

/**
 * Adaptive gradient clipping: scales each unit's gradient so that its norm is at most a part of its weights'.
 *
 * g_u ← g_u · min(1, λ · max(‖w_u‖, 1e-3) / ‖g_u‖)
 *
 * @param gradient a tensor of any shape
 * @param weight the weight that it is the gradient of, same shape
 * @param threshold λ, in (0, ∞)
 * @param axes the axes that a unit's weights lie along, see {@link incomingAxes}
 *
 * @see Brock, De, Smith, Simonyan (2021), High-Performance Large-Scale Image Recognition Without
 * Normalization, eq. 3. https://arxiv.org/abs/2102.06171
 */
export function adaptivelyClippedGradient(
  gradient: tf.Tensor,
  weight: tf.Tensor,
  threshold: number,
  axes: readonly number[],
): tf.Tensor {
  return computed('adaptivelyClippedGradient', {gradient, weight, threshold, axes}, () => {
    const limit = tf.mul(tf.maximum(unitNorms(weight, axes), 1e-3), threshold);
    return tf.mul(gradient, limitTo(limit, unitNorms(gradient, axes)));
  });
}

/**
 * Gradient clipping: keeps one bad batch from throwing the weights far away.
 *
 * g ← g · min(1, c / ‖g‖)
 *
 * Clips the gradient of the whole objective, penalties included, before any gradient noise. Two of them in
 * one trainer are refused. The adaptive mode is meant for networks without normalization; its paper leaves
 * out the last layer, which `include` can do.
 *
 * @param options what is limited, to what, and of which weights
 * @throws RegularizerError if an option is out of range, or if no weight is selected
 *
 * @example
 * ```ts
 * createTrainer({model, loss, optimizer, regularizers: [clipGradients({by: 'globalNorm', threshold: 5})]});
 * ```
 *
 * @see Pascanu, Mikolov, Bengio (2013), On the difficulty of training recurrent neural networks, algorithm 1.
 * https://arxiv.org/abs/1211.5063
 */
export function clipGradients<const Name extends string = 'clipGradients'>(
  options: ClipGradientsOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, by: mode, include, ...given} = readTechnique('clipGradients', options, described);
  const {threshold = mode === 'adaptive' ? 0.01 : 1} = given;
  return defineRegularizer({
    name,
    settings,
    tags: ['clipping'],
    excludes: ['clipping'],
    setup(context) {
      const chosen = include(context);
      return {plan: {names: namesOf(chosen), axes: chosen.map(incomingAxes)}};
    },
    gradients(gradients, {plan: {names, axes}, weights}) {
      switch (mode) {
        case 'globalNorm':
          return globallyClippedGradients(pickTensors(gradients, names), threshold);
        case 'weightNorm':
          return changedTensors(gradients, names, (g) => normClippedGradient(g, threshold));
        case 'value':
          return changedTensors(gradients, names, (g) => tf.clipByValue(g, -threshold, threshold));
        case 'adaptive':
          return changedTensors(gradients, names, (g, weight, position) =>
            adaptivelyClippedGradient(g, weights[weight]!, threshold, axes[position]!),
          );
      }
    },
  });
}

/** What {@link clipGradients} says of itself. */
export const clipGradientsTechnique: Technique = defineTechnique({
  name: 'clipGradients',
  title: 'Gradient clipping',
  family: 'penalties and constraints',
  about: 'Limits gradients by norm or by value.',
  options: described,
  trials: [
    {options: {threshold: 0.1}},
    {label: 'by weightNorm', options: {by: 'weightNorm', threshold: 0.01}, on: ['classifier']},
    {label: 'by value', options: {by: 'value', threshold: 0.01}, on: ['classifier']},
    {label: 'by adaptive', options: {by: 'adaptive', threshold: 0.01}, on: ['classifier']},
  ],
  create: clipGradients,
});
