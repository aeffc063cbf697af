import {
  changedTensors,
  computed,
  defineRegularizer,
  defineTechnique,
  isOfModel,
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
import {globalNorm} from './clip-gradients.ts';
import {isMatrix} from './weights.ts';

/** Options of {@link sharpnessAware}. */
export interface SharpnessAwareOptions<Name extends string = string> extends Named<Name> {
  /** Radius ρ of the ball in which the loss is to be flat, in [0, ∞). @defaultValue 0.05; 0.5 where adaptive */
  readonly rho?: number;
  /** ASAM: kernels and embeddings are moved in proportion to the size of each element. @defaultValue false */
  readonly adaptive?: boolean;
  /** Which trained weights are moved; the gradient is taken of all. @defaultValue the model's trained weights */
  readonly include?: Selector<WeightInfo>;
}

const described = {
  rho: option.number({
    min: 0,
    nothing: 0,
    about: 'Radius ρ of the ball in which the loss is to be flat.',
    otherwise: '0.05; 0.5 where adaptive',
    search: {from: 0.01, to: 2, scale: 'log'},
  }),
  adaptive: option.flag({
    default: false,
    about: 'ASAM: kernels and embeddings are moved in proportion to the size of each element.',
    search: {values: [false, true]},
  }),
  include: option.weights({
    about: 'Which trained weights are moved; the gradient is taken of all.',
    default: isOfModel,
    otherwise: "the model's trained weights",
    rare: true,
  }),
} satisfies OptionsOf<SharpnessAwareOptions>;

/** η: elements of zero are moved too. */
const leastScale = 0.01;

/**
 * The weights from which sharpness-aware minimization takes its gradient: a step of length ρ uphill.
 *
 * w + ρ·T²g / ‖T·g‖, the norm of all weights together; T = |w| + 0.01, element by element, for those that are
 * moved in proportion to their size, and 1 for the others. Where the gradient is zero, w.
 *
 * @param weights tensors of any shape, by name
 * @param gradients those of the objective at these weights, by the same names
 * @param options `rho`: ρ, in [0, ∞); `adaptive`: the names of weights that are moved in proportion to their size
 *
 * @example
 * ```ts
 * uphillWeights({w: tf.tensor([1, 1])}, {w: tf.tensor([3, -4])}, {rho: 0.5}); // {w: [1.3, 0.6]}
 * ```
 *
 * @see Foret, Kleiner, Mobahi, Neyshabur (2021), Sharpness-Aware Minimization for Efficiently Improving
 * Generalization, eq. 2 for p = 2. https://arxiv.org/abs/2010.01412
 * @see Kwon, Kim, Park, Choi (2021), ASAM: Adaptive Sharpness-Aware Minimization for Scale-Invariant Learning of
 * Deep Neural Networks, eq. 9, with biases as in its authors' code. https://arxiv.org/abs/2102.11600
 */
export function uphillWeights(
  weights: Tensors,
  gradients: Tensors,
  options: {readonly rho: number; readonly adaptive?: readonly string[]},
): Tensors {
  return computed('uphillWeights', {weights, gradients, options}, () => {
    const {rho, adaptive = []} = options;
    const names = Object.keys(weights);
    const timesScale = (tensors: Tensors): Tensors => ({
      ...tensors,
      ...changedTensors(tensors, adaptive, (tensor, name) =>
        tf.mul(tensor, tf.add(tf.abs(weights[name]!), leastScale)),
      ),
    });
    const scaled = timesScale(pickTensors(gradients, names));
    const factor = tf.divNoNan(rho, globalNorm(Object.values(scaled)));
    const direction = timesScale(scaled);
    return mapValues(weights, (w, name) => tf.add(w, tf.mul(direction[name]!, factor)));
  });
}

/**
 * Sharpness-aware minimization: descends with the gradient of the worst place nearby, so that training ends where the
 * loss is flat around the weights. A step takes two gradients, about twice the time.
 *
 * g ← ∇objective(w + ρ·g/‖g‖); with `adaptive`, the ball is as wide in each direction as the weight is large (ASAM).
 *
 * Both gradients are of one batch with the same draws: masks, noise, augmentation. The objective has its penalties;
 * weight decay, clipping and gradient noise come after. Batch statistics are those of the first pass.
 *
 * @param options the radius, adaptive or not, and which weights are moved
 * @throws RegularizerError if an option is out of range, or if no weight is selected
 *
 * @example
 * ```ts
 * createTrainer({model, loss, optimizer: momentum({learningRate: 0.1}), regularizers: [sharpnessAware({rho: 0.05})]});
 * ```
 *
 * @see Foret, Kleiner, Mobahi, Neyshabur (2021), Sharpness-Aware Minimization for Efficiently Improving
 * Generalization, algorithm 1. https://arxiv.org/abs/2010.01412
 * @see Kwon, Kim, Park, Choi (2021), ASAM: Adaptive Sharpness-Aware Minimization for Scale-Invariant Learning of
 * Deep Neural Networks. https://arxiv.org/abs/2102.11600
 */
export function sharpnessAware<const Name extends string = 'sharpnessAware'>(
  options: SharpnessAwareOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, adaptive, include, ...given} = readTechnique('sharpnessAware', options, described);
  const {rho = adaptive ? 0.5 : 0.05} = given;
  return defineRegularizer({
    name,
    settings,
    tags: ['sharpness'],
    before: ['clipping', 'gradient-noise'],
    excludes: ['sharpness'],
    setup(context) {
      if (rho === 0) return {idle: true};
      const chosen = include(context);
      return {plan: {names: namesOf(chosen), adaptive: namesOf(adaptive ? chosen.filter(isMatrix) : [])}};
    },
    gradients: (gradients, {plan, weights, gradientsAt}) =>
      gradientsAt(uphillWeights(pickTensors(weights, plan.names), gradients, {rho, adaptive: plan.adaptive})),
  });
}

/** What {@link sharpnessAware} says of itself. */
export const sharpnessAwareTechnique: Technique = defineTechnique({
  name: 'sharpnessAware',
  title: 'Sharpness-aware minimization',
  family: 'penalties and constraints',
  about: 'Descends with the gradient of the worst place nearby, toward flat minima.',
  options: described,
  trials: [
    {options: {rho: 0.2}},
    {label: 'adaptive', options: {adaptive: true}, on: ['images', 'composite']},
  ],
  create: sharpnessAware,
});
