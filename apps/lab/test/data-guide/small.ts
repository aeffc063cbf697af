// Small data and models, the same everywhere.
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';

export const examples = 12;

/** Numbers in [−1, 1]. */
export const waves = (...shape: number[]): tf.Tensor =>
  tf.tensor(
    Array.from({length: shape.reduce((size, side) => size * side)}, (_, i) => Math.sin(1.7 * i)),
    shape,
  );

/** A class of three for each example, as a list. */
export const classes: readonly number[] = Array.from({length: examples}, (_, i) => (i + (i >> 2)) % 3);

/** The same as rows with a 1. */
export const oneHot = (): tf.Tensor => tf.cast(tf.oneHot([...classes], 3), 'float32');

/** Four numbers an example. */
export const features = (): tf.Tensor => waves(examples, 4);

/** A classifier of four numbers. */
export const classifier = (): LayersModel =>
  sequential({
    layers: [
      layers.dense({units: 5, activation: 'tanh', inputShape: [4], name: 'hidden'}),
      layers.dense({units: 3, activation: 'softmax', name: 'output'}),
    ],
  });
