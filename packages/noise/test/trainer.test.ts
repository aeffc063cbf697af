// The techniques in the trainer: what reaches the loss and the weights, and what is left of it afterwards.
import {
  createTrainer,
  defineRegularizer,
  type Loss,
  type LossName,
  type Regularizer,
  sgd,
} from '@regularizers/core';
import {deriveKey, normal} from '@regularizers/random';
import {messageOf, tolerance} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';
import {describe, expect, it} from 'vitest';
import {
  activationNoise,
  fromModel,
  gradientNoise,
  gradientNoiseSigma,
  inputNoise,
  labelSmoothing,
  weightNoise,
} from '../src/index.ts';
import {moments} from './statistics.ts';

/** Weights that do not depend on the process. */
function withKnownWeights(model: LayersModel): LayersModel {
  const known = model.getWeights().map((w, i) => normal(w.shape, deriveKey(2, i), {sigma: 0.5}));
  model.setWeights(known);
  return model;
}

function network(): LayersModel {
  return withKnownWeights(
    sequential({
      layers: [
        layers.dense({units: 16, activation: 'tanh', inputShape: [4], name: 'hidden'}),
        layers.dense({units: 3, activation: 'softmax', name: 'out'}),
      ],
    }),
  );
}

/** Dense, a layer that hands on, dense. */
function withMiddle(middle: 'noise' | 'linear'): LayersModel {
  return withKnownWeights(
    sequential({
      layers: [
        layers.dense({units: 16, activation: 'tanh', inputShape: [4], name: 'hidden'}),
        middle === 'noise'
          ? layers.gaussianNoise({stddev: 0.5, name: 'middle'})
          : layers.activation({activation: 'linear', name: 'middle'}),
        layers.dense({units: 3, activation: 'softmax', name: 'out'}),
      ],
    }),
  );
}

const classes = (): tf.Tensor1D => tf.tensor1d(Array.from({length: 32}, (_, i) => i % 3));

/** Trains for two epochs; the losses on the way, and the weights at the end. */
async function train(
  model: LayersModel,
  regularizer: Regularizer,
  {seed = 7, isSparse = false}: {seed?: number; isSparse?: boolean} = {},
): Promise<number[]> {
  const loss: LossName = isSparse ? 'sparseCategoricalCrossentropy' : 'categoricalCrossentropy';
  const y = isSparse ? classes() : tf.oneHot(tf.cast(classes(), 'int32'), 3);
  const x = normal([32, 4], deriveKey(1, 'x'));
  const trainer = createTrainer({
    model,
    loss,
    optimizer: sgd({learningRate: 0.1}),
    regularizers: [regularizer],
    seed,
  });
  const {history} = await trainer.fit({x, y}, {epochs: 2, batchSize: 16});
  trainer.dispose();
  return [...history.map((row) => row.train.loss), ...(await weightsOf(model))];
}

async function weightsOf(model: LayersModel): Promise<number[]> {
  const weights = await Promise.all(model.getWeights().map((w) => w.data()));
  return weights.flatMap((w) => [...w]);
}

const techniques: readonly [string, () => Regularizer][] = [
  ['inputNoise', () => inputNoise()],
  ['weightNoise', () => weightNoise({sigma: 0.1})],
  ['gradientNoise', () => gradientNoise()],
  ['activationNoise', () => activationNoise({at: 'hidden'})],
];

describe.each(techniques)('%s in the trainer', (_, plugin) => {
  it('changes training, repeatably, and leaves evaluation alone', async () => {
    const trained = await train(network(), plugin());
    expect(trained).not.toEqual(await train(network(), defineRegularizer({name: 'none'})));
    expect(trained).toEqual(await train(network(), plugin()));
    expect(trained).not.toEqual(await train(network(), plugin(), {seed: 8}));

    const model = network();
    const x = tf.ones([2, 4]);
    const trainer = createTrainer({
      model,
      loss: 'categoricalCrossentropy',
      optimizer: sgd(),
      regularizers: [plugin()],
    });
    const [predicted, plain] = [trainer.predict(x) as tf.Tensor, model.predict(x) as tf.Tensor];
    expect(await predicted.data()).toEqual(await plain.data());
    trainer.dispose();
  });
});

describe('inputNoise in the trainer', () => {
  it('trains a linear model to the ridge solution of strength σ² (Bishop 1995)', async () => {
    // X = [[1, 2], [1, −1]], t = [3, 0]: XᵀX/2 = [[1, 0.5], [0.5, 2.5]], Xᵀt/2 = [1.5, 3]. With σ = 0.5,
    // (XᵀX/2 + σ²I)·w = [[1.25, 0.5], [0.5, 2.75]]·w = [1.5, 3], so w = [1.5·2.75 − 0.5·3, 1.25·3 − 0.5·1.5]/3.1875
    // = [2.625, 3]/3.1875 = [0.823529, 0.941176]; without noise it is [1, 1].
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
      layers: [layers.dense({units: 1, useBias: false, kernelInitializer: 'zeros', inputShape: [2]})],
    });
    const trainer = createTrainer({
      model,
      loss: 'meanSquaredError',
      optimizer: sgd({learningRate: 0.15}),
      regularizers: [inputNoise({sigma: 0.5})],
    });
    await trainer.fit({x, y}, {epochs: 40, batchSize: 2 * copies});
    const [w0, w1] = await weightsOf(model);
    // The gradient of one step spreads by about 2·1.5/√2000 = 0.07, of which a step takes 0.15.
    expect(Math.abs(w0! - 0.823529)).toBeLessThan(0.025);
    expect(Math.abs(w1! - 0.941176)).toBeLessThan(0.025);
    trainer.dispose();
  });
});

