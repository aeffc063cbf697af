import * as tf from '@tensorflow/tfjs-core';
import {crossentropy, epsilon} from './crossentropy.ts';
import {RegularizerError} from './errors.ts';
import type {LossInfo, PortInfo} from './info.ts';
import {checkNumber, describeValue} from './options.ts';

/** A loss: one value per example. */
export interface Loss extends LossInfo {
  /** Integer targets `[batch, ...]` are made one-hot before anything sees them. */
  readonly sparse?: boolean;
  /** Values `[batch]` from a target and an output, `[batch, ...]` each. */
  perExample(target: tf.Tensor, output: tf.Tensor): tf.Tensor1D;
}

/** The losses that go by name. */
export type LossName =
  | 'categoricalCrossentropy'
  | 'sparseCategoricalCrossentropy'
  | 'binaryCrossentropy'
  | 'meanSquaredError'
  | 'meanAbsoluteError';

/** Options of the crossentropies. */
export interface CrossentropyOptions {
  /** The model's outputs are logits, not probabilities. @defaultValue false */
  readonly fromLogits?: boolean;
}

/**
 * −Σ t·log p over the last axis, for targets that are distributions over classes.
 *
 * @example
 * ```ts
 * createTrainer({model, loss: categoricalCrossentropy({fromLogits: true}), optimizer: adam()});
 * ```
 */
export function categoricalCrossentropy({fromLogits = false}: CrossentropyOptions = {}): Loss {
  return {
    name: 'categoricalCrossentropy',
    kind: 'classes',
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
export function binaryCrossentropy({fromLogits = false}: CrossentropyOptions = {}): Loss {
  return {
    name: 'binaryCrossentropy',
    kind: 'binary',
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

/** (t − y)², the mean over all but the batch. */
export function meanSquaredError(): Loss {
  return {
    name: 'meanSquaredError',
    kind: 'values',
    linear: false,
    perExample: (target, output) => perExample(tf.squaredDifference(target, output)),
  };
}

/** |t − y|, the mean over all but the batch. */
export function meanAbsoluteError(): Loss {
  return {
    name: 'meanAbsoluteError',
    kind: 'values',
    linear: false,
    perExample: (target, output) => perExample(tf.abs(tf.sub(target, output))),
  };
}

const byName: Readonly<Record<LossName, () => Loss>> = {
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
  binaryCrossentropy,
  meanSquaredError,
  meanAbsoluteError,
};

/**
 * The loss of each output, checked against the model.
 *
 * @throws RegularizerError with code `unknown-loss` or `loss-count`
 */
export function resolveLosses(
  given: LossName | Loss | readonly (LossName | Loss)[],
  outputs: readonly PortInfo[],
): readonly Loss[] {
  const list = isList(given) ? given : outputs.map(() => given);
  if (list.length !== outputs.length) {
    throw new RegularizerError({
      where: 'trainer',
      code: 'loss-count',
      message: `the model has ${outputs.length} outputs, but ${list.length} losses were given`,
    });
  }
  return list.map((loss) => {
    if (typeof loss === 'object' && typeof loss?.perExample === 'function') return loss;
    const make = typeof loss === 'string' && Object.hasOwn(byName, loss) ? byName[loss] : undefined;
    if (make) return make();
    throw new RegularizerError({
      where: 'trainer',
      code: 'unknown-loss',
      message: `unknown loss ${describeValue(loss)}`,
      hint: `The losses are: ${Object.keys(byName).join(', ')}; or pass an object with perExample.`,
    });
  });
}

/**
 * The factor of each output's loss.
 *
 * @throws RegularizerError with code `loss-count` or `out-of-range`
 */
export function resolveLossWeights(
  given: readonly number[] | undefined,
  losses: readonly Loss[],
): readonly number[] {
  if (given === undefined) return losses.map(() => 1);
  if (given.length !== losses.length) {
    throw new RegularizerError({
      where: 'trainer',
      code: 'loss-count',
      message: `the model has ${losses.length} outputs, but ${given.length} lossWeights were given`,
    });
  }
  return given.map((weight, i) => checkNumber('trainer', `lossWeights[${i}]`, weight, {min: 0}));
}

function isList(
  given: LossName | Loss | readonly (LossName | Loss)[],
): given is readonly (LossName | Loss)[] {
  return Array.isArray(given);
}

/** Mean over every axis but the first. */
export function perExample(values: tf.Tensor): tf.Tensor1D {
  if (values.rank === 1) return values as tf.Tensor1D;
  return tf.mean(tf.reshape(values, [values.shape[0] ?? 1, -1]), 1) as tf.Tensor1D;
}
