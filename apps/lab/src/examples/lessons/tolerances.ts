/**
 * How far what a lesson measures may be from what it expects, in the unit of the number: some times what was seen over three
 * seeds at both ends of the slider, on native, and well within what the control is apart by.
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
  /** The same of a direction's share, in the mean over all directions, whose errors cancel: up to 0.008 was seen. */
  averagedShare: 0.02,
  /** A loss that falls to a floor, in multiples of it: the last of the way goes slowly. */
  atTheFloor: 0.03,
  /** Products of trained matrices, and planes that they span, beside the identity. */
  orthonormal: 0.06,
  /** Gaps of logits, which are near their minimum where the loss is flat. */
  gap: 0.4,
  /** A loss in nats beside its floor, as the mean of the last epoch's batches. */
  nearTheFloor: 0.05,
  /** Test errors of two trainings that are as good as each other, in points: what a thousand examples can tell. */
  sameError: 4,
  /** Mean test errors of two that ought to be as good as each other at least, in points: of seven hundred examples. */
  noWorse: 2,
  /** Confidence less accuracy on a thousand examples, in points: three standard errors. */
  surer: 3,
  /** Two sides of an identity, as shares: what float32 rounds in a forward and a backward pass. */
  rounding: 1e-4,
  /** Squared errors of at most some units, one side in float32. */
  identity: 1e-5,
  /** The mean of many data sets or samples, as a share of itself: three standard errors. */
  meanOfMany: 0.12,
  share: 0.02,
  /** Weights after random flips with a rate that falls to 0, which come near what they expect. */
  nearlyInvariant: 0.1,
  /** What averaging members gains that differ by what was not trained away, in percent. */
  noGain: 0.1,
  /** Errors on some hundred test examples, in percent. */
  oneOfMany: 6,
  /** How many plain examples an augmented one is worth beyond itself, to be more than chance. */
  worth: 0.5,
  /** Shares of a way that are said to be no more than nearly the same: 0.2 is what theory has them differ by. */
  almostRidge: 0.15,
  /** By how much a validation loss rises again that is said to turn, in nats: 0.26 and more was seen. */
  turn: 0.1,
  /** Probabilities that are no more than an approximation of others, in the mean over examples: up to 0.06 was seen. */
  approximate: 0.15,
  /** Probabilities that are another mean than those beside them: 0.08 and more was seen. */
  otherMean: 0.01,
} as const;

/**
 * How many times its root mean square the length of a vector of independent normal numbers is at most, but for one in a
 * thousand: by the cube root of a χ² with so many degrees of freedom, which is all but normal (Wilson, Hilferty 1931).
 */
export function byChance(degrees: number): number {
  const spread = 2 / (9 * degrees);
  const oneInAThousand = 3.09;
  return (1 - spread + oneInAThousand * Math.sqrt(spread)) ** 1.5;
}
