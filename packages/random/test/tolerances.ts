// How far results may be from their reference, and why. Uniform, Bernoulli, integers and permutations: not at all.

/** Normal, absolute: float32 rounding of the angle 2πu (2.4e-7) times the largest radius (5.7), and some of log and sqrt. */
export const NORMAL = 2e-6;

/** Gamma, relative: rounding of a logarithm that reaches −80 for alpha 0.2 (80·2⁻²⁴ = 5e-6), and of GPU logarithms. */
export const GAMMA = 5e-5;

/** Beta, absolute: a quarter (the sigmoid's steepest slope) of the error in two log gammas. */
export const BETA = 2.5e-5;

/**
 * Beta with equal parameters, absolute: at most 0.2 of the relative error of the sine and of U^(1/α), and the rounding
 * of numbers near 1. Shaders' sines are coarse: 2e-4 of its value under a software renderer. On wasm, expm1(x) is
 * e^x − 1: half the root of a rounding, ½√2⁻²⁴, where U is near 1.
 */
export const SYMMETRIC_BETA: Readonly<Record<string, number>> = {
  cpu: 5e-7,
  tensorflow: 5e-7,
  wasm: 1.5e-4,
  webgl: 1e-4,
};

/** Gamma, the share of elements in which rounding may decide otherwise whether an attempt is accepted. */
export const OTHER_ATTEMPT = 1e-3;

/** Kolmogorov–Smirnov: √n·D stays below this with probability 0.999. */
export const KOLMOGOROV_SMIRNOV = 1.95;

/** A mean of n draws, in standard errors. */
export const STANDARD_ERRORS = 4;
