import {
  accuracyOf,
  computed,
  type Loss,
  type LossName,
  type OptionsOf,
  option,
  RegularizerError,
  readOptions,
  resolveLoss,
  sameShape,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type CombineMode,
  checkCombinable,
  combineOption,
  meanLogitsOutput,
  meanOutput,
  voteOutput,
} from './combine.ts';

/** Members' predictions, and the truth. */
export interface AmbiguityOptions {
  /** One prediction per member, `[batch, ...]`. */
  readonly members: readonly tf.Tensor[];
  /** The same shape. */
  readonly targets: tf.Tensor;
}

/** The parts of an ensemble's squared error. */
export interface Ambiguity {
  /** Mean squared error of the mean prediction. */
  readonly ensemble: tf.Scalar;
  /** Mean of the members' mean squared errors. */
  readonly mean: tf.Scalar;
  /** Mean squared distance of the members from their mean: what averaging gains. */
  readonly spread: tf.Scalar;
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
export function ambiguity(options: AmbiguityOptions): Ambiguity {
  return computed('ambiguity', {options}, () => {
    const {members, targets} = options;
    checkMembers(members, targets);
    const combined = meanOutput(members);
    const stacked = tf.stack([...members]);
    return {
      ensemble: squaredError(combined, targets),
      mean: squaredError(stacked, targets),
      spread: squaredError(stacked, combined),
    };
  });
}

function squaredError(a: tf.Tensor, b: tf.Tensor): tf.Scalar {
  return tf.mean(tf.squaredDifference(a, b));
}

/**
 * What is counted as an error.
 *
 * - `squaredError`: mean (y − t)², of probabilities or values
 * - `errorRate`: share of wrong answers, as `accuracy` counts the right ones
 * - `loss`: mean of the loss
 */
export type ErrorMeasure = 'squaredError' | 'errorRate' | 'loss';

/** Options of {@link ensembleReport}. */
export interface EnsembleReportOptions extends AmbiguityOptions {
  /** What the outputs mean: the loss that the members were trained with. @defaultValue 'meanSquaredError' */
  readonly loss?: LossName | Loss;
  /** @defaultValue 'squaredError' */
  readonly measure?: ErrorMeasure;
  /** How the members' outputs become one. @defaultValue 'mean' */
  readonly combine?: CombineMode;
}

const isTensor = (value: unknown): boolean => value instanceof tf.Tensor;
const tensor = option.instance<tf.Tensor>('a tensor', isTensor);

const described = {
  members: option.list<readonly tf.Tensor[]>(tensor({about: 'A prediction.'}))({
    required: true,
    about: 'One prediction per member.',
  }),
  targets: tensor({required: true, about: 'The same shape.'}),
  loss: option.oneOf<LossName | Loss>(
    option.text({about: 'Its name.'}),
    option.instance<Loss>(
      'a loss',
      (value) => typeof value === 'object' && value !== null,
    )({about: 'A loss.'}),
  )({default: 'meanSquaredError', about: 'The loss that the members were trained with.'}),
  measure: option.choice(['squaredError', 'errorRate', 'loss'], {
    default: 'squaredError',
    about: 'What is counted as an error.',
  }),
  combine: combineOption,
} satisfies OptionsOf<EnsembleReportOptions>;

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
 * @throws RegularizerError if there is no member, shapes differ, or the measure or the way to combine has no meaning
 *   under the loss
 *
 * @example
 * ```ts
 * const members = [buildModel(), buildModel()].map((member) => member.predict(x) as tf.Tensor);
 * const {mean, ensemble} = await ensembleReport({members, targets: y, loss: 'categoricalCrossentropy', measure: 'errorRate'});
 * ```
 */
export async function ensembleReport(options: EnsembleReportOptions): Promise<EnsembleReport> {
  const where = 'ensembleReport';
  const {members, targets, measure, combine, ...given} = readOptions(where, options, described);
  const loss = resolveLoss(where, given.loss);
  checkMembers(members, targets);
  checkCombinable(where, combine, [loss]);
  const errorOf = measureOf(where, measure, loss);
  const values = tf.tidy(() => {
    const {spread} = ambiguity({members, targets});
    const predictions = [...members, combined(combine, members, loss)];
    return tf.stack([...predictions.map((prediction) => errorOf(prediction, targets)), spread]);
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

/** The error that is counted, or a refusal where it would compare numbers of different meanings. */
function measureOf(
  where: string,
  measure: ErrorMeasure,
  loss: Loss,
): (prediction: tf.Tensor, targets: tf.Tensor) => tf.Tensor {
  switch (measure) {
    case 'squaredError':
      if (loss.outputs !== 'logits') return squaredError;
      throw new RegularizerError({
        where,
        code: 'bad-measure',
        message: `squaredError has no meaning under the loss ${loss.name}, whose outputs are logits and whose targets are not`,
        hint: "Use measure: 'errorRate' or 'loss', or make the outputs probabilities before.",
      });
    case 'errorRate': {
      const isRight = accuracyOf(loss);
      return (prediction, targets) => tf.sub(1, tf.mean(isRight(targets, prediction)));
    }
    case 'loss':
      return (prediction, targets) => tf.mean(loss.perExample(targets, prediction));
  }
}

/** As the mode of a plugin combines, but that there are the outputs alone: logits are those of the probabilities. */
function combined(mode: CombineMode, members: readonly tf.Tensor[], loss: Loss): tf.Tensor {
  return {mean: meanOutput, logits: meanLogitsOutput, vote: voteOutput}[mode](members, loss);
}

function checkMembers(members: readonly tf.Tensor[], targets: tf.Tensor): void {
  const where = 'ambiguity';
  if (members.length === 0) {
    throw new RegularizerError({
      where,
      code: 'no-members',
      message: 'members must hold a prediction; received []',
    });
  }
  const other = members.find(({shape}) => !sameShape(shape, targets.shape));
  if (other === undefined) return;
  throw new RegularizerError({
    where,
    code: 'shape-mismatch',
    message: `a member's prediction has shape [${other.shape}], the targets have [${targets.shape}]`,
  });
}
