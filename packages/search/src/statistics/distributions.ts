// Distribution functions, of jstat: held against SciPy to a relative 1e-7.
import jstat from 'jstat';

/** P(Z ≤ x) of a standard normal number. */
export const normalBelow = (x: number): number => jstat.normal.cdf(x, 0, 1);

/** The x that a standard normal number is below with a probability in (0, 1). */
export const normalQuantile = (probability: number): number => jstat.normal.inv(probability, 0, 1);

/** P(T ≤ x) of Student's t. */
export function tBelow(x: number, degrees: number): number {
  if (Number.isFinite(x)) return jstat.studentt.cdf(x, degrees);
  return x > 0 ? 1 : 0;
}

/** The x that Student's t is below with a probability in (0, 1). */
export const tQuantile = (probability: number, degrees: number): number =>
  jstat.studentt.inv(probability, degrees);

/** P(|T| > critical) of Student's t around another centre: how often a test finds what is there. */
export const power = (critical: number, degrees: number, noncentrality: number): number =>
  1 -
  jstat.noncentralt.cdf(critical, degrees, noncentrality) +
  jstat.noncentralt.cdf(-critical, degrees, noncentrality);
