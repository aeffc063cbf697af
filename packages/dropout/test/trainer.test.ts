// The techniques in the trainer: what reaches the loss, and what is left of it afterwards.
import {createTrainer, defineRegularizer, type Regularizer, sgd} from '@regularizers/core';
import {deriveKey, normal} from '@regularizers/random';
import {messageOf, orRefused} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {
  model as functional,
  input,
  type LayersModel,
  layers,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';
import {describe, expect, it} from 'vitest';
import {
  alphaDropout,
  dropConnect,
  dropout,
  fromModel,
  gaussianDropout,
  spatialDropout,
  stochasticDepth,
} from '../src/index.ts';

/** Weights that do not depend on the process. */
function withKnownWeights(model: LayersModel): LayersModel {
  const known = model.getWeights().map((w, i) => normal(w.shape, deriveKey(2, i), {sigma: 0.5}));
  model.setWeights(known);
  return model;
}

function network(activation: 'relu' | 'selu' = 'relu'): LayersModel {
  return withKnownWeights(
    sequential({
      layers: [
        layers.dense({units: 16, activation, inputShape: [4], name: 'hidden'}),
        layers.dense({units: 1, name: 'out'}),
      ],
    }),
  );
}

/** Dense, a layer that hands on, dense. */
function withMiddle(middle: 'dropout' | 'linear'): LayersModel {
  return withKnownWeights(
    sequential({
      layers: [
        layers.dense({units: 16, activation: 'relu', inputShape: [4], name: 'hidden'}),
        middle === 'dropout'
          ? layers.dropout({rate: 0.5, seed: 3, name: 'middle'})
          : layers.activation({activation: 'linear', name: 'middle'}),
        layers.dense({units: 1, name: 'out'}),
      ],
    }),
  );
}

/** Two residual blocks on images. */
function residual(): LayersModel {
  const start = input({shape: [4, 4, 2], name: 'start'});
  const block = (value: SymbolicTensor, name: string): SymbolicTensor => {
    const branch = layers.conv2d({filters: 2, kernelSize: 3, padding: 'same', activation: 'relu', name});
    return layers.add().apply([value, branch.apply(value) as SymbolicTensor]) as SymbolicTensor;
  };
  const pooled = layers.globalAveragePooling2d({}).apply(block(block(start, 'one'), 'two'));
  const outputs = layers.dense({units: 1, name: 'out'}).apply(pooled) as SymbolicTensor;
  return withKnownWeights(functional({inputs: start, outputs}));
}

function examplesFor(model: LayersModel): {x: tf.Tensor; y: tf.Tensor} {
  const shape = model.inputs[0]!.shape.slice(1).map((size) => size ?? 1);
  return {x: normal([32, ...shape], deriveKey(1, 'x')), y: normal([32, 1], deriveKey(1, 'y'))};
}

/** Trains for two epochs; the losses on the way, and the weights at the end. */
async function train(
  model: LayersModel,
  regularizer: Regularizer,
  {seed = 7, learningRate = 0.01}: {seed?: number; learningRate?: number} = {},
): Promise<number[]> {
  const optimizer = sgd({learningRate});
  const trainer = createTrainer({
    model,
    loss: 'meanSquaredError',
    optimizer,
    regularizers: [regularizer],
    seed,
  });
  const {history} = await trainer.fit(examplesFor(model), {epochs: 2, batchSize: 16});
  trainer.dispose();
  return [...history.map(({train: {loss}}) => loss), ...(await weightsOf(model))];
}

async function weightsOf(model: LayersModel): Promise<number[]> {
  const weights = await Promise.all(model.getWeights().map((w) => w.data()));
  return weights.flatMap((w) => [...w]);
}

const techniques: readonly [string, () => LayersModel, () => Regularizer, kernels?: string[]][] = [
  ['dropout', network, () => dropout()],
  ['dropConnect', network, () => dropConnect()],
  ['alphaDropout', () => network('selu'), () => alphaDropout({rate: 0.3})],
  ['gaussianDropout', network, () => gaussianDropout()],
  ['spatialDropout', residual, () => spatialDropout(), ['Conv2DBackpropFilter']],
  [
    'stochasticDepth',
    residual,
    () => stochasticDepth({at: ['one', 'two'], rate: 0.5}),
    ['Conv2DBackpropFilter'],
  ],
];

describe.each(techniques)('%s in the trainer', (_, model, plugin, kernels = []) => {
  it(
    'changes training, repeatably',
    orRefused(kernels, async () => {
      const trained = await train(model(), plugin());
      expect(trained).not.toEqual(await train(model(), defineRegularizer({name: 'none'})));
      expect(trained).toEqual(await train(model(), plugin()));
      expect(trained).not.toEqual(await train(model(), plugin(), {seed: 8}));
    }),
  );

  it(
    'leaves evaluation and what is not trained alone',
    orRefused(kernels, async () => {
      const network = model();
      const before = await weightsOf(network);
      const {x} = examplesFor(network);
      const trainer = createTrainer({
        model: network,
        loss: 'meanSquaredError',
        optimizer: sgd({learningRate: 0}),
        regularizers: [plugin()],
      });
      await trainer.fit(examplesFor(network), {epochs: 1});
      expect(await weightsOf(network)).toEqual(before);
      const [predicted, plain] = [trainer.predict(x) as tf.Tensor, network.predict(x) as tf.Tensor];
      expect(await predicted.data()).toEqual(await plain.data());
      trainer.dispose();
    }),
  );
});

describe('dropout in the trainer', () => {
  it('has a new mask at each step', async () => {
    const masks: tf.Tensor[] = [];
    const probe = defineRegularizer({
      name: 'probe',
      setup: () => ({observe: ['hidden']}),
      penalty({sites}) {
        // SELU of anything but 0 is not 0, so that the zeros are the mask's.
        for (const value of Object.values(sites)) masks.push(tf.keep(tf.cast(tf.equal(value, 0), 'float32')));
        return tf.scalar(0);
      },
    });
    const model = network('selu');
    const trainer = createTrainer({
      model,
      loss: 'meanSquaredError',
      optimizer: sgd({learningRate: 0}),
      regularizers: [dropout(), probe],
      // A captured step runs the hooks in its recording alone.
      execution: 'eager',
    });
    await trainer.fit(examplesFor(model), {epochs: 2, batchSize: 32, shuffle: false});
    const [first, second] = await Promise.all(masks.map((mask) => mask.data()));
    expect(first).not.toEqual(second);
    const dropped = [...first!].filter((zero) => zero === 1).length;
    // 512 units at rate ½: standard deviation √(0.25·512) = 11.
    expect(Math.abs(dropped - 256)).toBeLessThan(44);
    trainer.dispose();
    tf.dispose(masks);
  });

  it('on the inputs of a linear model is ridge, each feature weighed by its energy', async () => {
    // Srivastava et al. (2014), section 9.1: E‖t − (m∗X)w‖² = ‖t − Xw‖² + p/q·‖Γw‖², Γ² = diag(XᵀX).
    // X = [[1, 2], [1, −1]], t = [3, 0]: XᵀX/2 = [[1, 0.5], [0.5, 2.5]], Xᵀt/2 = [1.5, 3]. p = 0.2, p/q = 0.25:
    // [[1.25, 0.5], [0.5, 3.125]]·w = [1.5, 3], so w = [1.5·3.125 − 0.5·3, 1.25·3 − 0.5·1.5]/3.65625
    // = [3.1875, 3]/3.65625 = [0.871795, 0.820513]; without dropout it is [1, 1].
    const copies = 1000;
    const x = tf.tile(
      tf.tensor2d([
        [1, 2],
        [1, -1],
      ]),
      [copies, 1],
    );
    const y = tf.tile(tf.tensor2d([[3], [0]]), [copies, 1]);
    const model = sequential({
      layers: [
        layers.activation({activation: 'linear', inputShape: [2], name: 'features'}),
        layers.dense({units: 1, useBias: false, kernelInitializer: 'zeros'}),
      ],
    });
    const trainer = createTrainer({
      model,
      loss: 'meanSquaredError',
      optimizer: sgd({learningRate: 0.15}),
      regularizers: [dropout({rate: 0.2, at: 'features'})],
    });
    await trainer.fit({x, y}, {epochs: 40, batchSize: 2 * copies});
    const [w0, w1] = await weightsOf(model);
    // The gradient of one step spreads by about 2·2/√2000 = 0.09, of which a step takes 0.15.
    expect(Math.abs(w0! - 0.871795)).toBeLessThan(0.03);
    expect(Math.abs(w1! - 0.820513)).toBeLessThan(0.03);
    trainer.dispose();
  });
});

describe('fromModel in the trainer', () => {
  it('is what makes a model with a Dropout layer trainable', () => {
    const model = withMiddle('dropout');
    const make = (regularizers: readonly Regularizer[]): unknown =>
      createTrainer({model, loss: 'meanSquaredError', optimizer: sgd(), regularizers});
    expect(messageOf(() => make([]))).toMatch(/the model declares the layer middle \(Dropout\)/);
    expect(messageOf(() => make([fromModel(model)]))).toBe('nothing was thrown');
  });

  it('does exactly what dropout does at that site, with the layer’s own version off', async () => {
    const declared = withMiddle('dropout');
    expect(await train(declared, fromModel(declared))).toEqual(
      await train(withMiddle('linear'), dropout({name: 'dropoutLayers', rate: 0.5, at: 'middle'})),
    );
    // And the layer is itself again: it drops when tfjs trains.
    const dropped = declared.apply(tf.ones([64, 4]), {training: true}) as tf.Tensor;
    expect(new Set(await dropped.data()).size).toBeGreaterThan(1);
  });
});
