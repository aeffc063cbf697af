import {
  computed,
  defineRegularizer,
  defineTechnique,
  type Named,
  namesOf,
  type OptionsOf,
  option,
  type Regularizer,
  readTechnique,
  type Selector,
  type SiteInfo,
  type Technique,
} from '@regularizers/core';
import {type KeyLike, normal} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {valueWithNormalNoise} from './corruptions.ts';
import {sigmaOption} from './options.ts';

/** Options of {@link activationNoise}. */
export interface ActivationNoiseOptions<Name extends string = string> extends Named<Name> {
  /** Sites whose values get noise. */
  readonly at: Selector<SiteInfo>;
  /** Standard deviation σ, at least 0; in the values' unit if additive, a fraction if not. @defaultValue 0.1 */
  readonly sigma?: number;
  /** y + N(0, σ²) or y·N(1, σ²). @defaultValue 'additive' */
  readonly mode?: 'additive' | 'multiplicative';
}

const described = {
  at: option.sites({about: 'Sites whose values get noise.', required: true}),
  sigma: sigmaOption(
    0.1,
    "Standard deviation: in the values' unit if additive, a fraction if multiplicative.",
    [0.01, 1],
  ),
  mode: option.choice(['additive', 'multiplicative'], {
    default: 'additive',
    about: 'Added to the values, or multiplied with them.',
    search: {values: ['additive', 'multiplicative']},
  }),
} satisfies OptionsOf<ActivationNoiseOptions>;

/**
 * Multiplies by normal noise.
 *
 * y·m, m ~ N(1, σ²) for each element
 *
 * @param value any shape
 * @param key where the draw comes from
 * @param options `sigma`: σ ≥ 0, as a fraction of the value
 * @returns a value of the same shape; its gradient in `value` is m
 *
 * @example
 * ```ts
 * const noisy = valueWithMultiplicativeNoise(x, deriveKey(7, 'noise'), {sigma: 0.1});
 * ```
 */
export function valueWithMultiplicativeNoise(
  value: tf.Tensor,
  key: KeyLike,
  options: {readonly sigma: number},
): tf.Tensor {
  return computed('valueWithMultiplicativeNoise', {value, key, options}, () => {
    const {sigma} = options;
    return tf.mul(value, normal(value.shape, key, {mean: 1, sigma: sigma}));
  });
}

/**
 * Activation noise: adds noise to the values of layers, or multiplies them by it.
 *
 * y + N(0, σ²) or y·N(1, σ²) for each element, new at each step; evaluation is the identity.
 *
 * @param options where, how much, and whether it is added or multiplies
 * @throws RegularizerError if an option is out of range, or `at` selects nothing
 *
 * @example
 * ```ts
 * const regularizers = [activationNoise({at: 'hidden_*', sigma: 0.05})];
 * ```
 *
 * @see Poole, Sohl-Dickstein, Ganguli (2014), Analyzing Noise in Autoencoders and Deep Networks.
 * https://arxiv.org/abs/1406.1831
 */
export function activationNoise<const Name extends string = 'activationNoise'>(
  options: ActivationNoiseOptions<Name>,
): Regularizer<Name> {
  const {name, settings, at, sigma, mode} = readTechnique('activationNoise', options, described);
  const withNoise = mode === 'additive' ? valueWithNormalNoise : valueWithMultiplicativeNoise;
  return defineRegularizer({
    name,
    settings,
    tags: ['activation-noise'],
    after: ['declared-activation'],
    inListOrder: ['activation-noise'],
    setup: (context) => (sigma === 0 ? {idle: true} : {at: namesOf(at(context))}),
    activation: (value, site, step) => withNoise(value, step.key(`noise/${site.index}`), {sigma}),
  });
}

/** What {@link activationNoise} says of itself. */
export const activationNoiseTechnique: Technique = defineTechnique({
  name: 'activationNoise',
  family: 'noise',
  about: 'Puts noise on the values of layers.',
  options: described,
  example: {at: 'hidden*'},
  trials: [
    {options: {at: ['block1_branch', 'hidden*', 'declared_*'], sigma: 0.5}},
    {
      label: 'multiplicative',
      options: {at: ['block1_branch', 'hidden*', 'declared_*'], sigma: 0.5, mode: 'multiplicative'},
      on: ['composite'],
    },
  ],
  create: activationNoise,
});
