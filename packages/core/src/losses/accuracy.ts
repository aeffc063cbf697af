import * as tf from '@tensorflow/tfjs-core';
import {integer, type OptionsOf} from '../description/option.ts';
import {readOptions} from '../description/read.ts';
import type {LossInfo} from '../info.ts';
import {computed} from '../lib/computed.ts';
import {RegularizerError} from '../lib/errors.ts';
import type {Metric} from './metric.ts';
import {isYes} from './outputs.ts';
import {perExample} from './per-example.ts';

/**
 * The share of right answers, as the loss reads the output: the largest of classes, or each independent one on the
 * target's side of ½.
 *
 * @throws RegularizerError with code `metric-mismatch` where the loss has none
 */
export function accuracyOf(loss: LossInfo): (target: tf.Tensor, output: tf.Tensor) => tf.Tensor1D {
  return computed('accuracyOf', {loss}, () => {
    const {kind, name, outputs} = loss;
    if (kind === 'classes') {
      return (target, output) =>
        perExample(tf.cast(tf.equal(tf.argMax(target, -1), tf.argMax(output, -1)), 'float32'));
    }
    if (kind === 'binary' && outputs !== 'values') {
      return (target, output) =>
        perExample(tf.cast(tf.equal(tf.greater(target, 0.5), isYes(output, loss)), 'float32'));
    }
    throw new RegularizerError({
      where: 'trainer',
      code: 'metric-mismatch',
      message: `accuracy has no meaning under the loss ${name}, whose ${kind === 'values' ? 'targets' : 'outputs'} are real values`,
      hint: 'Use meanSquaredError, meanAbsoluteError or {name, perExample}.',
    });
  });
}

/** {@link accuracyOf} as a metric. */
export const accuracy: Metric = {
  name: 'accuracy',
  perExample: (target, output, loss) => accuracyOf(loss)(target, output),
  check: accuracyOf,
};

/** Options of {@link topKAccuracy}. */
export interface TopKAccuracyOptions {
  /** How many guesses there are, at least 1. @defaultValue 5 */
  readonly k?: number;
}

const topKOptions = {
  k: integer({min: 1, default: 5, about: 'How many guesses there are.'}),
} satisfies OptionsOf<TopKAccuracyOptions>;

/**
 * The share of examples whose class is among the k largest outputs; one as large as the k-th is among them, as in
 * TensorFlow. Reported as `top5Accuracy`.
 */
export function topKAccuracy(options: TopKAccuracyOptions = {}): Metric {
  const {k} = readOptions('topKAccuracy', options, topKOptions);
  const name = `top${k}Accuracy`;
  return {
    name,
    perExample(target, output) {
      const chosen = tf.oneHot(tf.argMax(target, -1), target.shape.at(-1) ?? 0);
      const right = tf.sum(tf.mul(tf.cast(chosen, 'float32'), output), -1, true);
      const above = tf.sum(tf.cast(tf.greater(output, right), 'float32'), -1);
      return perExample(tf.cast(tf.less(above, k), 'float32'));
    },
    check({kind, name: loss}) {
      if (kind === 'classes') return;
      throw new RegularizerError({
        where: 'trainer',
        code: 'metric-mismatch',
        message: `${name} has no meaning under the loss ${loss}, whose targets are no classes`,
        hint: "It goes with 'categoricalCrossentropy' and other losses of classes.",
      });
    },
  };
}
