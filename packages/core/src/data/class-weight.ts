import * as tf from '@tensorflow/tfjs-core';
import {RegularizerError} from '../lib/errors.ts';
import type {Loss} from '../losses/loss.ts';
import {classesOf} from './classes.ts';
import type {DataShape} from './data.ts';

/**
 * Checks that weights by class have a meaning for a model: one output, whose target is one class per example.
 *
 * @throws RegularizerError with code `class-weight`
 */
export function checkClassWeight(classWeight: readonly number[], {outputs, losses}: DataShape): void {
  const [output, ...others] = outputs;
  const [loss] = losses;
  if (!output || !loss || others.length > 0) {
    refuse(`the model has ${outputs.length} outputs, and it would not be clear whose classes are meant`);
  }
  const classes = classesOf(output, loss);
  if (classes === 0) {
    refuse(
      `the output ${output.name} of shape [${output.shape.join(', ')}] under the loss ${loss.name} has not one class per example`,
    );
  }
  if (classWeight.length !== classes) {
    refuse(`it holds ${classWeight.length} numbers, but there are ${classes} classes`);
  }
}

/** The weight of each example's class, `[batch]`; of a soft target the mean over its classes. */
export function weightByClass(target: tf.Tensor, {kind}: Loss, classWeight: readonly number[]): tf.Tensor {
  if (kind === 'classes') return tf.sum(tf.mul(target, tf.tensor1d([...classWeight])), -1);
  const [zero = 1, one = 1] = classWeight;
  return tf.squeeze(tf.add(tf.mul(target, one - zero), zero), [-1]);
}

function refuse(why: string): never {
  throw new RegularizerError({
    where: 'fit',
    code: 'class-weight',
    message: `classWeight cannot be used: ${why}`,
    hint: 'Pass sampleWeight with the data: a weight for each example.',
    option: 'classWeight',
  });
}
