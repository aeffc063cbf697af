import * as tf from '@tensorflow/tfjs-core';
import {number, type OptionsOf} from '../description/option.ts';
import {readOptions} from '../description/read.ts';
import {epsilon} from './crossentropy.ts';
import {absolute} from './kinks.ts';
import type {Loss} from './loss.ts';
import {perExample} from './per-example.ts';

/** Options of losses that have none. */
export type NoOptions = Readonly<Record<string, never>>;

/** (t − y)², the mean over all but the batch. */
export function meanSquaredError(options: NoOptions = {}): Loss {
  return ofValues('meanSquaredError', options, (target, output) => tf.squaredDifference(target, output));
}

/** |t − y|, the mean over all but the batch. */
export function meanAbsoluteError(options: NoOptions = {}): Loss {
  return ofValues('meanAbsoluteError', options, (target, output) => absolute(tf.sub(target, output)));
}

/** 100·|t − y|/max(|t|, 10⁻⁷), in percent of the target, the mean over all but the batch. */
export function meanAbsolutePercentageError(options: NoOptions = {}): Loss {
  return ofValues('meanAbsolutePercentageError', options, (target, output) =>
    tf.mul(tf.div(absolute(tf.sub(target, output)), tf.maximum(tf.abs(target), epsilon)), 100),
  );
}

/** (log(1 + t) − log(1 + y))² of targets and outputs that are not negative, the mean over all but the batch. */
export function meanSquaredLogarithmicError(options: NoOptions = {}): Loss {
  const log = (values: tf.Tensor): tf.Tensor => tf.log1p(tf.maximum(values, epsilon));
  return ofValues('meanSquaredLogarithmicError', options, (target, output) =>
    tf.squaredDifference(log(target), log(output)),
  );
}

/** Options of {@link huber}. */
export interface HuberOptions {
  /** δ > 0: up to here an error counts by its square, beyond in proportion. @defaultValue 1 */
  readonly delta?: number;
}

const huberOptions = {
  delta: number({
    min: 0,
    minExclusive: true,
    default: 1,
    about: 'Up to here an error counts by its square, beyond in proportion.',
  }),
} satisfies OptionsOf<HuberOptions>;

/**
 * e²/2 where |e| ≤ δ, else δ(|e| − δ/2), with e = t − y; the mean over all but the batch.
 *
 * Huber 1964, https://doi.org/10.1214/aoms/1177703732
 */
export function huber(options: HuberOptions = {}): Loss {
  const {delta} = readOptions('huber', options, huberOptions);
  return ofValues('huber', {}, (target, output) => {
    const error = absolute(tf.sub(target, output));
    const within = tf.minimum(error, delta);
    return tf.mul(within, tf.sub(error, tf.mul(within, 0.5)));
  });
}

/** log cosh(y − t), about half the square of a small error and |error| − log 2 of a large one; the mean likewise. */
export function logcosh(options: NoOptions = {}): Loss {
  return ofValues('logcosh', options, (target, output) => {
    const error = tf.sub(output, target);
    return tf.sub(tf.add(error, tf.softplus(tf.mul(error, -2))), Math.log(2));
  });
}

/** y − t·log(y + 10⁻⁷), for targets that are counts and outputs that are rates, above 0; the mean likewise. */
export function poisson(options: NoOptions = {}): Loss {
  const loss = ofValues('poisson', options, (target, output) =>
    tf.sub(output, tf.mul(target, tf.log(tf.add(output, epsilon)))),
  );
  return {...loss, linear: true};
}

/** −cos(t, y) over the last axis, from −1 for one direction to 1 for opposite ones. */
export function cosineProximity(options: NoOptions = {}): Loss {
  return ofValues('cosineProximity', options, (target, output) =>
    tf.neg(tf.sum(tf.mul(unit(target), unit(output)), -1)),
  );
}

/** Of length 1 along the last axis; what has none stays near 0. */
function unit(values: tf.Tensor): tf.Tensor {
  return tf.div(values, tf.sqrt(tf.maximum(tf.sum(tf.square(values), -1, true), epsilon)));
}

function ofValues(
  name: string,
  options: NoOptions,
  values: (target: tf.Tensor, output: tf.Tensor) => tf.Tensor,
): Loss {
  readOptions(name, options, {});
  return {
    name,
    kind: 'values',
    outputs: 'values',
    linear: false,
    perExample: (target, output) => perExample(values(target, output)),
  };
}