describe('labelSmoothing in the trainer', () => {
  it('smooths the training loss and not the validation loss', async () => {
    // A model that hands on the probabilities of label-smoothing.test.ts, whose smoothed losses are Keras's
    // 0.7407177 and 0.46329743, in the mean 0.6020076, and whose plain ones are −ln 0.5 and −ln 0.7, 0.5249111.
    const model = sequential({
      layers: [layers.dense({units: 3, activation: 'softmax', useBias: false, inputShape: [3]})],
    });
    model.setWeights([tf.eye(3)]);
    const x = tf.log(
      tf.tensor2d([
        [0.2, 0.5, 0.3],
        [0.7, 0.1, 0.2],
      ]),
    );
    const y = tf.tensor2d([
      [0, 1, 0],
      [1, 0, 0],
    ]);
    const trainer = createTrainer({
      model,
      loss: 'categoricalCrossentropy',
      optimizer: sgd({learningRate: 0}),
      regularizers: [labelSmoothing({epsilon: 0.1})],
    });
    const {history} = await trainer.fit({x, y}, {validation: {x, y}});
    expect(Math.abs(history[0]!.train.loss - 0.6020076)).toBeLessThan(tolerance('transcendental'));
    expect(Math.abs(history[0]!.validation!.loss - 0.5249111)).toBeLessThan(tolerance('transcendental'));
    trainer.dispose();
  });

  it('is the same for one-hot and for integer targets', async () => {
    const oneHot = await train(network(), labelSmoothing());
    expect(oneHot).toEqual(await train(network(), labelSmoothing(), {isSparse: true}));
    expect(oneHot).not.toEqual(await train(network(), labelSmoothing({epsilon: 0})));
  });

  it('refuses a regression', () => {
    const loss: LossName | Loss = 'meanSquaredError';
    const make = (): unknown =>
      createTrainer({model: network(), loss, optimizer: sgd(), regularizers: [labelSmoothing()]});
    expect(messageOf(make)).toMatch(
      /^\[labelSmoothing\] the targets of out are values \(its loss is meanSquaredError\)/,
    );
  });
});

describe('gradientNoise in the trainer', () => {
  it('moves weights without a gradient by learning rate times noise, which falls from step to step', async () => {
    // Inputs of 0: no gradient reaches the kernel but the noise, so after two steps of rate 2 its variance is
    // 4·(σ₁² + σ₂²) = 4·(0.01 + 0.01/2^0.55) = 4·(0.01 + 0.0068302) = 0.0673208.
    const model = sequential({
      layers: [layers.dense({units: 100, useBias: false, kernelInitializer: 'zeros', inputShape: [100]})],
    });
    const data = {x: tf.zeros([2, 100]), y: tf.zeros([2, 100])};
    const trainer = createTrainer({
      model,
      loss: 'meanSquaredError',
      optimizer: sgd({learningRate: 2}),
      regularizers: [gradientNoise()],
    });
    await trainer.fit(data, {epochs: 2, batchSize: 2});
    const {mean, variance} = moments(await weightsOf(model));
    const options = {eta: 0.01, gamma: 0.55};
    const expected = 4 * (gradientNoiseSigma(1, options) ** 2 + gradientNoiseSigma(2, options) ** 2);
    expect(expected).toBeCloseTo(0.0673208, 6);
    // Standard deviation of the mean √(0.0673/10000) = 0.0026, of the variance 0.0673·√(2/10000) = 0.00095.
    expect(Math.abs(mean)).toBeLessThan(0.0104);
    expect(Math.abs(variance - expected)).toBeLessThan(0.0038);
    trainer.dispose();
  });
});

describe('fromModel in the trainer', () => {
  it('is what makes a model with a GaussianNoise layer trainable, as activationNoise at that site', async () => {
    const declared = withMiddle('noise');
    const bare = (): unknown =>
      createTrainer({model: declared, loss: 'categoricalCrossentropy', optimizer: sgd()});
    expect(messageOf(bare)).toMatch(/the model declares the layer middle \(GaussianNoise\)/);
    expect(await train(declared, fromModel(declared))).toEqual(
      await train(withMiddle('linear'), activationNoise({name: 'noiseLayers', at: 'middle', sigma: 0.5})),
    );
  });
});
