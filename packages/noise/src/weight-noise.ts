import {
  changedTensors,
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
import {sigmaOption} from './options.ts';

/** Options of {@link weightNoise}. */
export interface WeightNoiseOptions<Name extends string = string> extends Named<Name> {
  /** Standard deviation σ, at least 0, in the weights' unit. @defaultValue 0.01 */
  readonly sigma?: number;
  /** Weights that the model reads with noise. @defaultValue the model's trained weights */
  readonly include?: Selector<WeightInfo>;
}

const described = {
  sigma: sigmaOption(0.01, "Standard deviation, in the weights' unit.", [1e-3, 0.1]),
  include: option.weights({
    about: 'Weights that the model reads with noise.',
    default: isOfModel,
    otherwise: "the model's trained weights",
    rare: true,
  }),
} satisfies OptionsOf<WeightNoiseOptions>;

/**
 * Weight noise: each step, the model reads its weights with new noise on them.
 *
 * w + N(0, σ²), one draw for the batch; the update goes to the clean w, with the gradient at the noisy one.
 * Evaluation reads the clean weights. ({@link valueWithNormalNoise} adds it.)
 *
 * @param options how much, and on which weights
 * @throws RegularizerError if an option is out of range, or `include` selects nothing
 *
 * @example
 * ```ts
 * const regularizers = [weightNoise({sigma: 0.075, include: (weight) => weight.shortName === 'recurrent_kernel'})];
 * ```
 *
 * @see Graves (2011), Practical Variational Inference for Neural Networks, with a fixed variance.
 * https://proceedings.neurips.cc/paper/2011/hash/7eb3c8be3d411e8ebfab08eba5f49632-Abstract.html
 * @see Jim, Giles, Horne (1996), An Analysis of Noise in Recurrent Neural Networks. https://doi.org/10.1109/72.548170
 */
export function weightNoise<const Name extends string = 'weightNoise'>(
  options: WeightNoiseOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, sigma, include} = readTechnique('weightNoise', options, described);
  return defineRegularizer({
    name,
    settings,
    tags: ['weight-noise'],
    setup: (context) => (sigma === 0 ? {idle: true} : {plan: namesOf(include(context))}),
    weights: (weights, step) =>
      changedTensors(weights, step.plan, (weight, _, position) =>
        valueWithNormalNoise(weight, step.key(`noise/${position}`), {sigma}),
      ),
  });
}

/** What {@link weightNoise} says of itself. */
export const weightNoiseTechnique: Technique = defineTechnique({
  name: 'weightNoise',
  family: 'noise',
  about: 'The model reads its weights with noise on them.',
  options: described,
  trials: [{options: {sigma: 0.2}, on: ['sequence', 'composite']}],
  create: weightNoise,
});
