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
import type * as tf from '@tensorflow/tfjs-core';
import {isHidden} from './hidden-sites.ts';
import {maskOrder} from './mask-order.ts';
import {checkBroadcast, type NoiseShape, noiseShapeOption, resolveNoiseShape} from './noise-shape.ts';
import {dropRate} from './options.ts';

/** Options of {@link dropout}. */
export interface DropoutOptions<Name extends string = string> extends Named<Name> {
  /** Probability p that a unit is dropped, in [0, 1). @defaultValue 0.5 */
  readonly rate?: number;
  /**
   * Sites whose values are dropped from.
   *
   * @defaultValue outputs of hidden Dense layers, after the activation layer where that is a layer of its own, and
   * after a batch normalization that would come next
   */
  readonly at?: Selector<SiteInfo>;
  /** Axes that share one draw, the batch included. @defaultValue a draw per element */
  readonly noiseShape?: NoiseShape;
}

const described = {
  rate: dropRate(0.5, 'Probability that a unit is dropped.'),
  at: option.sites({
    about: 'Sites whose values are dropped from.',
    default: isHidden('Dense'),
    otherwise: 'outputs of hidden Dense layers, after the activation layer where that is a layer of its own',
    rare: true,
  }),
  noiseShape: noiseShapeOption,
} satisfies OptionsOf<DropoutOptions>;

/**
 * Sets elements to 0 with probability p and scales what is kept, so that the expectation stays.
 *
 * y·m, m = b/(1 − p), b ~ Bernoulli(1 − p)
 *
 * The mask is drawn again for the gradient, and never kept.
 *
 * @param value any shape
 * @param key where the draw comes from; one key is one mask
 * @param options `rate`: p, in [0, 1); `noiseShape`: axes that share one draw
 * @returns a value of the same shape
 *
 * @example
 * ```ts
 * const dropped = droppedValue(x, deriveKey(7, 'mask'), {rate: 0.5});
 * ```
 */
export function droppedValue(
  value: tf.Tensor,
  key: KeyLike,
  options: {readonly rate: number; readonly noiseShape?: NoiseShape | undefined},
): tf.Tensor {
  return computed('droppedValue', {value, key, options}, () => {
    const {rate, noiseShape} = options;
    return maskedScale(value, key, {
      probability: 1 - rate,
      maskShape: resolveNoiseShape(value.shape, noiseShape),
    });
  });
}

/**
 * Dropout: each step, units are switched off at random, and the rest scaled up.
 *
 * y ← y·m, m = b/(1 − p), b ~ Bernoulli(1 − p) for each element, new at each step; evaluation is the identity.
 *
 * @param options how often, where, and which axes share one draw
 * @throws RegularizerError if an option is out of range, `at` selects nothing, or `noiseShape` does not broadcast
 *
 * @example
 * ```ts
 * const trainer = createTrainer({
 *   model,
 *   loss: 'categoricalCrossentropy',
 *   optimizer: adam(),
 *   regularizers: [dropout({rate: 0.2, at: 'hidden_*'})],
 * });
 * ```
 *
 * @see Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov (2014), Dropout: A Simple Way to Prevent Neural
 * Networks from Overfitting, section 4; scaled in training ("inverted", section 10) and not in evaluation.
 * https://jmlr.org/papers/v15/srivastava14a.html
 */
export function dropout<const Name extends string = 'dropout'>(
  options: DropoutOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, rate, at, noiseShape} = readTechnique('dropout', options, described);
  return defineRegularizer({
    name,
    settings,
    ...maskOrder,
    setup(context) {
      if (rate === 0) return {idle: true};
      const chosen = at(context);
      if (noiseShape) checkBroadcast(name, noiseShape, chosen);
      return {at: namesOf(chosen)};
    },
    activation: (value, site, step) =>
      droppedValue(value, step.key(`mask/${site.index}`), {rate, noiseShape}),
  });
}

/** What {@link dropout} says of itself. */
export const dropoutTechnique: Technique = defineTechnique({
  name: 'dropout',
  family: 'dropout',
  about: 'Sets random units to zero at every step, and scales the rest up.',
  options: described,
  trials: [
    {options: {rate: 0.5}, on: ['classifier']},
    {options: {at: ['block1_branch', 'hidden*', 'declared_*']}, on: ['composite']},
  ],
  create: dropout,
});
