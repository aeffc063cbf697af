import * as tf from '@tensorflow/tfjs-core';
import {flag, type OptionsOf} from '../description/option.ts';
import {readOptions} from '../description/read.ts';
import type {Tensors} from '../info.ts';
import {mapValues} from '../lib/map-values.ts';
import {updateEach} from './fused.ts';
import {type LearningRate, learningRateOption, type Optimizer, shareOption} from './optimizer.ts';

/** Options of {@link sgd}. */
export interface SgdOptions {
  /** @defaultValue 0.01 */
  readonly learningRate?: LearningRate;
}

/** Options of {@link momentum}. */
export interface MomentumOptions extends SgdOptions {
  /** In [0, 1). @defaultValue 0.9 */
  readonly momentum?: number;
  /** Looks ahead along the velocity (Sutskever 2013). @defaultValue false */
  readonly nesterov?: boolean;
}

const sgdOptions = {learningRate: learningRateOption(0.01)} satisfies OptionsOf<SgdOptions>;

const momentumOptions = {
  ...sgdOptions,
  momentum: shareOption(0.9, 'Share of the velocity that stays from step to step.'),
  nesterov: flag({default: false, about: 'Looks ahead along the velocity.'}),
} satisfies OptionsOf<MomentumOptions>;

/** Gradient descent: w ← w − η·g. */
export function sgd(options: SgdOptions = {}): Optimizer<null> {
  const {learningRate} = readOptions('sgd', options, sgdOptions);
  return {
    name: 'sgd',
    learningRate,
    init: () => null,
    update(weights, gradients, {learningRate: rate, fused}) {
      const update = {kind: 'sgd', rate, constants: {}} as const;
      const [moved] = updateEach(update, gradients, [weights], fused, (gradient, w) => [
        tf.sub(w, tf.mul(gradient, rate)),
      ]);
      return {weights: moved, state: null};
    },
  };
}

/**
 * Gradient descent with momentum, as Keras writes it: v ← μ·v − η·g; w ← w + v, or with Nesterov's
 * look-ahead w ← w + μ·v − η·g.
 *
 * Polyak 1964; Nesterov as in Sutskever et al. 2013, https://proceedings.mlr.press/v28/sutskever13.html
 */
export function momentum(options: MomentumOptions = {}): Optimizer<Tensors> {
  const {learningRate, momentum: mu, nesterov} = readOptions('momentum', options, momentumOptions);
  return {
    name: 'momentum',
    learningRate,
    init: (weights) => mapValues(weights, (w) => tf.zerosLike(w)),
    update(weights, gradients, {state, learningRate: rate, fused}) {
      const update = {kind: nesterov ? 'nesterov' : 'momentum', rate, constants: {momentum: mu}} as const;
      const slots = [weights, state] as const;
      const [moved, velocity] = updateEach(update, gradients, slots, fused, (gradient, w, last) => {
        const step = tf.mul(gradient, rate);
        const v = tf.sub(tf.mul(last, mu), step);
        return [tf.add(w, nesterov ? tf.sub(tf.mul(v, mu), step) : v), v];
      });
      return {weights: moved, state: velocity};
    },
  };
}
