import * as tf from '@tensorflow/tfjs-core';
import {
  constraints,
  initializers,
  input,
  type LayersModel,
  layers,
  model,
  regularizers,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';

// Small enough for a software-rendered WebGL, with as few shapes as will do: each new one is a program to compile.

type Activation = NonNullable<Parameters<typeof layers.dense>[0]['activation']>;

/**
 * What layers of `composite` can be made to declare: a Dropout layer `declared_dropout`, a GaussianNoise layer
 * `declared_noise`, or regularizers and constraints of `hidden1/kernel` and `line/kernel`.
 */
export type Declared = 'dropout' | 'noise' | 'weights';

/** What can be changed about a fixture's model. */
export interface FixtureOptions {
  /** Of the hidden layers. @defaultValue 'relu' */
  readonly activation?: Activation;
  /** What the layers of `composite` declare, for plugins that take it over. @defaultValue nothing */
  readonly declares?: readonly Declared[];
  /** Another model for the same data. @defaultValue the fixture's own */
  readonly model?: LayersModel;
}

/** What a convolution layer of a fixture may be told. */
type ConvolutionConfig = Parameters<typeof layers.conv2d>[0];

/**
 * Convolutions are frozen on a backend that has no gradient for them, tfjs's wasm, so that everything else trains
 * there. Their weights are then the layer's own. A linear one would be fused, and tfjs takes a fused one's gradient as
 * a whole.
 */
function convolution(config: ConvolutionConfig): ConvolutionConfig {
  if (tf.getKernel('Conv2DBackpropFilter', tf.getBackend())) return config;
  const kernelInitializer = initializers.glorotUniform({seed: 1});
  return {activation: 'relu', ...config, trainable: false, kernelInitializer};
}

/** Two hidden layers on vectors: `hidden1`, `hidden2`, `output`. */
export function classifierModel({activation = 'relu'}: FixtureOptions): LayersModel {
  return sequential({
    layers: [
      layers.dense({name: 'hidden1', units: 8, activation, inputShape: [6]}),
      layers.dense({name: 'hidden2', units: 8, activation}),
      layers.dense({name: 'output', units: 3, activation: 'softmax'}),
    ],
  });
}

/** `conv1`, `norm1`, `pool1`, `conv2`, `flatten`, `hidden`, `output`. */
export function imagesModel({activation = 'relu'}: FixtureOptions): LayersModel {
  const conv = {filters: 4, kernelSize: 3, padding: 'same', activation} as const;
  return sequential({
    layers: [
      layers.conv2d(convolution({name: 'conv1', ...conv, inputShape: [8, 8, 1]})),
      layers.batchNormalization({name: 'norm1'}),
      layers.maxPooling2d({name: 'pool1', poolSize: 2}),
      layers.conv2d(convolution({name: 'conv2', ...conv})),
      layers.flatten({name: 'flatten'}),
      layers.dense({name: 'hidden', units: 8, activation}),
      layers.dense({name: 'output', units: 3, activation: 'softmax'}),
    ],
  });
}

/** `stem`; then twice `block1_dense`, `block1_branch` and `block1_add`, which adds the branch; `output`. */
export function residualModel({activation = 'relu'}: FixtureOptions): LayersModel {
  const x = input({shape: [6], name: 'input'});
  let value = layers.dense({name: 'stem', units: 8, activation}).apply(x) as SymbolicTensor;
  for (const block of ['block1', 'block2']) {
    const inner = layers.dense({name: `${block}_dense`, units: 8, activation}).apply(value);
    const branch = layers.dense({name: `${block}_branch`, units: 8}).apply(inner) as SymbolicTensor;
    value = layers.add({name: `${block}_add`}).apply([value, branch]) as SymbolicTensor;
  }
  const output = layers.dense({name: 'output', units: 3, activation: 'softmax'}).apply(value);
  return model({inputs: x, outputs: output as SymbolicTensor});
}

/** `enc1` (6 to 8), `enc2` (8 to 3), and their mirror images `dec2` and `dec1`. */
export function autoencoderModel({activation = 'relu'}: FixtureOptions): LayersModel {
  return sequential({
    layers: [
      layers.dense({name: 'enc1', units: 8, activation, inputShape: [6]}),
      layers.dense({name: 'enc2', units: 3}),
      layers.dense({name: 'dec2', units: 8, activation}),
      layers.dense({name: 'dec1', units: 6}),
    ],
  });
}

/** `lstm` over three steps, `output`. */
export function sequenceModel(): LayersModel {
  return sequential({
    layers: [
      // tfjs's orthogonal initializer takes a decomposition of hundreds of small operations.
      layers.lstm({name: 'lstm', units: 4, recurrentInitializer: 'glorotUniform', inputShape: [3, 2]}),
      layers.dense({name: 'output', units: 3, activation: 'softmax'}),
    ],
  });
}

/** `hidden`, and a linear `output`. */
export function regressionModel({activation = 'relu'}: FixtureOptions): LayersModel {
  return sequential({
    layers: [
      layers.dense({name: 'hidden', units: 8, activation, inputShape: [6]}),
      layers.dense({name: 'output', units: 1}),
    ],
  });
}

/**
 * Something for every technique, to compose them on: `conv1`, `norm1`, the residual branch `block1_branch` and
 * `block1_add`, `pool1`, `flatten`, and then 8 values to 8: `line`, `hidden1` and `hidden2` (the last
 * with SELU); `output`.
 */
export function compositeModel({activation = 'relu', declares = []}: FixtureOptions): LayersModel {
  const conv = {kernelSize: 3, padding: 'same'} as const;
  const x = input({shape: [8, 8, 3], name: 'input'});
  const stem = layers.conv2d(convolution({name: 'conv1', filters: 2, ...conv, activation})).apply(x);
  const norm = layers.batchNormalization({name: 'norm1'}).apply(stem) as SymbolicTensor;
  const branch = layers
    .conv2d(convolution({name: 'block1_branch', filters: 2, ...conv}))
    .apply(norm) as SymbolicTensor;
  const sum = layers.add({name: 'block1_add'}).apply([norm, branch]);
  const pooled = layers.averagePooling2d({name: 'pool1', poolSize: 4, strides: 4}).apply(sum);
  const flat = layers.flatten({name: 'flatten'}).apply(pooled);
  const ofLine = declares.includes('weights') ? {kernelConstraint: constraints.unitNorm({})} : {};
  const line = layers.dense({name: 'line', units: 8, activation, ...ofLine}).apply(flat);
  const ofHidden1 = declares.includes('weights')
    ? {kernelRegularizer: regularizers.l1l2({l1: 0.01, l2: 0.01}), kernelConstraint: constraints.nonNeg()}
    : {};
  let hidden1 = layers.dense({name: 'hidden1', units: 8, activation, ...ofHidden1}).apply(line);
  if (declares.includes('dropout')) {
    hidden1 = layers.dropout({name: 'declared_dropout', rate: 0.5}).apply(hidden1);
  }
  if (declares.includes('noise')) {
    hidden1 = layers.gaussianNoise({name: 'declared_noise', stddev: 0.1}).apply(hidden1);
  }
  const hidden2 = layers
    .dense({name: 'hidden2', units: 8, activation: 'selu', kernelInitializer: 'leCunNormal'})
    .apply(hidden1);
  const output = layers.dense({name: 'output', units: 3, activation: 'softmax'}).apply(hidden2);
  return model({inputs: x, outputs: output as SymbolicTensor});
}
