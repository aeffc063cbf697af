import * as tf from '@tensorflow/tfjs-core';
import {flag, type OptionsOf} from '../description/option.ts';
import {readOptions} from '../description/read.ts';
import {crossentropy, epsilon} from './crossentropy.ts';
import {largest} from './kinks.ts';
import type {Loss} from './loss.ts';
import {perExample} from './per-example.ts';
import type {NoOptions} from './value-losses.ts';

/** Options of the crossentropies. */
export interface CrossentropyOptions {
  /** The model's outputs are logits, not probabilities. @defaultValue false */
  readonly fromLogits?: boolean;
}

const crossentropyOptions = {
  fromLogits: flag({default: false, about: "The model's outputs are logits, not probabilities."}),
} satisfies OptionsOf<CrossentropyOptions>;

/**
 * −Σ t·log p over the last axis, for targets that are distributions over classes.
 *
 * @example
 * ```ts
 * createTrainer({model, loss: categoricalCrossentropy({fromLogits: true}), optimizer: adam()});
 * ```
 */
export function categoricalCrossentropy(options: CrossentropyOptions = {}): Loss {
  const {fromLogits} = readOptions('categoricalCrossentropy', options, crossentropyOptions);
  return {
    name: 'categoricalCrossentropy',
    kind: 'classes',
    outputs: fromLogits ? 'logits' : 'probabilities',
    linear: true,
    perExample(target, output) {
      if (!fromLogits) return perExample(crossentropy(target, output));
      return perExample(tf.neg(tf.sum(tf.mul(target, tf.logSoftmax(output)), -1)));
    },
  };
}

/** {@link categoricalCrossentropy} for targets that are class numbers. */
export function sparseCategoricalCrossentropy(options: CrossentropyOptions = {}): Loss {
  return {...categoricalCrossentropy(options), name: 'sparseCategoricalCrossentropy', sparse: true};
}

/** −t·log p − (1−t)·log(1−p), the mean over all but the batch. */
export function binaryCrossentropy(options: CrossentropyOptions = {}): Loss {
  const {fromLogits} = readOptions('binaryCrossentropy', options, crossentropyOptions);
  return {
    name: 'binaryCrossentropy',
    kind: 'binary',
    outputs: fromLogits ? 'logits' : 'probabilities',
    linear: true,
    perExample(target, output) {
      if (fromLogits) {
        // softplus(z) − t·z, which neither overflows nor cancels.
        return perExample(tf.sub(tf.softplus(output), tf.mul(target, output)));
      }
      const p = tf.clipByValue(output, epsilon, 1 - epsilon);
      const positive = tf.mul(target, tf.log(p));
      const negative = tf.mul(tf.sub(1, target), tf.log(tf.sub(1, p)));
      return perExample(tf.neg(tf.add(positive, negative)));
    },
  };
}

/** Σ t·log(t/p) over the last axis, for targets that are distributions over classes; both held above 10⁻⁷. */
export function kullbackLeiblerDivergence(options: NoOptions = {}): Loss {
  readOptions('kullbackLeiblerDivergence', options, {});
  return {
    name: 'kullbackLeiblerDivergence',
    kind: 'classes',
    outputs: 'probabilities',
    linear: false,
    perExample(target, output) {
      const t = tf.clipByValue(target, epsilon, 1);
      const p = tf.clipByValue(output, epsilon, 1);
      return perExample(tf.sum(tf.mul(t, tf.log(tf.div(t, p))), -1));
    },
  };
}

/**
 * max(0, 1 − s·y), the mean over all but the batch: s is 1 for yes and −1 for no, and the output a score, above 0 for
 * yes. Targets are 0 and 1, or −1 and 1.
 */
export function hinge(options: NoOptions = {}): Loss {
  return ofMargins('hinge', options, (short) => short);
}

/** max(0, 1 − s·y)², otherwise as {@link hinge}. */
export function squaredHinge(options: NoOptions = {}): Loss {
  return ofMargins('squaredHinge', options, tf.square);
}

function ofMargins(name: string, options: NoOptions, change: (short: tf.Tensor) => tf.Tensor): Loss {
  readOptions(name, options, {});
  return {
    name,
    kind: 'binary',
    outputs: 'logits',
    linear: false,
    signed: true,
    perExample(target, output) {
      const side = tf.sub(tf.mul(target, 2), 1);
      return perExample(change(tf.relu(tf.sub(1, tf.mul(side, output)))));
    },
  };
}

/** max(0, 1 + the largest of the other classes' scores − the right one's), for one-hot targets. */
export function categoricalHinge(options: NoOptions = {}): Loss {
  readOptions('categoricalHinge', options, {});
  return {
    name: 'categoricalHinge',
    kind: 'classes',
    outputs: 'values',
    linear: false,
    perExample(target, output) {
      const right = tf.sum(tf.mul(target, output), -1);
      const wrong = largest(tf.mul(tf.sub(1, target), output));
      return perExample(tf.relu(tf.add(1, tf.sub(wrong, right))));
    },
  };
}
