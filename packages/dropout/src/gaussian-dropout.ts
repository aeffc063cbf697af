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
import {isHidden} from './hidden-sites.ts';
import {maskOrder} from './mask-order.ts';
import {dropRate} from './options.ts';

/** Options of {@link gaussianDropout}. */
export interface GaussianDropoutOptions<Name extends string = string> extends Named<Name> {
  /** The drop rate p whose variance the noise has, in [0, 1). @defaultValue 0.5 */
  readonly rate?: number;
  /**
   * Sites whose values are multiplied.
   *
   * @defaultValue outputs of hidden Dense layers, after the activation layer where that is a layer of its own, and
   * after a batch normalization that would come next
   */
  readonly at?: Selector<SiteInfo>;
}

const described = {
  rate: dropRate(0.5, 'The drop rate whose variance the noise has.'),
  at: option.sites({
    about: 'Sites whose values are changed.',
    default: isHidden('Dense'),
    otherwise: 'outputs of hidden Dense layers, after the activation layer where that is a layer of its own',
    rare: true,
  }),
} satisfies OptionsOf<GaussianDropoutOptions>;

/**
 * Factors with the mean and the variance of a dropout mask, and no zeros.
 *
 * m ~ N(1, p/(1 − p))
 *
 * @param shape shape of the mask
 * @param key where the draw comes from
 * @param options `rate`: p, in [0, 1)
 * @returns float32 of that shape; a constant to the gradient
 *
 * @example
 * ```ts
 * const noisy = tf.mul(x, gaussianDropoutMask(x.shape, deriveKey(7, 'mask'), {rate: 0.5}));
 * ```
 */
export function gaussianDropoutMask(
  shape: readonly number[],
  key: KeyLike,
  options: {readonly rate: number},
): tf.Tensor {
  return computed('gaussianDropoutMask', {shape, key, options}, () => {
    const {rate} = options;
    return normal([...shape], key, {mean: 1, sigma: Math.sqrt(rate / (1 - rate))});
  });
}

/**
 * Gaussian dropout: multiplies units by normal noise with the mean and the variance of a dropout mask.
 *
 * y ← y·m, m ~ N(1, p/(1 − p)) for each element, new at each step; evaluation is the identity.
 *
 * @param options how much, and where
 * @throws RegularizerError if an option is out of range, or `at` selects nothing
 *
 * @example
 * ```ts
 * const regularizers = [gaussianDropout({rate: 0.3})];
 * ```
 *
 * @see Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov (2014), Dropout: A Simple Way to Prevent Neural
 * Networks from Overfitting, section 10. https://jmlr.org/papers/v15/srivastava14a.html
 */
export function gaussianDropout<const Name extends string = 'gaussianDropout'>(
  options: GaussianDropoutOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, rate, at} = readTechnique('gaussianDropout', options, described);
  return defineRegularizer({
    name,
    settings,
    ...maskOrder,
    setup: (context) => (rate === 0 ? {idle: true} : {at: namesOf(at(context))}),
    activation: (value, site, step) =>
      tf.mul(value, gaussianDropoutMask(value.shape, step.key(`mask/${site.index}`), {rate})),
  });
}

/** What {@link gaussianDropout} says of itself. */
export const gaussianDropoutTechnique: Technique = defineTechnique({
  name: 'gaussianDropout',
  family: 'dropout',
  about: 'Multiplies units by noise of the same variance as dropout.',
  options: described,
  trials: [
    {on: ['classifier']},
    {options: {at: ['block1_branch', 'hidden*', 'declared_*']}, on: ['composite']},
  ],
  create: gaussianDropout,
});
