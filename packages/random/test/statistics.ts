// Distribution functions and test statistics in float64, independent of the package.

/** The largest distance between the empirical distribution and `cdf`, times √n. */
export function kolmogorovSmirnov(values: ArrayLike<number>, cdf: (x: number) => number): number {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  let largest = 0;
  sorted.forEach((x, i) => {
    const p = cdf(x);
    largest = Math.max(largest, p - i / n, (i + 1) / n - p);
  });
  return largest * Math.sqrt(n);
}

/** Σ (observed − expected)²/expected. */
export function chiSquare(observed: readonly number[], expected: number): number {
  return observed.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

export function moments(values: ArrayLike<number>): {mean: number; variance: number} {
  const array = Float64Array.from(values);
  const mean = array.reduce((sum, x) => sum + x, 0) / array.length;
  return {mean, variance: array.reduce((sum, x) => sum + (x - mean) ** 2, 0) / array.length};
}

/** ln Γ(x), Lanczos approximation (g = 7, 9 terms). */
export function lnGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x);
  const terms = [
    676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  const t = x + 6.5;
  const series = terms.reduce((sum, term, i) => sum + term / (x + i), 0.99999999999980993);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(series);
}

/** The distribution function of Gamma(alpha, 1): the lower incomplete gamma function by its series. */
export function gammaCdf(x: number, alpha: number): number {
  if (x <= 0) return 0;
  let term = 1 / alpha;
  let sum = term;
  for (let n = 1; n < 1000 && term > sum * 1e-15; n++) {
    term *= x / (alpha + n);
    sum += term;
  }
  return Math.exp(alpha * Math.log(x) - x - lnGamma(alpha)) * sum;
}

/** The distribution function of Beta(a, b): the incomplete beta function by its continued fraction. */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaCdf(1 - x, b, a);
  const front =
    Math.exp(lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * Math.log(x) + b * Math.log(1 - x)) / a;
  let fraction = 1;
  for (let m = 100; m >= 1; m--) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    fraction = 1 + even / (1 + odd / fraction);
  }
  return front / (1 - ((a + b) * x) / (a + 1) / fraction);
}

/** The standard normal distribution function, from the gamma distribution of z²/2. */
export function normalCdf(z: number): number {
  const half = gammaCdf((z * z) / 2, 0.5) / 2;
  return z < 0 ? 0.5 - half : 0.5 + half;
}
