import {
  type AnalyticPenalty,
  computed,
  defineRegularizer,
  defineTechnique,
  type Named,
  namesOf,
  type OptionsOf,
  option,
  pickTensors,
  type Regularizer,
  RegularizerError,
  readTechnique,
  type Selector,
  type Technique,
  type Tensors,
  type WeightInfo,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {smallestNorm} from './units.ts';
import {isMatrix, total} from './weights.ts';

/** What is to be orthogonal. */
export type OrthogonalMode = 'rows' | 'columns';

/** Options of {@link orthogonal}. */
export interface OrthogonalOptions<Name extends string = string> extends Named<Name> {
  /** a, in [0, ∞). @defaultValue 1e-2 */
  readonly strength?: number;
  /**
   * What is to be orthogonal: the rows of a kernel, one for each input, or its columns, one for each unit or filter.
   *
   * @defaultValue 'rows'
   */
  readonly mode?: OrthogonalMode;
  /** Which trained weights, of rank 2 or more. @defaultValue kernels */
  readonly include?: Selector<WeightInfo>;
}

const described = {
  strength: option.number({
    min: 0,
    default: 1e-2,
    nothing: 0,
    about: 'Strength a of the mean of |cos| over pairs.',
    search: {from: 1e-4, to: 1, scale: 'log'},
  }),
  mode: option.choice(['rows', 'columns'], {
    default: 'rows',
    about: 'The rows of a kernel, one for each input, or its columns, one for each unit or filter.',
    search: {values: ['rows', 'columns']},
  }),
  include: option.weights({
    about: 'Which trained weights, of rank 2 or more.',
    default: (weight) => isMatrix(weight) && weight.shortName !== 'embeddings',
    otherwise: 'kernels',
    rare: true,
  }),
} satisfies OptionsOf<OrthogonalOptions>;

/** A kernel of any rank as one row for each input position and one column for each unit. */
function asMatrix(w: tf.Tensor): tf.Tensor2D {
  return tf.reshape(w, [-1, w.shape[w.rank - 1]!]);
}

/**
 * The orthogonality penalty of a set of weights, and its gradient, zero for pairs that are orthogonal.
 *
 * value = (a/2) · Σᵢ≠ⱼ |NNᵀ|ᵢⱼ / (n(n − 1)/2), with N the n rows (or columns) of a weight, scaled to norm 1: a times
 * the mean of |cos| over pairs, added up over weights. A weight of one row has no pairs, and no penalty.
 *
 * @param weights tensors of rank 2 or more, by name; all axes but the last count as one
 * @param options `strength`: a, in [0, ∞); `mode`: which are to be orthogonal
 *
 * @example
 * ```ts
 * const {value} = orthogonalPenalty({w: tf.tensor2d([[1, 0], [1, 1]])}, {strength: 1, mode: 'rows'}); // cos 45° = 0.707
 * ```
 */
export function orthogonalPenalty(
  weights: Tensors,
  options: {readonly strength: number; readonly mode: OrthogonalMode},
): AnalyticPenalty {
  return computed('orthogonalPenalty', {weights, options}, () => {
    const {strength, mode} = options;
    const entries = Object.entries(weights).map(([name, w]) => {
      const matrix = asMatrix(w);
      const isRows = mode === 'rows';
      const {value, gradient} = ofRows(isRows ? matrix : tf.transpose(matrix), strength);
      return {name, value, gradient: tf.reshape(isRows ? gradient : tf.transpose(gradient), w.shape)};
    });
    return {
      value: total(entries.map(({value}) => value)),
      gradients: Object.fromEntries(entries.map(({name, gradient}) => [name, gradient])),
    };
  });
}

/** With S the signs off the diagonal, ∂value/∂N = (a/pairs)·SN; scaling to norm 1 takes the part along N away. */
function ofRows(w: tf.Tensor2D, strength: number): {readonly value: tf.Scalar; readonly gradient: tf.Tensor} {
  const [n] = w.shape;
  const factor = n > 1 ? strength / ((n * (n - 1)) / 2) : 0;
  const norm = tf.maximum(tf.norm(w, 2, 1, true), smallestNorm);
  const rows = tf.div<tf.Tensor2D>(w, norm);
  const cosines = tf.matMul(rows, rows, false, true);
  const others = tf.mul<tf.Tensor2D>(cosines, tf.sub(1, tf.eye(n)));
  const ofRow = tf.mul(tf.matMul(tf.sign(others), rows), factor);
  const along = tf.sum(tf.mul(ofRow, rows), 1, true);
  return {
    value: tf.mul<tf.Scalar>(tf.sum(tf.abs(others)), factor / 2),
    gradient: tf.div(tf.sub(ofRow, tf.mul(rows, along)), norm),
  };
}

/**
 * Orthogonality: pulls the rows of each kernel, or its columns, toward right angles, so that no two say the same.
 *
 * objective = loss + a · the mean of |cos| over pairs of rows, as Keras's OrthogonalRegularizer
 *
 * Lengths are left alone. A kernel with more rows than columns cannot get to zero: choose `mode: 'columns'` for layers
 * with more inputs than units. The cosines of n rows take n² numbers: embeddings are left out by default.
 *
 * @param options how strongly, rows or columns, and which weights
 * @throws RegularizerError if an option is out of range, or if no weight of rank 2 or more is selected
 *
 * @example
 * ```ts
 * createTrainer({model, loss, optimizer, regularizers: [orthogonal({mode: 'columns', include: 'hidden/kernel'})]});
 * ```
 *
 * @see Keras, OrthogonalRegularizer. https://keras.io/api/layers/regularizers/#orthogonalregularizer-class
 * @see Brock, Lim, Ritchie, Weston (2017), Neural Photo Editing with Introspective Adversarial Networks, section 3.3.
 * https://arxiv.org/abs/1609.07093
 */
export function orthogonal<const Name extends string = 'orthogonal'>(
  options: OrthogonalOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, strength, mode, include} = readTechnique('orthogonal', options, described);
  return defineRegularizer({
    name,
    settings,
    setup(context) {
      if (strength === 0) return {idle: true};
      const chosen = include(context);
      const plan = namesOf(chosen.filter(({shape}) => shape.length >= 2));
      if (plan.length === 0) refuseVectors(name, chosen);
      return {plan};
    },
    penalty: ({weights}, {plan}) => orthogonalPenalty(pickTensors(weights, plan), {strength, mode}),
  });
}

function refuseVectors(where: string, chosen: readonly WeightInfo[]): never {
  throw new RegularizerError({
    where,
    code: 'nothing-selected',
    message: `include selects no weight of rank 2 or more, which alone has rows: ${chosen.map(({name}) => name).join(', ')}`,
    hint: "Select kernels: include: '**/kernel'.",
    option: 'include',
  });
}

/** What {@link orthogonal} says of itself. */
export const orthogonalTechnique: Technique = defineTechnique({
  name: 'orthogonal',
  title: 'Orthogonality penalty',
  family: 'penalties and constraints',
  about: 'Pulls the rows or columns of kernels toward right angles.',
  options: described,
  trials: [
    {options: {strength: 0.5}},
    {label: 'columns', options: {strength: 0.5, mode: 'columns'}, on: ['images']},
  ],
  create: orthogonal,
});
