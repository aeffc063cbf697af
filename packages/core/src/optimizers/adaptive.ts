// Optimizers that scale each weight's step by what its gradients have been.
import * as tf from '@tensorflow/tfjs-core';
import {flag, number, type OptionsOf} from '../description/option.ts';
import {readOptions} from '../description/read.ts';
import {entryOf} from '../lib/item.ts';
import {blend, type LearningRate, learningRateOption, type Optimizer, shareOption} from './optimizer.ts';
import {type Slots, slotsOptimizer} from './slots.ts';

const epsilonOption = number({min: 0, default: 1e-7, about: 'Added to what is divided by.'});
const rhoOption = <const Rho extends number>(rho: Rho) => shareOption(rho, 'Decay of the mean square.');

/** Options of {@link rmsprop}. */
export interface RmspropOptions {
  /** @defaultValue 0.001 */
  readonly learningRate?: LearningRate;
  /** ρ, the decay of the mean square, in [0, 1). tfjs calls it decay. @defaultValue 0.9 */
  readonly rho?: number;
  /** μ, the share of the last step that is taken again, in [0, 1). @defaultValue 0 */
  readonly momentum?: number;
  /** @defaultValue 1e-7 */
  readonly epsilon?: number;
  /** Divides by the deviation in place of the mean square's root: less the mean gradient's square. @defaultValue false */
  readonly centered?: boolean;
}

const rmspropOptions = {
  learningRate: learningRateOption(1e-3),
  rho: rhoOption(0.9),
  momentum: shareOption(0, 'The share of the last step that is taken again.'),
  epsilon: epsilonOption,
  centered: flag({default: false, about: "Less the mean gradient's square."}),
} satisfies OptionsOf<RmspropOptions>;

/**
 * RMSProp, as Keras and tfjs have it, with ε under the root: s ← ρs + (1−ρ)g²; v ← μv + η·g/√(s + ε); w ← w − v.
 * Centered, s less the square of a mean gradient m ← ρm + (1−ρ)g, in place of s: tfjs subtracts ε there, and so
 * takes roots of negative numbers.
 *
 * Tieleman & Hinton 2012, https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf
 */
export function rmsprop(options: RmspropOptions = {}): Optimizer<Slots> {
  const {learningRate, rho, momentum, epsilon, centered} = readOptions('rmsprop', options, rmspropOptions);
  return slotsOptimizer<string>({
    name: 'rmsprop',
    learningRate,
    slots: {square: 0, ...(momentum > 0 ? {velocity: 0} : {}), ...(centered ? {mean: 0} : {})},
    update(w, g, slots, rate) {
      const square = blend(entryOf(slots, 'square'), tf.square(g), rho);
      const mean = slots['mean'] && blend(slots['mean'], g, rho);
      const spread = mean ? tf.sub(square, tf.square(mean)) : square;
      const step = tf.div(tf.mul(g, rate), tf.sqrt(tf.add(spread, epsilon)));
      const velocity = slots['velocity'] && tf.add(tf.mul(slots['velocity'], momentum), step);
      const next = {square, ...(velocity ? {velocity} : {}), ...(mean ? {mean} : {})};
      return {weight: tf.sub(w, velocity ?? step), slots: next};
    },
  });
}

/** Options of {@link adagrad}. */
export interface AdagradOptions {
  /** @defaultValue 0.01 */
  readonly learningRate?: LearningRate;
  /** What the sum of squares begins with, at least 0. @defaultValue 0.1 */
  readonly initialAccumulator?: number;
  /** @defaultValue 1e-7 */
  readonly epsilon?: number;
}

const adagradOptions = {
  learningRate: learningRateOption(0.01),
  initialAccumulator: number({min: 0, default: 0.1, about: 'What the sum of squares begins with.'}),
  epsilon: epsilonOption,
} satisfies OptionsOf<AdagradOptions>;

/**
 * Adagrad: s ← s + g²; w ← w − η·g/√(s + ε).
 *
 * Duchi, Hazan & Singer 2011, https://jmlr.org/papers/v12/duchi11a.html
 */
