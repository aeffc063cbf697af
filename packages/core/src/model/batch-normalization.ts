import * as tf from '@tensorflow/tfjs-core';
import type {layers} from '@tensorflow/tfjs-layers';
import type {LayerVariable} from './walk.ts';

/** The parts of tfjs's BatchNormalization that are not in its types. */
export interface BatchNormalizationParts {
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly gamma?: LayerVariable;
  readonly beta?: LayerVariable;
  readonly movingMean: LayerVariable;
  readonly movingVariance: LayerVariable;
}

/** tfjs's layer can be trained, or trained through, only with both: it reads the one that it was told to do without. */
export function lacksScaleOrOffset(layer: layers.Layer): boolean {
  const {gamma, beta} = partsOf(layer);
  return !gamma || !beta;
}

/**
 * Batch normalization in training, by the mean and the variance of what counts, as Keras 3 does it: padding has no say in
 * the statistics.
 *
 * @param mask `[batch, steps]`, 1 or true for what counts; left out, everything does
 */
export function batchNormalized(layer: layers.Layer, input: tf.Tensor, mask?: tf.Tensor): tf.Tensor {
  const {epsilon, gamma, beta} = partsOf(layer);
  const {channels, along} = placeOfChannels(layer, input);
  const others = input.shape.map((_, i) => i).filter((i) => i !== channels);
  const {mean, variance} = momentsOf(input, others, mask);
  followStatistics(layer, mean, variance);
  const centred = tf.sub(input, tf.reshape(mean, along));
  const normalized = tf.mul(centred, tf.reshape(tf.rsqrt(tf.add(variance, epsilon)), along));
  const scaled = gamma ? tf.mul(normalized, tf.reshape(gamma.read(), along)) : normalized;
  return beta ? tf.add(scaled, tf.reshape(beta.read(), along)) : scaled;
}

/**
 * A frozen batch normalization in training, by the averages that it has: what tfjs's layer would do, had its operation a
 * gradient without a scale.
 */
export function stillNormalized(layer: layers.Layer, input: tf.Tensor): tf.Tensor {
  const {epsilon, gamma, beta, movingMean, movingVariance} = partsOf(layer);
  const {channels, along} = placeOfChannels(layer, input);
  const isLast = channels === input.rank - 1;
  const placed = (values: tf.Tensor): tf.Tensor1D => {
    const there: tf.Tensor = isLast ? values : tf.reshape(values, along);
    return there as tf.Tensor1D;
  };
  const mean = movingMean.read();
  const scale = gamma?.read() ?? tf.onesLike(mean);
  const offset = beta?.read() ?? tf.zerosLike(mean);
  return tf.batchNorm(
    input,
    placed(mean),
    placed(movingVariance.read()),
    placed(offset),
    placed(scale),
    epsilon,
  );
}

/** Moves a layer's averages toward a batch's statistics: m·old + (1 − m)·new, in tfjs's order of operations. */
export function followStatistics(layer: layers.Layer, mean: tf.Tensor, variance: tf.Tensor): void {
  const {momentum, movingMean, movingVariance} = partsOf(layer);
  follow(movingMean, mean, momentum);
  follow(movingVariance, variance, momentum);
}

function follow(average: LayerVariable, value: tf.Tensor, momentum: number): void {
  const last = average.read();
  average.write(tf.sub(last, tf.mul(tf.sub(last, value), 1 - momentum)));
}

const partsOf = (layer: layers.Layer): BatchNormalizationParts => layer as unknown as BatchNormalizationParts;

/** Which axis has the channels, and the shape that puts one number per channel along it. */
function placeOfChannels(
  layer: layers.Layer,
  {rank, shape}: tf.Tensor,
): {readonly channels: number; readonly along: number[]} {
  const {axis} = partsOf(layer);
  const channels = axis < 0 ? axis + rank : axis;
  return {channels, along: shape.map((size, i) => (i === channels ? size : 1))};
}

interface Statistics {
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
}

function momentsOf(input: tf.Tensor, axes: number[], mask: tf.Tensor | undefined): Statistics {
  if (!mask) return tf.moments(input, axes);
  const counts = tf.reshape(tf.cast(mask, 'float32'), [...mask.shape, ...input.shape.slice(2).map(() => 1)]);
  // A batch of padding alone has none.
  const count = tf.maximum(tf.sum(tf.mul(tf.onesLike(input), counts), axes, true), 1);
  const mean = tf.div(tf.sum(tf.mul(input, counts), axes, true), count);
  const squares = tf.mul(tf.square(tf.sub(input, mean)), counts);
  return {
    mean: tf.squeeze(mean, axes),
    variance: tf.squeeze(tf.div(tf.sum(squares, axes, true), count), axes),
  };
}
