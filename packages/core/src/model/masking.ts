import * as tf from '@tensorflow/tfjs-core';
import type {layers} from '@tensorflow/tfjs-layers';
import {firstOf} from '../lib/item.ts';
import {withGradient} from '../lib/with-gradient.ts';
import type {Taps} from './taps.ts';
import {configOf} from './walk.ts';

type Values = tf.Tensor | tf.Tensor[];

/** Whether a layer finds out what is padding. */
export function makesMask(layer: layers.Layer): boolean {
  return (
    layer.getClassName() === 'Masking' || (layer.getClassName() === 'Embedding' && layer.supportsMasking)
  );
}

/**
 * Has a layer that makes a mask make it of its input as it was before plugins changed it: padding stays padding, and
 * nothing else becomes it. To gradients a mask is a constant; tfjs would look for the gradient of a comparison.
 *
 * @param clean what a value was before plugins changed it
 */
export function tapMasking(taps: Taps, layer: layers.Layer, clean: (value: tf.Tensor) => tf.Tensor): void {
  const isEmbedding = layer.getClassName() === 'Embedding';
  const padding = isEmbedding ? 0 : Number(configOf(layer)['maskValue'] ?? 0);
  const maskOf = (input: tf.Tensor): tf.Tensor =>
    withGradient(
      [input],
      (value) => {
        const isOther = tf.notEqual(value, padding);
        return isEmbedding ? isOther : tf.any(isOther, -1);
      },
      (_, value) => [tf.zeros(value.shape)],
    );
  taps.set(layer, 'computeMask', (inputs: Values) => maskOf(clean(firstOf(inputs))));
  if (isEmbedding) return;
  taps.set(layer, 'call', (inputs: Values) =>
    tf.tidy(() => {
      const value = firstOf(inputs);
      const mask = tf.cast(maskOf(clean(value)), value.dtype);
      return tf.mul(value, tf.expandDims(mask, -1));
    }),
  );
}
