// How much of what a search saw is due to which parameter: functional analysis of variance over a forest of regression trees
// (Hutter, Hoos, Leyton-Brown 2014). A picture of the trials, and no verdict: those are the report's.
import {deriveKey, hostUniform} from '@regularizers/random';

/** What was tried at one place of the unit cube, and how bad it was. */
export interface PlacedTrial {
  /** Of each parameter its place in [0, 1]. */
  readonly places: readonly number[];
  readonly error: number;
}

/** A box of the unit cube, and what a tree says of all that is in it. */
interface Leaf {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly value: number;
}

const trees = 24;
const leastInLeaf = 3;
const mostDepth = 12;

/**
 * The share of the variance of the error that each parameter has by itself, in [0, 1]: the variance of the mean over all
 * others, over that of all together. What is left is of parameters together.
 *
 * @param seed which trials each tree sees
 * @returns undefined where there is nothing to tell: fewer than ten trials, or all alike
 */
export function importances(trials: readonly PlacedTrial[], seed = 0): readonly number[] | undefined {
  if (trials.length < 10) return undefined;
  const shares = Array.from({length: trees}, (_, tree) => {
    const draws = hostUniform(trials.length, deriveKey(seed, 'importance', tree));
    const bag = Array.from(
      draws,
      (draw) => trials[Math.min(trials.length - 1, Math.floor(draw * trials.length))]!,
    );
    return sharesOf(leavesOf(bag), trials[0]!.places.length);
  }).filter((one) => one !== undefined);
  if (shares.length === 0) return undefined;
  return shares[0]!.map((_, at) => meanOf(shares.map((one) => one[at]!)));
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function leavesOf(trials: readonly PlacedTrial[]): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const dimensions = trials[0]!.places.length;
  const grow = (
    inside: readonly PlacedTrial[],
    low: readonly number[],
    high: readonly number[],
    depth: number,
  ): void => {
    const cut = depth < mostDepth ? bestCut(inside) : undefined;
    if (!cut) {
      leaves.push({low, high, value: meanOf(inside.map(({error}) => error))});
      return;
    }
    const {dimension, at} = cut;
    const with_ = (ends: readonly number[]): readonly number[] =>
      ends.map((end, i) => (i === dimension ? at : end));
    const isBelow = ({places}: PlacedTrial): boolean => places[dimension]! <= at;
    grow(inside.filter(isBelow), low, with_(high), depth + 1);
    grow(
      inside.filter((trial) => !isBelow(trial)),
      with_(low),
      high,
      depth + 1,
    );
  };
  grow(trials, Array(dimensions).fill(0), Array(dimensions).fill(1), 0);
  return leaves;
}

/** Where the squares around both means are least; undefined where no cut leaves enough on both sides, or helps. */
function bestCut(
  inside: readonly PlacedTrial[],
): {readonly dimension: number; readonly at: number} | undefined {
  const count = inside.length;
  if (count < 2 * leastInLeaf) return undefined;
  const total = inside.reduce((sum, {error}) => sum + error, 0);
  let best: {readonly dimension: number; readonly at: number; readonly gain: number} | undefined;
  for (let dimension = 0; dimension < inside[0]!.places.length; dimension++) {
    const order = inside.toSorted((a, b) => a.places[dimension]! - b.places[dimension]!);
    let left = 0;
    for (let i = 1; i < count; i++) {
      left += order[i - 1]!.error;
      const [before, after] = [order[i - 1]!.places[dimension]!, order[i]!.places[dimension]!];
      if (before === after || i < leastInLeaf || count - i < leastInLeaf) continue;
      const gain = left ** 2 / i + (total - left) ** 2 / (count - i) - total ** 2 / count;
      if (gain > (best?.gain ?? 1e-12)) best = {dimension, at: (before + after) / 2, gain};
    }
  }
  return best;
}

/** The variance of each parameter's marginal over that of the whole, all places being as likely. */
function sharesOf(leaves: readonly Leaf[], dimensions: number): readonly number[] | undefined {
  const widths = leaves.map(({low, high}) => high.map((end, i) => end - low[i]!));
  const volumes = widths.map((own) => own.reduce((product, width) => product * width, 1));
  const mean = leaves.reduce((sum, {value}, i) => sum + value * volumes[i]!, 0);
  const variance = leaves.reduce((sum, {value}, i) => sum + (value - mean) ** 2 * volumes[i]!, 0);
  if (!(variance > 0)) return undefined;
  return Array.from({length: dimensions}, (_, dimension) => {
    const ends = [...new Set(leaves.flatMap(({low, high}) => [low[dimension]!, high[dimension]!]))].toSorted(
      (a, b) => a - b,
    );
    let own = 0;
    for (let i = 1; i < ends.length; i++) {
      const [from, to] = [ends[i - 1]!, ends[i]!];
      const marginal = leaves.reduce(
        (sum, {low, high, value}, leaf) =>
          low[dimension]! <= from && to <= high[dimension]!
            ? sum + (value * volumes[leaf]!) / widths[leaf]![dimension]!
            : sum,
        0,
      );
      own += (marginal - mean) ** 2 * (to - from);
    }
    return own / variance;
  });
}
