import * as tf from '@tensorflow/tfjs-core';
import {describeValue} from '../lib/describe-value.ts';
import {RegularizerError} from '../lib/errors.ts';
import {showShape} from '../lib/shapes.ts';

/** A loss or a metric: a value for each example, from a target and an output. */
interface PerExample {
  perExample(target: tf.Tensor, output: tf.Tensor): tf.Tensor1D;
}

/** Mean over every axis but the first. */
export function perExample(values: tf.Tensor): tf.Tensor1D {
  if (values.rank === 1) return values as tf.Tensor1D;
  return tf.mean(tf.reshape(values, [values.shape[0] ?? 1, -1]), 1) as tf.Tensor1D;
}

/**
 * `perExample` of a loss or metric of a user's own, which refuses to go on with anything but one number per example: a mean over the
 * batch, or a value for every class, would be broadcast into a number that looks right.
 *
 * @param what what it is, for the message: `the loss focal`
 */
export function checkingPerExample(where: string, what: string, given: PerExample): PerExample['perExample'] {
  return (target, output) => {
    const values: unknown = given.perExample(target, output);
    const [examples = 0] = output.shape;
    if (values instanceof tf.Tensor && values.rank === 1 && values.shape[0] === examples) {
      return (values.dtype === 'float32' ? values : tf.cast(values, 'float32')) as tf.Tensor1D;
    }
    const received = values instanceof tf.Tensor ? `shape ${showShape(values.shape)}` : describeValue(values);
    throw new RegularizerError({
      where,
      code: 'bad-per-example',
      message: `${what} must give one number for each of ${examples} examples, a tensor of shape [${examples}]; received ${received}`,
      hint: 'Sum or average over every axis but the first.',
    });
  };
}
