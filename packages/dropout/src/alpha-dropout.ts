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
import {type KeyLike, maskedScale} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {isClearOfBatchNorm} from './hidden-sites.ts';
import {maskOrder} from './mask-order.ts';
import {dropRate} from './options.ts';

/** Options of {@link alphaDropout}. */
export interface AlphaDropoutOptions<Name extends string = string> extends Named<Name> {
  /** Probability p that a unit is set to the saturation value, in [0, 1). @defaultValue 0.1 */
  readonly rate?: number;
  /**
   * Sites whose values are dropped from.
   *
   * @defaultValue hidden layers with activation `selu`, but for those right in front of a batch normalization
   */
  readonly at?: Selector<SiteInfo>;
}

const described = {
  rate: dropRate(0.1, 'Probability that a unit is set to the saturation value.'),
  at: option.sites({
    about: 'Sites whose values are changed.',
    default: (site, sites) => isHiddenSelu(site) && isClearOfBatchNorm(site, sites),
    otherwise: 'hidden layers with activation selu',
    rare: true,
  }),
} satisfies OptionsOf<AlphaDropoutOptions>;

/** −λα of SELU: the value it tends to for ever smaller inputs. */
const SATURATION = -1.0507009873554805 * 1.6732632423543772;

/**
 * Sets units to SELU's negative saturation at random, then scales and shifts so that values of mean 0 and
 * variance 1 still have mean 0 and variance 1.
 *
 * a·(x·b + α′(1 − b)) + c, b ~ Bernoulli(q), q = 1 − p, α′ = −λα ≈ −1.7581,
 * a = (q + α′²·q·p)^(−1/2), c = −a·p·α′
 *
 * @param value any shape
 * @param key where the draw comes from
 * @param options `rate`: p, in [0, 1)
 * @returns a value of the same shape
 *
 * @example
 * ```ts
 * const dropped = alphaDroppedValue(tf.selu(x), deriveKey(7, 'mask'), {rate: 0.1});
 * ```
 */
export function alphaDroppedValue(
  value: tf.Tensor,
  key: KeyLike,
  options: {readonly rate: number},
): tf.Tensor {
  return computed('alphaDroppedValue', {value, key, options}, () => {
    const {rate} = options;
    const keep = 1 - rate;
    const scale = 1 / Math.sqrt(keep + SATURATION ** 2 * keep * rate);
    const shift = -scale * rate * SATURATION;
    // The same as above with the saturation taken off first, so that the mask is used once: (x − α′)·ab + aα′ + c.
    const kept = maskedScale(tf.sub(value, SATURATION), key, {probability: keep, scale});
    return tf.add(kept, scale * SATURATION + shift);
  });
}

/**
 * Alpha dropout, for self-normalizing networks: dropout that keeps SELU's mean 0 and variance 1, where plain
 * dropout would change the variance and set units to a value that is not special to SELU.
 *
 * y ← a·(y·b + α′(1 − b)) + c, see {@link alphaDroppedValue}; evaluation is the identity. The AlphaDropout layer of
 * TensorFlow.js has the sign of α′(1 − b) wrong, so that its mean drifts.
 *
 * @param options how often, and where
 * @throws RegularizerError if an option is out of range, or `at` selects nothing
 *
 * @example
 * ```ts
 * const regularizers = [alphaDropout({rate: 0.05})];
 * ```
 *
 * @see Klambauer, Unterthiner, Mayr, Hochreiter (2017), Self-Normalizing Neural Networks, section 3, "New dropout
 * technique". https://arxiv.org/abs/1706.02515
 */
export function alphaDropout<const Name extends string = 'alphaDropout'>(
  options: AlphaDropoutOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, rate, at} = readTechnique('alphaDropout', options, described);
  return defineRegularizer({
    name,
    settings,
    ...maskOrder,
    // It shifts values, where the others only scale them.
    inListOrder: ['activation-mask'],
    setup: (context) => (rate === 0 ? {idle: true} : {at: namesOf(at(context))}),
    activation: (value, site, step) => alphaDroppedValue(value, step.key(`mask/${site.index}`), {rate}),
  });
}

function isHiddenSelu({config: {activation}, isOutput}: SiteInfo): boolean {
  return activation === 'selu' && !isOutput;
}

/** What {@link alphaDropout} says of itself. */
export const alphaDropoutTechnique: Technique = defineTechnique({
  name: 'alphaDropout',
  family: 'dropout',
  about: 'Dropout that keeps mean and variance, for layers with selu.',
  options: described,
  trials: [{options: {rate: 0.3, at: ['block1_branch', 'hidden*', 'declared_*']}}],
  create: alphaDropout,
});