export function adagrad(options: AdagradOptions = {}): Optimizer<Slots> {
  const {learningRate, initialAccumulator, epsilon} = readOptions('adagrad', options, adagradOptions);
  return slotsOptimizer({
    name: 'adagrad',
    learningRate,
    slots: {sum: initialAccumulator},
    update(w, g, {sum: last}, rate) {
      const sum = tf.add(last, tf.square(g));
      return {weight: tf.sub(w, tf.div(tf.mul(g, rate), tf.sqrt(tf.add(sum, epsilon)))), slots: {sum}};
    },
  });
}

/** Options of {@link adadelta}. */
export interface AdadeltaOptions {
  /** 1 is the paper's method; tf.train.adadelta has 0.001. @defaultValue 1 */
  readonly learningRate?: LearningRate;
  /** ρ, the decay of both mean squares, in [0, 1). @defaultValue 0.95 */
  readonly rho?: number;
  /** @defaultValue 1e-7 */
  readonly epsilon?: number;
}

const adadeltaOptions = {
  learningRate: learningRateOption(1),
  rho: rhoOption(0.95),
  epsilon: epsilonOption,
} satisfies OptionsOf<AdadeltaOptions>;

/**
 * Adadelta: s ← ρs + (1−ρ)g²; d = g·√(u + ε)/√(s + ε); u ← ρu + (1−ρ)d²; w ← w − η·d. The square of the step's own
 * gradient counts in s, as in the paper, Keras and PyTorch; tfjs divides by the s from before it.
 *
 * Zeiler 2012, https://arxiv.org/abs/1212.5701, algorithm 1
 */
export function adadelta(options: AdadeltaOptions = {}): Optimizer<Slots> {
  const {learningRate, rho, epsilon} = readOptions('adadelta', options, adadeltaOptions);
  return slotsOptimizer({
    name: 'adadelta',
    learningRate,
    slots: {gradients: 0, steps: 0},
    update(w, g, slots, rate) {
      const gradients = blend(slots.gradients, tf.square(g), rho);
      const scale = tf.sqrt(tf.div(tf.add(slots.steps, epsilon), tf.add(gradients, epsilon)));
      const step = tf.mul(g, scale);
      const steps = blend(slots.steps, tf.square(step), rho);
      return {weight: tf.sub(w, tf.mul(step, rate)), slots: {gradients, steps}};
    },
  });
}

/** Options of {@link adamax}. */
export interface AdamaxOptions {
  /** @defaultValue 0.002 */
  readonly learningRate?: LearningRate;
  /** Decay of the first moment, in [0, 1). @defaultValue 0.9 */
  readonly beta1?: number;
  /** Decay of the largest gradient, in [0, 1). @defaultValue 0.999 */
  readonly beta2?: number;
  /** @defaultValue 1e-7 */
  readonly epsilon?: number;
}

const adamaxOptions = {
  learningRate: learningRateOption(2e-3),
  beta1: shareOption(0.9, 'Decay of the first moment.'),
  beta2: shareOption(0.999, 'Decay of the largest gradient.'),
  epsilon: epsilonOption,
} satisfies OptionsOf<AdamaxOptions>;

/**
 * Adamax, Adam with the largest of past gradients: m ← β₁m + (1−β₁)g; u ← max(β₂u, |g|); w ← w − η/(1−β₁ᵗ)·m/(u + ε).
 *
 * Kingma & Ba 2015, https://arxiv.org/abs/1412.6980, algorithm 2
 */
export function adamax(options: AdamaxOptions = {}): Optimizer<Slots> {
  const {learningRate, beta1, beta2, epsilon} = readOptions('adamax', options, adamaxOptions);
  return slotsOptimizer({
    name: 'adamax',
    learningRate,
    slots: {m: 0, u: 0},
    scalars: (step) => ({correction: 1 / (1 - beta1 ** step)}),
    update(w, g, slots, rate, scalars) {
      const m = blend(slots.m, g, beta1);
      const u = tf.maximum(tf.mul(slots.u, beta2), tf.abs(g));
      const step = tf.mul(tf.div(m, tf.add(u, epsilon)), tf.mul(rate, entryOf(scalars, 'correction')));
      return {weight: tf.sub(w, step), slots: {m, u}};
    },
  });
}
