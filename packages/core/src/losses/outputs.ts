import * as tf from '@tensorflow/tfjs-core';
import type {LossInfo, OutputActivation} from '../info.ts';
import {computed} from '../lib/computed.ts';

/** The part of a loss that says how an output is read. */
export type OutputMeaning = Pick<LossInfo, 'kind' | 'outputs'>;

/**
 * An output as probabilities, where its loss reads it as logits; any other output as it is.
 *
 * @param output `[batch, ..., classes]`, or any shape of independent ones
 */
export function toProbabilities(output: tf.Tensor, meaning: OutputMeaning): tf.Tensor {
  return computed('toProbabilities', {output, meaning}, () => {
    const {kind, outputs} = meaning;
    if (outputs !== 'logits' || kind === 'values') return output;
    return activate(kind === 'classes' ? 'softmax' : 'sigmoid', output);
  });
}

/** Where independent outputs say yes: probabilities above ½, which are logits above 0. */
export function isYes(output: tf.Tensor, meaning: OutputMeaning): tf.Tensor {
  return computed('isYes', {output, meaning}, () => {
    const {outputs} = meaning;
    return tf.greater(output, outputs === 'logits' ? 0 : 0.5);
  });
}

/** Probabilities from logits. */
export function activate(activation: OutputActivation, logits: tf.Tensor): tf.Tensor {
  return activation === 'softmax' ? tf.softmax(logits) : tf.sigmoid(logits);
}
