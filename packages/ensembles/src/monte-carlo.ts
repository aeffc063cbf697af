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

/** Options of {@link monteCarlo}. */
export interface MonteCarloOptions<Name extends string = string> extends Named<Name> {
  /** T, in [1, ∞): the error of the mean falls with 1/√T, and time grows with T. @defaultValue 30 */
  readonly passes?: number;
}

const described = {
  passes: option.integer({
    min: 1,
    default: 30,
    nothing: 1,
    about: 'How many passes a prediction is made from.',
    search: {from: 10, to: 100, scale: 'log'},
  }),
} satisfies OptionsOf<MonteCarloOptions>;

/** Mean and variance of predictions. */
export interface PredictionMoments {
  /** ȳ, the shape of one prediction. */
  readonly mean: tf.Tensor;
  /** By how much the predictions differ, the same shape. */
  readonly variance: tf.Tensor;
}

/**
 * Mean and variance over predictions.
 *
 * ȳ = (1/T)Σ yₜ, variance = (1/T)Σ (yₜ − ȳ)²
 *
 * @param predictions `[T, examples, ...]`, as a trainer's `predictions` gives them
 *
 * @example
 * ```ts
 * // Predictions 1 and 3 of one example: mean 2, variance 1.
 * predictionMoments(tf.tensor2d([[1], [3]]));
 * ```
 *
 * @see Gal & Ghahramani 2016, equation 8 without the noise of the data, https://arxiv.org/abs/1506.02142
 */
export function predictionMoments(predictions: tf.Tensor): PredictionMoments {
  return computed('predictionMoments', {predictions}, () => {
    const {mean, variance} = tf.moments(predictions, 0);
    return {mean, variance};
  });
}

/**
 * Monte Carlo dropout: evaluations and predictions are made from several passes with the noise of training left in.
 *
 * ŷ = (1/T)Σ f(x; draws of pass t)
 *
 * It brings no noise itself: the passes are with that of the other plugins which change weights or values within the
 * model, such as `dropout`, `dropConnect` or `activationNoise`. Where there is none, one pass is made. The trainer's
 * `predictions` gives each pass by itself, of which {@link predictionMoments} makes mean and uncertainty. A plugin that
 * combines an ensemble combines all passes of all members: each pass has a vote.
 *
 * The draws follow from the seed and from where in the data a batch begins: the same data in batches of the same size is
 * predicted the same each time, and on every backend with the same draws. Passes run op by op, also on native.
 *
 * The model that `fit` returns, that of an ensemble too, is a plain one: it predicts without noise, which approximates the
 * mean of the passes.
 *
 * @param options T
 * @throws RegularizerError if `passes` is not an integer of at least 1
 *
 * @example
 * ```ts
 * import {dropout} from '@regularizers/dropout';
 *
 * const trainer = createTrainer({
 *   model,
 *   loss: 'meanSquaredError',
 *   optimizer: adam(),
 *   regularizers: [dropout({rate: 0.1}), monteCarlo({passes: 50})],
 * });
 * await trainer.fit({x, y}, {epochs: 5});
 * const {mean, variance} = predictionMoments(trainer.predictions(x) as tf.Tensor);
 * ```
 *
 * @see Gal & Ghahramani 2016, Dropout as a Bayesian Approximation, section 4, https://arxiv.org/abs/1506.02142
 */
export function monteCarlo<const Name extends string = 'monteCarlo'>(
  options: MonteCarloOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, passes} = readTechnique('monteCarlo', options, described);
  return defineRegularizer({
    name,
    settings,
    owns: ['passes'],
    passes,
    setup: () => ({idle: passes === 1}),
  });
}

/** What {@link monteCarlo} says of itself. */
export const monteCarloTechnique: Technique = defineTechnique({
  name: 'monteCarlo',
  title: 'Monte Carlo dropout',
  family: 'ensembles',
  about: 'Predicts with the mean of several passes, with the noise of training left in.',
  options: described,
  trials: [{options: {passes: 3}}],
  create: monteCarlo,
});
