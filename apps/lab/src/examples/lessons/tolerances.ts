/**
 * How far what a lesson measures may be from what it expects, in the unit of the number: some times what was seen over a few
 * seeds and both ends of the slider, and well within what the control is apart by.
 */
export const tolerances = {
  /** Weights that were trained until float32 moved them no more, as shares of others. */
  converged: 2e-3,
  /** Two ways to the same weights after some hundred steps, as a share of their length. */
  sameSteps: 1e-4,
  /** A loss that was evaluated twice of the same weights. */
  evaluatedAgain: 1e-4,
  /** Probabilities of weights in float32 and in float64. */
  probability: 1e-5,
  /** A mean over some hundred steps of weights that were trained with noise: up to 0.04 of their length was seen. */
  averagedNoise: 0.08,
} as const;
