import {type Batch, computed, type Option, option, type WeightedTarget} from '@regularizers/core';
import {beta, type Key, permutation, uniform} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {asImages, changeImages} from './images.ts';
import {probabilityOption} from './options.ts';
import type {ImagePlan, Place} from './plan.ts';

/** How strongly examples are mixed; shared by {@link mixup} and {@link cutmix}. */
export interface MixingSettings {
  /** Both parameters of the beta distribution that λ is drawn from, at least 0. */
  readonly alpha?: number;
  /** Probability that an example is mixed at all, in [0, 1]. @defaultValue 1 */
  readonly probability?: number;
}

/**
 * Draws one λ per example: Beta(α, α), or 1 for those that stay unmixed.
 *
 * @param batch number of examples
 * @param key a key for each purpose
 * @param settings α above 0, and how often
 * @returns `[batch]`, in [0, 1]
 *
 * @example
 * ```ts
 * const lambda = randomLambda(64, keyFor, {alpha: 0.2});
 * ```
 */
export function randomLambda(
  batch: number,
  key: (purpose: string) => Key,
  settings: {readonly alpha: number; readonly probability?: number},
): tf.Tensor1D {
  return computed('randomLambda', {batch, key, settings}, () => {
    const {alpha, probability = 1} = settings;
    const shape: [number] = [batch];
    // Beta(1, 1) is the uniform distribution, and cheaper to draw as such.
    const lambda: tf.Tensor1D =
      alpha === 1 ? uniform(shape, key('lambda')) : beta(shape, key('lambda'), {alpha, beta: alpha});
    if (probability === 1) return lambda;
    return tf.where(tf.less(uniform(shape, key('chance')), probability), lambda, tf.onesLike(lambda));
  });
}

/**
 * The list of targets of mixed examples: every entry with its weight times λ, and its partner's with 1 − λ. The data
 * loss is then exactly λ·loss(t, y) + (1 − λ)·loss(t′, y), for any loss, and any list, mixed before or not.
 *
 * @param entries weighted targets, `[batch, ...]` each
 * @param partners each example's partner, int32, `[batch]`
 * @param lambda the example's own share, `[batch]`
 * @returns twice as many entries, with weights `[batch]`
 *
 * @example
 * ```ts
 * const [own, partners] = mixedTargets([{target: y, weight: 1}], permutation(64, key), tf.fill([64], 0.7));
 * ```
 */
export function mixedTargets(
  entries: readonly WeightedTarget[],
  partners: tf.Tensor1D,
  lambda: tf.Tensor,
): readonly WeightedTarget[] {
  return computed('mixedTargets', {entries, partners, lambda}, () => {
    const rest = tf.sub(1, lambda);
    return [
      ...entries.map(({target, weight}) => ({target, weight: times(lambda, weight)})),
      ...entries.map(({target, weight}) => ({
        target: tf.gather(target, partners),
        weight: times(rest, partnerWeight(weight, partners)),
      })),
    ];
  });
}

/** An example's share of its weight, or of that of each of its steps. */
function times(share: tf.Tensor, weight: WeightedTarget['weight']): tf.Tensor {
  if (weight === 1) return share;
  const steps = typeof weight === 'number' ? 0 : weight.rank - 1;
  return tf.mul(steps > 0 ? tf.reshape(share, [-1, ...Array<number>(steps).fill(1)]) : share, weight);
}

function partnerWeight(weight: WeightedTarget['weight'], partners: tf.Tensor1D): WeightedTarget['weight'] {
  return typeof weight === 'number' ? weight : tf.gather(weight, partners);
}

/** One step's draws, and how a tensor is mixed by them. */
export interface Mixture {
  /** `[batch]`, int32. */
  readonly partners: tf.Tensor1D;
  /** `[batch]`. */
  readonly lambda: tf.Tensor;
  /** The tensor with its partner's values mixed in. */
  mix(tensor: tf.Tensor): tf.Tensor;
}

/**
 * A batch with its inputs mixed, and its targets: mixed as the inputs are where the plan says so, left where it says
 * that, else as {@link mixedTargets} does.
 */
export function mixBatch(batch: Batch, plan: ImagePlan, {partners, lambda, mix}: Mixture): Batch {
  const mixTogether = ({target, weight}: WeightedTarget, place: Place): WeightedTarget => ({
    target: asImages(target, place, mix),
    weight:
      typeof weight === 'number'
        ? weight
        : tf.add(times(lambda, weight), times(tf.sub(1, lambda), tf.gather(weight, partners))),
  });
  return {
    ...changeImages(batch, {...plan, outputs: []}, mix),
    targets: batch.targets.map((entries, index) => {
      if (plan.kept.includes(index)) return entries;
      const place = plan.outputs.find((one) => one.index === index);
      if (place) return entries.map((entry) => mixTogether(entry, place));
      return mixedTargets(entries, partners, lambda);
    }),
  };
}

/** Each example's partner: a random permutation of the batch. */
export function randomPartners(batch: number, key: (purpose: string) => Key): tf.Tensor1D {
  return permutation(batch, key('partners'));
}

/** The options of both. */
export function mixingOptions<const Default extends number>(
  initial: Default,
  about: string,
): {
  readonly alpha: Option<number> & {readonly default: Default};
  readonly probability: Option<number> & {readonly default: 1};
} {
  return {
    alpha: option.number({
      min: 0,
      default: initial,
      nothing: 0,
      about,
      search: {from: 0.1, to: 2, scale: 'log'},
    }),
    probability: {...probabilityOption(1, 'Probability that an example is mixed at all.'), rare: true},
  };
}
