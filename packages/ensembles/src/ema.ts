import {
  computed,
  defineRegularizer,
  defineTechnique,
  type Named,
  type OptionsOf,
  option,
  type Regularizer,
  readTechnique,
  type Technique,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {byName, changingWeights, valuesOf} from './averaged-weights.ts';

/** What an average of weights begins with. */
export type EmaStart = 'corrected' | 'first';

/** Options of {@link ema}. */
export interface EmaOptions<Name extends string = string> extends Named<Name> {
  /** β, in [0, 1); the average reaches back over about 1/(1 − β) steps. @defaultValue 0.999 */
  readonly decay?: number;
  /**
   * What it begins with. `'corrected'` counts nothing from before the first step, so that early averages are of few
   * weights; `'first'` begins with the weights after the first step, as Keras and PyTorch do, which then count for βᵗ.
   *
   * @defaultValue 'corrected'
   */
  readonly start?: EmaStart;
}

const described = {
  decay: option.number({
    min: 0,
    max: 1,
    maxExclusive: true,
    default: 0.999,
    nothing: 0,
    about: 'β: the average reaches back over about 1/(1 − β) steps.',
    search: {from: 0.9, to: 0.9999, scale: 'logOfRest'},
  }),
  start: option.choice(['corrected', 'first'], {
    default: 'corrected',
    about: "What it begins with: 'first' is the weights after the first step, as in Keras and PyTorch.",
    rare: true,
  }),
} satisfies OptionsOf<EmaOptions>;

/** What `ema` works out from the model. */
export interface EmaPlan {
  /** Names of the averaged weights. */
  readonly names: readonly string[];
}

/** An average that grows step by step. */
export type EmaState = {
  /** The averaged weights, bias corrected, in the plan's order. */
  readonly average: readonly tf.Tensor[];
  /** 1 − βᵗ: how much of the average has come from weights so far. */
  readonly mass: tf.Scalar;
};

/**
 * One step of a bias-corrected exponential moving average.
 *
 * cₜ = cₜ₋₁ + (1 − β)(1 − cₜ₋₁) = 1 − βᵗ; v̂ₜ = v̂ₜ₋₁ + (1 − β)/cₜ · (wₜ − v̂ₜ₋₁)
 *
 * It is v̂ₜ = vₜ/(1 − βᵗ) of the plain average vₜ = βvₜ₋₁ + (1 − β)wₜ with v₀ = 0, without the small numbers
 * that vₜ has at first: v̂₁ = w₁, whatever v̂₀ is.
 *
 * @param options the average so far, and its mass (0 at first)
 * @param weights wₜ, one per average, of the same shapes
 * @param decay β, in [0, 1)
 * @param start with `'first'`, v₁ = w₁ and vₜ = βvₜ₋₁ + (1 − β)wₜ; the mass is 1 from then on
 *
 * @example
 * ```ts
 * const first = emaUpdate({average: [tf.scalar(0)], mass: tf.scalar(0)}, [tf.scalar(4)], 0.5); // 4, mass 0.5
 * const second = emaUpdate(first, [tf.scalar(1)], 0.5); // (0.25·4 + 0.5·1)/0.75 = 2, mass 0.75
 * ```
 *
 * @see Polyak & Juditsky 1992, Acceleration of Stochastic Approximation by Averaging,
 *   https://doi.org/10.1137/0330046
 * @see Kingma & Ba 2015, Adam, section 3, on the bias correction, https://arxiv.org/abs/1412.6980
 */
export function emaUpdate(
  options: EmaState,
  weights: readonly tf.Tensor[],
  decay: number,
  start: EmaStart = 'corrected',
): EmaState {
  return computed('emaUpdate', {options, weights, decay, start}, () => {
    const {average, mass} = options;
    const isFirst = start === 'first';
    const next: tf.Scalar = isFirst ? tf.onesLike(mass) : tf.add(mass, tf.mul(tf.sub(1, mass), 1 - decay));
    const rate = isFirst ? tf.sub(1, tf.mul(mass, decay)) : tf.div(1 - decay, next);
    return {
      average: average.map((value, index) => {
        const weight = weights[index];
        return weight ? tf.add(value, tf.mul(tf.sub(weight, value), rate)) : value;
      }),
      mass: next,
    };
  });
}

/**
 * Evaluates with, and leaves in the model, an exponential moving average of the weights.
 *
 * v ← βv + (1 − β)w once per optimizer step, over trained weights and statistics; evaluated as v/(1 − βᵗ)
 *
 * Accumulated gradients count as one step. Training itself goes on with the weights as they are. Decay 0 is nothing.
 *
 * @param options β
 * @throws RegularizerError if the decay is not in [0, 1)
 *
 * @example
 * ```ts
 * createTrainer({model, loss, optimizer, regularizers: [ema({decay: 0.999})]});
 * ```
 *
 * @see Polyak & Juditsky 1992, https://doi.org/10.1137/0330046
 * @see Tarvainen & Valpola 2017, Mean Teachers, https://arxiv.org/abs/1703.01780
 */
export function ema<const Name extends string = 'ema'>(
  options: EmaOptions<Name> = {},
): Regularizer<Name, EmaPlan, EmaState> {
  const {name, settings, decay, start} = readTechnique('ema', options, described);
  return defineRegularizer<Name, EmaPlan, EmaState>({
    name,
    settings,
    owns: ['evaluation'],
    keeps: 1,
    setup: (context) => {
      const names = changingWeights(context);
      return {
        plan: {names},
        // Starts from the initial weights, which are there anyway, so that it can be evaluated before any step.
        state: {average: valuesOf(context.initial, names), mass: tf.scalar(0)},
        idle: decay === 0,
      };
    },
    track: (state, {plan, weights}) => emaUpdate(state, valuesOf(weights, plan.names), decay, start),
    evaluation: ({plan, state}) => byName(plan.names, state.average),
  });
}

/** What {@link ema} says of itself. */
export const emaTechnique: Technique = defineTechnique({
  name: 'ema',
  title: 'Moving average of weights',
  family: 'ensembles',
  about: 'Leaves a moving average of the weights.',
  options: described,
  trials: [{options: {decay: 0.9}, on: ['images', 'composite']}, {options: {decay: 0.9, start: 'first'}}],
  create: ema,
});
