import {checkNumber, computed, RegularizerError} from '@regularizers/core';

/** The values so far, one per evaluation, the last one newest. */
export interface LearningCurve {
  /** The monitored errors, E_va. */
  readonly monitored: readonly number[];
  /** The data loss in training, E_tr. */
  readonly train: readonly number[];
}

/** Says why to stop, or nothing: a pure function of the curve. */
export type StoppingCriterion = (curve: LearningCurve) => string | undefined;

/**
 * How far the last error is above the lowest, in percent.
 *
 * GL(t) = 100 · (E_va(t) / min_{t′ ≤ t} E_va(t′) − 1)
 *
 * @param errors E_va, in [0, ∞), at least one
 * @throws RegularizerError with code `not-an-error` for a negative value
 *
 * @example
 * ```ts
 * generalizationLossOf([0.5, 0.4, 0.5]); // 100 · (0.5/0.4 − 1) = 25
 * ```
 *
 * @see Prechelt (1998), Early Stopping – But When?, §2.1. https://doi.org/10.1007/3-540-49430-8_3
 */
export function generalizationLossOf(errors: readonly number[]): number {
  return computed('generalizationLossOf', {errors}, () => {
    const lowest = Math.min(...errors);
    const last = errors.at(-1) ?? Number.NaN;
    if (lowest < 0) {
      throw new RegularizerError({
        where: 'generalizationLoss',
        code: 'not-an-error',
        message: `the errors must be in [0, ∞); received ${lowest}`,
        hint: 'Monitor a loss or an error that cannot be negative.',
      });
    }
    return last === lowest ? 0 : 100 * (last / lowest - 1);
  });
}

/**
 * How much the training error moved over the last k evaluations, in per mille: large while it falls fast or
 * is unstable.
 *
 * P_k(t) = 1000 · (Σ E_tr / (k · min E_tr) − 1), over the last k values
 *
 * @param errors E_tr, in [0, ∞), at least k
 * @param k length of the strip, a positive integer
 *
 * @see Prechelt (1998), Early Stopping – But When?, §2.1. https://doi.org/10.1007/3-540-49430-8_3
 */
export function trainingProgressOf(errors: readonly number[], k: number): number {
  return computed('trainingProgressOf', {errors, k}, () => {
    const strip = errors.slice(-k);
    const lowest = Math.min(...strip);
    const sum = strip.reduce((total, error) => total + error, 0);
    return sum === k * lowest ? 0 : 1000 * (sum / (k * lowest) - 1);
  });
}

/**
 * GL_α: stops as soon as the generalization loss exceeds α percent.
 *
 * @param alpha α, in (0, ∞); the paper uses 1 to 5
 * @throws RegularizerError if α is out of range
 *
 * @example
 * ```ts
 * earlyStopping({criterion: generalizationLoss(5)});
 * ```
 *
 * @see Prechelt (1998), Early Stopping – But When?, §2.1. https://doi.org/10.1007/3-540-49430-8_3
 */
export function generalizationLoss(alpha: number): StoppingCriterion {
  checkNumber('generalizationLoss', 'alpha', alpha, {min: 0, minExclusive: true});
  return ({monitored}) => {
    const loss = generalizationLossOf(monitored);
    return loss > alpha ? `generalization loss ${loss.toPrecision(4)} is above ${alpha}` : undefined;
  };
}

/**
 * PQ_α: stops at the end of a strip of k evaluations where the generalization loss, divided by the training
 * progress over the strip, exceeds α. While training still makes fast progress, a higher error is forgiven.
 *
 * @param alpha α, in (0, ∞); the paper uses 0.5 to 3
 * @param k length of the strip, a positive integer @defaultValue 5
 * @throws RegularizerError if a parameter is out of range
 *
 * @example
 * ```ts
 * earlyStopping({criterion: progressQuotient(0.75)});
 * ```
 *
 * @see Prechelt (1998), Early Stopping – But When?, §2.1. https://doi.org/10.1007/3-540-49430-8_3
 */
export function progressQuotient(alpha: number, k = 5): StoppingCriterion {
  checkNumber('progressQuotient', 'alpha', alpha, {min: 0, minExclusive: true});
  checkNumber('progressQuotient', 'k', k, {min: 1, integer: true});
  return ({monitored, train}) => {
    if (monitored.length % k !== 0) return undefined;
    const loss = generalizationLossOf(monitored);
    const quotient = loss === 0 ? 0 : loss / trainingProgressOf(train, k);
    return quotient > alpha ? `progress quotient ${quotient.toPrecision(4)} is above ${alpha}` : undefined;
  };
}

/**
 * UP_s: stops when the error at the end of a strip of k evaluations has gone up s strips in a row, however
 * little.
 *
 * @param s strips in a row, a positive integer; the paper uses 2 to 8
 * @param k length of the strip, a positive integer; 1 compares each value with the one before
 *   @defaultValue 5
 * @throws RegularizerError if a parameter is out of range
 *
 * @example
 * ```ts
 * earlyStopping({criterion: consecutiveIncrease(3)});
 * ```
 *
 * @see Prechelt (1998), Early Stopping – But When?, §2.1. https://doi.org/10.1007/3-540-49430-8_3
 */
export function consecutiveIncrease(s: number, k = 5): StoppingCriterion {
  checkNumber('consecutiveIncrease', 's', s, {min: 1, integer: true});
  checkNumber('consecutiveIncrease', 'k', k, {min: 1, integer: true});
  return ({monitored}) => {
    const ends = monitored.filter((_, i) => (i + 1) % k === 0).slice(-s - 1);
    if (monitored.length % k !== 0 || ends.length <= s) return undefined;
    const rises = ends.every((error, i) => i === 0 || error > ends[i - 1]!);
    return rises ? `the error went up ${s} strips of ${k} in a row` : undefined;
  };
}
