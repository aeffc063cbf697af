import * as tf from '@tensorflow/tfjs-core';
import type {Tensors} from '../info.ts';
import {checkKnown, checkNumber} from '../options.ts';
import {checkLearningRate, type LearningRate, mapValues, type Optimizer} from './optimizer.ts';

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

/** Gradient descent: w ← w − η·g. */
export function sgd(options: SgdOptions = {}): Optimizer<null> {
  checkKnown('sgd', options, ['learningRate']);
  const {learningRate = 0.01} = options;
  return {
    name: 'sgd',
    learningRate: checkLearningRate('sgd', learningRate),
    init: () => null,
    update: (weights, gradients, step) => ({
      weights: mapValues(weights, (w, name) => tf.sub(w, tf.mul(gradients[name]!, step.learningRate))),
      state: null,
    }),
  };
}

/**
 * Gradient descent with momentum, as Keras writes it: v ← μ·v − η·g; w ← w + v, or with Nesterov's
 * look-ahead w ← w + μ·v − η·g.
 *
 * Polyak 1964; Nesterov as in Sutskever et al. 2013, https://proceedings.mlr.press/v28/sutskever13.html
 */
export function momentum(options: MomentumOptions = {}): Optimizer<Tensors> {
  checkKnown('momentum', options, ['learningRate', 'momentum', 'nesterov']);
  const {learningRate = 0.01, momentum: mu = 0.9, nesterov = false} = options;
  checkNumber('momentum', 'momentum', mu, {min: 0, max: 1, maxExclusive: true});
  return {
    name: 'momentum',
    learningRate: checkLearningRate('momentum', learningRate),
    init: (weights) => mapValues(weights, (w) => tf.zerosLike(w)),
    update(weights, gradients, {state, learningRate}) {
      const steps = mapValues(gradients, (g) => tf.mul(g, learningRate));
      const velocity = mapValues(state, (v, name) => tf.sub(tf.mul(v, mu), steps[name]!));
      const moved = mapValues(weights, (w, name) => {
        const v = velocity[name]!;
        return tf.add(w, nesterov ? tf.sub(tf.mul(v, mu), steps[name]!) : v);
      });
      return {weights: moved, state: velocity};
    },
  };
}
