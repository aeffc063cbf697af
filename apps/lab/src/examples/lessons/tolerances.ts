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
  // From here on: over two seeds and the ends of the sliders, on native.

  /** A loss that falls to a floor, in multiples of it: the last of the way goes slowly. */
  atTheFloor: 0.05,
  /** Products of trained matrices, and planes that they span, beside the identity. */
  orthonormal: 0.06,
  /** Gaps of logits, which are near their minimum where the loss is flat. */
  gap: 0.4,
  /** A loss in nats beside its floor, as the mean of the last epoch's batches. */
  nearTheFloor: 0.1,
  /** Test errors of two trainings that are as good as each other, in points: what a thousand examples can tell. */
  sameError: 4,
  /** Two sides of an identity, as shares: what float32 rounds in a forward and a backward pass. */
  rounding: 1e-4,
  /** Squared errors of at most some units, one side in float32. */
  identity: 1e-5,
  /** The mean of four hundred data sets or samples, as a share of itself: three standard errors. */
  meanOfMany: 0.12,
  share: 0.02,
  /** Weights after random flips with a rate that falls to 0, which come near what they expect. */
  nearlyInvariant: 0.1,
  /** What averaging members gains that differ by what was not trained away, in percent. */
  noGain: 0.1,
  /** Errors on some hundred test examples, in percent. */
  oneOfMany: 6,
} as const;
