import {
  changedTensors,
  computed,
  defineRegularizer,
  defineTechnique,
  isOfModel,
  type Named,
  namesOf,
  type OptionsOf,
  option,
  type Regularizer,
  readTechnique,
  type Selector,
  type Technique,
  type WeightInfo,
} from '@regularizers/core';
import {valueWithNormalNoise} from './corruptions.ts';

/** Options of {@link gradientNoise}. */
export interface GradientNoiseOptions<Name extends string = string> extends Named<Name> {
  /** η, at least 0; the variance at the first step. The paper picks from 0.01, 0.3 and 1. @defaultValue 0.01 */
  readonly eta?: number;
  /** γ, at least 0: how fast the variance falls. @defaultValue 0.55 */
  readonly gamma?: number;
  /** Weights whose gradients get noise. @defaultValue the model's trained weights */
  readonly include?: Selector<WeightInfo>;
}

const described = {
  eta: option.number({
    min: 0,
    default: 0.01,
    nothing: 0,
    about: 'The variance at the first step.',
    search: {from: 0.01, to: 1, scale: 'log'},
  }),
  gamma: option.number({min: 0, default: 0.55, about: 'How fast the variance falls.'}),
  include: option.weights({
    about: 'Weights whose gradients get noise.',
    default: isOfModel,
    otherwise: "the model's trained weights",
    rare: true,
  }),
} satisfies OptionsOf<GradientNoiseOptions>;

/**
 * The standard deviation of the noise at a step.
 *
 * σ = √(η/(1 + t)^γ), with t steps done before this one, as Optax counts them
 *
 * @param step the optimizer step, from 1: t + 1
 * @param options `eta`: η; `gamma`: γ
 *
 * @example
 * ```ts
 * gradientNoiseSigma(2, {eta: 0.01, gamma: 0.55}); // √(0.01/2^0.55) ≈ 0.0826
 * ```
 */
export function gradientNoiseSigma(
  step: number,
  options: {readonly eta: number; readonly gamma: number},
): number {
  return computed('gradientNoiseSigma', {step, options}, () => {
    const {eta, gamma} = options;
    return Math.sqrt(eta / step ** gamma);
  });
}

/**
 * Gradient noise: adds noise to the gradients that falls as training goes on, which helps deep networks out of
 * poor starts.
 *
 * g + N(0, σₜ²), σₜ² = η/(1 + t)^γ, t the optimizer steps done before; after clipping, before the optimizer.
 * ({@link valueWithNormalNoise} adds it.)
 *
 * @param options how much, how fast it falls, and on which weights
 * @throws RegularizerError if an option is out of range, or `include` selects nothing
 *
 * @example
 * ```ts
 * const regularizers = [gradientNoise({eta: 0.3})];
 * ```
 *
 * @see Neelakantan, Vilnis, Le, Sutskever, Kaiser, Kurach, Martens (2015), Adding Gradient Noise Improves Learning
 * for Very Deep Networks, eq. 1. https://arxiv.org/abs/1511.06807
 */
export function gradientNoise<const Name extends string = 'gradientNoise'>(
  options: GradientNoiseOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, eta, gamma, include} = readTechnique('gradientNoise', options, described);
  return defineRegularizer({
    name,
    settings,
    tags: ['gradient-noise'],
    after: ['clipping'],
    setup: (context) => (eta === 0 ? {idle: true} : {plan: namesOf(include(context))}),
    scalars: ({step}) => ({sigma: gradientNoiseSigma(step, {eta, gamma})}),
    gradients: (gradients, step) =>
      changedTensors(gradients, step.plan, (gradient, _, position) =>
        valueWithNormalNoise(gradient, step.key(`noise/${position}`), {sigma: step.scalars['sigma']!}),
      ),
  });
}

/** What {@link gradientNoise} says of itself. */
export const gradientNoiseTechnique: Technique = defineTechnique({
  name: 'gradientNoise',
  family: 'noise',
  about: 'Puts noise on gradients that fades over the run.',
  options: described,
  trials: [{options: {eta: 0.3}}],
  create: gradientNoise,
});
