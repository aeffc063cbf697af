import {checkNumber, computed} from '@regularizers/core';

/**
 * The strength of an L2 penalty that leaves a quadratic's minimizer where gradient descent from zero, stopped
 * after so many steps, is.
 *
 * Along an eigen-direction of curvature λ, descent reaches (1 − (1 − ηλ)^t)·w* and the penalty
 * λ/(λ + α)·w*, which are equal for
 *
 * α = λ·(1 − ηλ)^t / (1 − (1 − ηλ)^t),  → 1/(ηt) as λ → 0
 *
 * It holds for one eigen-direction at a time: no one strength stands for a stop along all of them.
 *
 * @param learningRate η of plain gradient descent, in (0, ∞)
 * @param steps t, an integer in [1, ∞)
 * @param curvature λ, an eigenvalue of the Hessian, in [0, 1/η]; above it, descent oscillates
 * @returns α in (α/2)·Σw², in [0, ∞), as in `l2({strength})`
 * @throws RegularizerError if a parameter is out of range
 *
 * @example
 * ```ts
 * equivalentL2(0.1, 1, 5); // (1 − 0.5)/0.5 · 5 = 5: halfway, where the penalty is as strong as the curvature
 * equivalentL2(0.1, 100, 0); // 1/(0.1 · 100) = 0.1
 * ```
 *
 * @see Goodfellow, Bengio, Courville (2016), Deep Learning, §7.8, eq. 7.40–7.45.
 * https://www.deeplearningbook.org/contents/regularization.html
 */
export function equivalentL2(learningRate: number, steps: number, curvature: number): number {
  return computed('equivalentL2', {learningRate, steps, curvature}, () => {
    const where = 'equivalentL2';
    checkNumber(where, 'learningRate', learningRate, {min: 0, minExclusive: true});
    checkNumber(where, 'steps', steps, {min: 1, integer: true});
    checkNumber(where, 'curvature', curvature, {min: 0, max: 1 / learningRate});
    if (curvature === 0) return 1 / (learningRate * steps);
    // log1p and expm1, since (1 − ηλ)^t is all but 1 for flat directions. ηλ may round to just above 1.
    const exponent = steps * Math.log1p(-Math.min(1, learningRate * curvature));
    return (curvature * Math.exp(exponent)) / -Math.expm1(exponent);
  });
}
