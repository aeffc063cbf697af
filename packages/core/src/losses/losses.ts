import * as tf from '@tensorflow/tfjs-core';
import {checkOption} from '../description/check.ts';
import {choice, flag, type OptionRecord, type OptionsOf} from '../description/option.ts';
import {checkNumber} from '../description/ranges.ts';
import {readOptions} from '../description/read.ts';
import type {LossInfo, OutputKind, PortInfo, TargetKind} from '../info.ts';
import {describeValue} from '../lib/describe-value.ts';
import {RegularizerError} from '../lib/errors.ts';
import {looking, memberOf} from '../lib/given.ts';
import {crossentropy, epsilon} from './crossentropy.ts';
import {checkingPerExample, perExample} from './per-example.ts';

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

/** (t − y)², the mean over all but the batch. */
export function meanSquaredError(options: Readonly<Record<string, never>> = {}): Loss {
  readOptions('meanSquaredError', options, {});
  return {
    name: 'meanSquaredError',
    kind: 'values',
    outputs: 'values',
    linear: false,
    perExample: (target, output) => perExample(tf.squaredDifference(target, output)),
  };
}

/** |t − y|, the mean over all but the batch. */
export function meanAbsoluteError(options: Readonly<Record<string, never>> = {}): Loss {
  readOptions('meanAbsoluteError', options, {});
  return {
    name: 'meanAbsoluteError',
    kind: 'values',
    outputs: 'values',
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
 * @throws RegularizerError with code `unknown-loss`, `loss-count`, or `bad-loss` for one of a user's own that does
 *   not say what targets and outputs mean
 */
export function resolveLosses(
  given: LossName | Loss | readonly (LossName | Loss)[],
  outputs: readonly PortInfo[],
): readonly Loss[] {
  const list = looking('trainer', 'the losses', () =>
    isList(given) ? [...given] : outputs.map(() => given),
  );
  if (list.length !== outputs.length) {
    throw new RegularizerError({
      where: 'trainer',
      code: 'loss-count',
      message: `the model has ${outputs.length} outputs, but ${list.length} losses were given`,
    });
  }
  return list.map((loss) => resolveLoss('trainer', loss));
}

/**
 * One loss, by name or of a user's own.
 *
 * @param where who asks, for the message
 * @throws RegularizerError with code `unknown-loss` or `bad-loss`
 */
export function resolveLoss(where: string, loss: LossName | Loss): Loss {
  return looking(where, 'the loss', () => ownLoss(where, loss) ?? namedLoss(where, loss));
}

function ownLoss(where: string, loss: unknown): Loss | undefined {
  if (typeof memberOf(loss, 'perExample') !== 'function') return undefined;
  const own = loss as Loss;
  checkMeaning(where, own);
  const {name, kind, outputs, linear, sparse = false} = own;
  const perExample = checkingPerExample(where, `the loss ${name}`, own);
  return {name, kind, outputs, linear, sparse, perExample};
}

function namedLoss(where: string, loss: unknown): Loss {
  const make = typeof loss === 'string' && Object.hasOwn(byName, loss) ? byName[loss as LossName] : undefined;
  if (make) return make();
  throw new RegularizerError({
    where,
    code: 'unknown-loss',
    message: `unknown loss ${describeValue(loss)}`,
    hint: `The losses are: ${Object.keys(byName).join(', ')}; or pass an object with perExample.`,
    option: 'loss',
    received: loss,
    allowed: {enum: Object.keys(byName)},
  });
}

/** What a loss says of itself beside its name. */
const meaning = {
  kind: choice(['classes', 'binary', 'values'] satisfies TargetKind[], {about: 'What targets are.'}),
  outputs: choice(['probabilities', 'logits', 'values'] satisfies OutputKind[], {
    about: 'What outputs mean.',
  }),
  linear: flag({about: 'The loss is linear in its target.'}),
  sparse: flag({default: false, about: 'Targets are class numbers.'}),
} satisfies OptionRecord;

/** Metrics, ensembles and plugins read the output as its loss says; what it leaves out, they would have to guess. */
function checkMeaning(where: string, {name, kind, outputs, linear, sparse}: Loss): void {
  if (typeof name !== 'string' || name === '') {
    refuse(where, `a loss needs a name; received ${describeValue(name)}`);
  }
  const given = {kind, outputs, linear, sparse: sparse ?? false};
  for (const [key, option] of Object.entries(meaning)) {
    checkOption(where, `${key} of the loss ${name}`, given[key as keyof typeof given], option);
  }
  if (kind === 'values' && outputs !== 'values') {
    refuse(where, `the loss ${name} has real values as targets, so that its outputs cannot be ${outputs}`);
  }
  if (sparse && kind !== 'classes') {
    refuse(where, `the loss ${name} is sparse, which is for targets of the kind classes, not ${kind}`);
  }
}

function refuse(where: string, message: string): never {
  throw new RegularizerError({
    where,
    code: 'bad-loss',
    message,
    hint: "A loss is {name, kind: 'classes' | 'binary' | 'values', outputs: 'probabilities' | 'logits' | 'values', linear, perExample}.",
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
