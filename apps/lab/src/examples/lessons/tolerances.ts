/**
 * How far what a lesson measures may be from what it expects, in the unit of the number. Each is about three times the
 * largest difference that was seen over ten seeds and the whole slider, on native and on cpu.
 */
export const tolerances = {
  /** Weights that were trained until float32 moved them no more, as shares of others. */
  converged: 2e-3,
  /** Two ways to the same weights after some hundred steps, as a share of their length. */
  sameSteps: 1e-4,
} as const;
