import * as tf from '@tensorflow/tfjs-core';
import {number, type OptionsOf} from '../description/option.ts';
import {readOptions} from '../description/read.ts';
import type {Tensors} from '../info.ts';
import {entryOf} from '../lib/item.ts';
import {mapValues} from '../lib/map-values.ts';
import {updateEach} from './fused.ts';
import {blend, type LearningRate, learningRateOption, type Optimizer, shareOption} from './optimizer.ts';

/** Options of {@link adam}. */
export interface AdamOptions {
  /** @defaultValue 0.001 */
  readonly learningRate?: LearningRate;
  /** Decay of the first moment, in [0, 1). @defaultValue 0.9 */
  readonly beta1?: number;
  /** Decay of the second moment, in [0, 1). @defaultValue 0.999 */
  readonly beta2?: number;
  /** @defaultValue 1e-7 */
  readonly epsilon?: number;
}

const described = {
  learningRate: learningRateOption(1e-3),
  beta1: shareOption(0.9, 'Decay of the first moment.'),
  beta2: shareOption(0.999, 'Decay of the second moment.'),
  epsilon: number({min: 0, default: 1e-7, about: 'Added to the root of the second moment.'}),
} satisfies OptionsOf<AdamOptions>;

/** Adam's state: both moments by weight name. */
export type AdamState = {readonly m: Tensors; readonly v: Tensors};

/**
 * Adam: m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; w ← w − η·√(1−β₂ᵗ)/(1−β₁ᵗ) · m/(√v + ε).
 *
 * The form before section 2.1 of Kingma & Ba 2015 (https://arxiv.org/abs/1412.6980), which is that of Keras
 * and of TensorFlow's fused kernel; ε is "epsilon hat" there.
 */
export function adam(options: AdamOptions = {}): Optimizer<AdamState> {
  const {learningRate, beta1, beta2, epsilon} = readOptions('adam', options, described);
  return {
    name: 'adam',
    learningRate,
    init: (weights) => ({
      m: mapValues(weights, (w) => tf.zerosLike(w)),
      v: mapValues(weights, (w) => tf.zerosLike(w)),
    }),
    scalars: (step) => ({correction: Math.sqrt(1 - beta2 ** step) / (1 - beta1 ** step)}),
    update(weights, gradients, {state, learningRate, scalars, fused}) {
      const rate = tf.mul(learningRate, entryOf(scalars, 'correction'));
      const update = {kind: 'adam', rate, constants: {beta1, beta2, epsilon}} as const;
      const slots = [weights, state.m, state.v] as const;
      const [moved, m, v] = updateEach(update, gradients, slots, fused, (gradient, w, first, second) => {
        const nextFirst = blend(first, gradient, beta1);
        const nextSecond = blend(second, tf.square(gradient), beta2);
        const scaled = tf.div(nextFirst, tf.add(tf.sqrt(nextSecond), epsilon));
        return [tf.sub(w, tf.mul(scaled, rate)), nextFirst, nextSecond];
      });
      return {weights: moved, state: {m, v}};
    },
  };
}
