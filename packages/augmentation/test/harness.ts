import type {
  Batch,
  DataSummary,
  LossInfo,
  PortInfo,
  Regularizer,
  Setup,
  SetupContext,
  SiteInfo,
  ValuesSummary,
  WeightedTarget,
} from '@regularizers/core';
import {deriveKey, keyTensor} from '@regularizers/random';
import {batchStepOf, contextOf as contextFrom} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';

/** A model as far as these plugins look at one. */
export interface Facade {
  readonly inputs?: readonly PortInfo[];
  readonly outputs?: readonly PortInfo[];
  readonly losses?: readonly LossInfo[];
  readonly sites?: readonly SiteInfo[];
}

export const imageInput: PortInfo = {name: 'image', shape: [null, 6, 5, 2]};
const classes: PortInfo = {name: 'probabilities', shape: [null, 3]};
const crossEntropy: LossInfo = {
  name: 'categoricalCrossentropy',
  kind: 'classes',
  outputs: 'probabilities',
  linear: true,
};

export function contextOf({
  inputs = [imageInput],
  outputs = [classes],
  losses = [crossEntropy],
  sites = [],
}: Facade = {}): SetupContext {
  return contextFrom({inputs, outputs, losses, sites});
}

/** Sets a plugin up for a model. */
export function setUp(plugin: Regularizer, facade: Facade = {}): Setup {
  return plugin.setup?.(contextOf(facade)) ?? {};
}

/** One batch through one plugin; unchanged where the plugin says it is idle. */
export function runBatch(plugin: Regularizer, batch: Batch, facade: Facade = {}, seed = 1): Batch {
  const {idle, plan, state: first = null} = setUp(plugin, facade);
  if (idle || !plugin.batch) return batch;
  const state = plugin.adapt?.(summaryOf(batch), {plan, state: first}) ?? first;
  const key = (purpose: string) => keyTensor(deriveKey(seed, plugin.name, purpose));
  return plugin.batch(batch, {...batchStepOf(seed, plan), state, key});
}

/** What a batch is like, as core says it of all the data. */
export function summaryOf({inputs, targets}: Pick<Batch, 'inputs' | 'targets'>): DataSummary {
  return {
    inputs: inputs.map(valuesOf),
    targets: targets.map(([entry]) => valuesOf(entry?.target ?? tf.zeros([1]))),
  };
}

function valuesOf(tensor: tf.Tensor): ValuesSummary {
  const values = Array.from(tensor.dataSync());
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return {min: Math.min(...values), max: Math.max(...values), mean, deviation};
}

/** A batch of images with one-hot targets. */
export function batchOf(images: tf.Tensor, targets: readonly WeightedTarget[] = []): Batch {
  return {inputs: [images], targets: [targets], size: images.shape[0]!};
}

/** Numbers that are all different, in [0, 1). */
export function someImages(shape: [number, number, number, number]): tf.Tensor4D {
  const size = tf.util.sizeFromShape(shape);
  return tf.tensor4d(
    Float32Array.from({length: size}, (_, i) => ((i * 37) % 101) / 101),
    shape,
  );
}

/** A key for every purpose, of one seed. */
export const keysOf = (seed: number) => (purpose: string) => keyTensor(deriveKey(seed, purpose));
