import {checkChoice, checkKnown, RegularizerError} from '@regularizers/core';
import type {Scalar, Tensor} from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {type CombineMode, combineMean, combineModes, combinerOf} from './combine.ts';

/** Members' predictions, and the truth. */
export interface AmbiguityOptions {
  /** One prediction per member, `[batch, ...]`. */
  readonly members: readonly Tensor[];
  /** The same shape. */
  readonly targets: Tensor;
}

/** The parts of an ensemble's squared error. */
export interface Ambiguity {
  /** Mean squared error of the mean prediction. */
  readonly ensemble: Scalar;
  /** Mean of the members' mean squared errors. */
  readonly mean: Scalar;
  /** Mean squared distance of the members from their mean: what averaging gains. */
  readonly spread: Scalar;
}

/**
 * The ambiguity decomposition: an ensemble is better than its mean member by what its members disagree on.
 *
 * mse(ȳ) = (1/k)Σ mse(yₘ) − (1/k)Σ mean (yₘ − ȳ)²
 *
 * @param options the members' predictions and the targets
 *
 * @example
 * ```ts
 * // Predictions 1 and 3 of a truth of 1: ensemble (2 − 1)² = 1 = mean (0 + 4)/2 − spread 1.
 * ambiguity({members: [tf.tensor1d([1]), tf.tensor1d([3])], targets: tf.tensor1d([1])});
 * ```
 *
 * @see Krogh & Vedelsby 1995, Neural Network Ensembles, Cross Validation, and Active Learning, equation 7,
 *   https://papers.nips.cc/paper/1001-neural-network-ensembles-cross-validation-and-active-learning
 */
export function ambiguity({members, targets}: AmbiguityOptions): Ambiguity {
  checkMembers(members, targets);
  const combined = combineMean(members);
  const stacked = tf.stack([...members]);
  return {
    ensemble: squaredError(combined, targets),
    mean: squaredError(stacked, targets),
    spread: squaredError(stacked, combined),
  };
}

function squaredError(a: Tensor, b: Tensor): Scalar {
  return tf.mean(tf.squaredDifference(a, b));
}

/**
 * What is counted as an error.
 *
 * - `squaredError`: mean (y − t)²
 * - `errorRate`: share of examples whose largest output is not the target's, or, with one probability, that is on
 *   the wrong side of ½
 * - `crossentropy`: −mean Σ t log y of probabilities; with one probability, of both cases
 */
export type ErrorMeasure = 'squaredError' | 'errorRate' | 'crossentropy';

/** Options of {@link ensembleReport}. */
export interface EnsembleReportOptions extends AmbiguityOptions {
  /** @defaultValue 'squaredError' */
  readonly measure?: ErrorMeasure;
  /** How the members' outputs become one. @defaultValue 'mean' */
  readonly combine?: CombineMode;
}

/** Errors of an ensemble and its members. */
export interface EnsembleReport {
  readonly members: readonly number[];
  /** The mean of the members' errors. */
  readonly mean: number;
  readonly ensemble: number;
  /**
   * Mean squared distance of the members from their mean; under `squaredError` and `mean`, ensemble = mean − spread.
   */
  readonly spread: number;
}

/**
 * Each member's error, their mean, the ensemble's, and the spread; read back once.
 *
 * @param options predictions, targets (classes as one-hot), and what is counted
 * @throws RegularizerError if there is no member, or shapes differ
 *
 * @example
 * ```ts
 * const members = (await trainer.members()).map((model) => model.predict(x) as tf.Tensor);
 * const {mean, ensemble} = await ensembleReport({members, targets: y, measure: 'errorRate'});
 * ```
 */
export async function ensembleReport(options: EnsembleReportOptions): Promise<EnsembleReport> {
  const where = 'ensembleReport';
  checkKnown(where, options, ['members', 'targets', 'measure', 'combine']);
  const {members, targets, measure = 'squaredError', combine = 'mean'} = options;
  checkChoice(where, 'measure', measure, ['squaredError', 'errorRate', 'crossentropy']);
  checkChoice(where, 'combine', combine, combineModes);
  checkMembers(members, targets);
  const values = tf.tidy(() => {
    const {spread} = ambiguity({members, targets});
    const predictions = [...members, combinerOf(combine)(members)];
    return tf.stack([...predictions.map((prediction) => measures[measure](prediction, targets)), spread]);
  });
  const numbers = Array.from(await values.data());
  values.dispose();
  const errors = numbers.slice(0, members.length);
  const [ensemble = Number.NaN, spread = Number.NaN] = numbers.slice(members.length);
  return {
    members: errors,
    mean: errors.reduce((sum, error) => sum + error, 0) / errors.length,
    ensemble,
    spread,
  };
}

const measures: Readonly<Record<ErrorMeasure, (prediction: Tensor, targets: Tensor) => Tensor>> = {
  squaredError,
  errorRate: (prediction, targets) =>
    prediction.shape.at(-1) === 1
      ? tf.mean(tf.cast(tf.notEqual(tf.greater(prediction, 0.5), tf.greater(targets, 0.5)), 'float32'))
      : tf.mean(tf.cast(tf.notEqual(tf.argMax(prediction, -1), tf.argMax(targets, -1)), 'float32')),
  crossentropy: (prediction, targets) => {
    const surprise = (p: Tensor, t: Tensor): Tensor => tf.mul(t, tf.neg(tf.log(tf.maximum(p, 1e-7))));
    const yes = surprise(prediction, targets);
    if (prediction.shape.at(-1) !== 1) return tf.mean(tf.sum(yes, -1));
    return tf.mean(tf.add(yes, surprise(tf.sub(1, prediction), tf.sub(1, targets))));
  },
};

function checkMembers(members: readonly Tensor[], targets: Tensor): void {
  const where = 'ambiguity';
  if (members.length === 0) {
    throw new RegularizerError({
      where,
      code: 'no-members',
      message: 'members must hold a prediction; received []',
    });
  }
  const other = members.find(({shape}) => !tf.util.arraysEqual(shape, targets.shape));
  if (other === undefined) return;
  throw new RegularizerError({
    where,
    code: 'shape-mismatch',
    message: `a member's prediction has shape [${other.shape}], the targets have [${targets.shape}]`,
  });
}
