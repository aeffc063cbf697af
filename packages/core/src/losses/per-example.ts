import * as tf from '@tensorflow/tfjs-core';
import {describeValue} from '../lib/describe-value.ts';
import {RegularizerError} from '../lib/errors.ts';
import {showShape} from '../lib/shapes.ts';

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
 * @param given a loss or a metric
 * @param parts numbers of each example, for a metric that has several
 */
export function checkingPerExample<Rest extends readonly unknown[], Values extends tf.Tensor>(
  where: string,
  what: string,
  given: {perExample(target: tf.Tensor, output: tf.Tensor, ...rest: Rest): Values},
  parts?: number,
): (target: tf.Tensor, output: tf.Tensor, ...rest: Rest) => Values {
  return (target, output, ...rest) => {
    const values: unknown = given.perExample(target, output, ...rest);
    const [examples = 0] = output.shape;
    const shape = parts === undefined ? [examples] : [examples, parts];
    if (values instanceof tf.Tensor && String(values.shape) === String(shape)) {
      return (values.dtype === 'float32' ? values : tf.cast(values, 'float32')) as Values;
    }
    const received = values instanceof tf.Tensor ? `shape ${showShape(values.shape)}` : describeValue(values);
    const numbers = parts === undefined ? 'one number' : `${parts} numbers`;
    throw new RegularizerError({
      where,
      code: 'bad-per-example',
      message: `${what} must give ${numbers} for each of ${examples} examples, a tensor of shape [${shape.join(', ')}]; received ${received}`,
      hint: 'Sum or average over every axis but the first.',
    });
  };
}
