// Whose weights a technique sees: those that train, a plugin's that stand in for the model's, each of them once.
import {createTrainer, defineRegularizer, type Regularizer, sgd} from '@regularizers/core';
import {dropConnect} from '@regularizers/dropout';
import {clipGradients, l2} from '@regularizers/l2';
import {weightNoise} from '@regularizers/noise';
import {convolve, tie} from '@regularizers/sharing';
import {tolerance} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';
import {describe, expect, test} from 'vitest';
import {createRegularizers, techniques} from '../src/regularizers.ts';

/** Where a technique's own trials are not so strong that they show on these weights. */
const stronger: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  maxNorm: {maxValue: 0.1},
  minMaxNorm: {maxValue: 0.1},
  clipGradients: {threshold: 1e-3},
};

/** Every technique that is told which weights, of those that train: sharing chooses among others, too. */
const choosing = techniques.flatMap(({name, options, example, trials = [{options: example ?? {}}]}) => {
  const include = options['include'];
  if (include?.kind !== 'selector' || include.of !== 'trained weights') return [];
  const given = stronger[name] ?? trials[0]?.options ?? {};
  const create = (more: object): Regularizer => createRegularizers([{name, ...given, ...more}])[0]!;
  return [[name, create] as const];
});

const wave = (shape: number[], frequency: number): tf.Tensor =>
  tf.tensor(
    Array.from({length: tf.util.sizeFromShape(shape)}, (_, i) => Math.sin(frequency * (i + 1))),
    shape,
  );

/** A frozen layer, one on 4 × 4 pixels that may be convolved to 2 × 2 · 2, a batch normalization, a classifier. */
function network(): LayersModel {
  const model = sequential({
    layers: [
      layers.dense({units: 16, inputShape: [16], name: 'frozen', trainable: false}),
      layers.dense({units: 8, activation: 'tanh', name: 'fc'}),
      layers.batchNormalization({name: 'bn'}),
      layers.dense({units: 3, activation: 'softmax', name: 'out'}),
    ],
  });
  tf.tidy(() => {
    const ones = /variance|gamma/;
    model.setWeights(
      model.weights.map(({shape, originalName}, i) =>
        ones.test(originalName) ? tf.ones(shape as number[]) : wave(shape as number[], 1.3 + i),
      ),
    );
  });
  return model;
}

const convolution = () =>
  convolve({layer: 'fc', inputShape: [4, 4, 1], kernelSize: 3, filters: 2, name: 'convolve'});

type Weights = Readonly<Record<string, readonly number[]>>;

/** Every weight of the state by name before and after some steps, and the penalty of the first epoch. */
async function train(regularizers: readonly Regularizer[], {learningRate = 0.1} = {}) {
  const model = network();
  const data = tf.tidy(() => ({
    x: wave([12, 16], 0.7),
    y: tf.cast(tf.oneHot(tf.tensor1d([0, 1, 2, 2, 1, 0, 0, 1, 2, 1, 2, 0], 'int32'), 3), 'float32'),
  }));
  const optimizer = sgd({learningRate});
  const loss = 'categoricalCrossentropy';
  const trainer = createTrainer({model, loss, optimizer, regularizers, seed: 3});
  const weights = async (): Promise<Weights> => {
    const {tensors} = await trainer.save();
    const named = Object.entries(tensors).flatMap(([path, {values}]) => {
      const [, name] = /\/state\/weights\/(.*)$/.exec(path) ?? [];
      return name === undefined ? [] : [[name, [...values]] as const];
    });
    return Object.fromEntries(named);
  };
  try {
    const before = await weights();
    const {history} = await trainer.fit(data, {epochs: 1, batchSize: 12});
    return {before, after: await weights(), penalty: history[0]!.train.penalty};
  } finally {
    trainer.dispose();
    model.dispose();
    tf.dispose([data.x, data.y]);
  }
}

const squares = (values: readonly number[] = []): number => values.reduce((sum, w) => sum + w * w, 0);

function expectNear(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance('training') * (1 + Math.abs(expected)));
}

describe.each(choosing)('%s', (_, technique) => {
  test.each([
    ['frozen/kernel', 'frozen/kernel is frozen'],
    ['bn/moving_*', 'bn/moving_mean is a statistic, bn/moving_variance is a statistic'],
    ['fc/kernel', 'fc/kernel is derived by convolve'],
  ])('refuses to choose %s, which nothing trains', (include, says) => {
    const model = network();
    const make = () =>
      createTrainer({
        model,
        loss: 'categoricalCrossentropy',
        optimizer: sgd(),
        regularizers: [technique({include}), convolution()],
      });
    expect(make).toThrow(`include selects nothing that is trained: ${says}`);
    model.dispose();
  });

  test("acts on a plugin's weight that is chosen by name, in either order of the list", async () => {
    const plain = await train([convolution()]);
    const there = await train([technique({include: 'convolve/kernel'}), convolution()]);
    const back = await train([convolution(), technique({include: 'convolve/kernel'})]);
    expect(there.after['convolve/kernel']).not.toEqual(plain.after['convolve/kernel']);
    expect(there.after).toEqual(back.after);
  });

  test('leaves what is not trained alone, where everything is chosen', async () => {
    const {before, after} = await train([technique({include: '**'}), convolution()]);
    for (const name of ['frozen/kernel', 'frozen/bias']) expect(after[name]).toEqual(before[name]);
  });
});

test('a penalty is by default on the kernel that stands in for a dense one', async () => {
  const {before, penalty} = await train([l2({strength: 0.5}), convolution()]);
  const kernels = [before['convolve/kernel'], before['out/kernel']];
  expectNear(penalty, 0.25 * kernels.reduce((sum, kernel) => sum + squares(kernel), 0));
});

test("clipping is by default of all gradients together, plugins' own too", async () => {
  const {before, after} = await train([clipGradients({threshold: 0.01}), convolution()], {learningRate: 1});
  const moved = Object.entries(before)
    .filter(([name]) => !name.includes('moving'))
    .map(([name, values]) => values.map((w, i) => after[name]![i]! - w));
  expectNear(Math.sqrt(squares(moved.flat())), 0.01);
});

test('the model reads a perturbed weight in each of its uses', async () => {
  const size = 4;
  const dense = (name: string) => layers.dense({units: size, useBias: false, inputShape: [size], name});
  for (const technique of [dropConnect(), weightNoise({sigma: 0.5})]) {
    const model = sequential({layers: [dense('encoder'), dense('decoder')]});
    tf.tidy(() => model.setWeights([wave([size, size], 1.3), wave([size, size], 1.3)]));
    const seen: number[][] = [];
    // Of the unit vectors, the encoder gives its kernel W, and the decoder W·Wᵀ.
    const probe = defineRegularizer({
      name: 'probe',
      setup: () => ({observe: ['encoder', 'decoder']}),
      penalty({sites, weights}) {
        const w = sites['encoder'] as tf.Tensor2D;
        seen.push(
          [...tf.sub(sites['decoder']!, tf.matMul(w, w, false, true)).dataSync()],
          [...tf.sub(weights['decoder/kernel']!, tf.transpose(weights['encoder/kernel']!)).dataSync()],
          [...tf.abs(tf.sub(w, weights['encoder/kernel']!)).dataSync()],
        );
        return tf.scalar(0);
      },
    });
    const x = tf.eye(size);
    const trainer = createTrainer({
      model,
      loss: 'meanSquaredError',
      optimizer: sgd({learningRate: 0}),
      regularizers: [
        technique,
        tie({weight: 'decoder/kernel', to: 'encoder/kernel', by: 'transpose'}),
        probe,
      ],
      execution: 'eager',
    });
    await trainer.fit({x, y: x}, {epochs: 1, batchSize: size, shuffle: false});
    trainer.dispose();
    model.dispose();
    x.dispose();
    const [uses, clean, perturbation] = seen.map((values) => Math.max(...values.map(Math.abs)));
    expectNear(uses!, 0);
    expect(clean).toBe(0);
    expect(perturbation).toBeGreaterThan(0.1);
  }
});

/** A weight of a plugin's own that no weight of the model derives from, such as a rate that is learnt. */
const learner = (): Regularizer =>
  defineRegularizer({
    name: 'learner',
    setup: () => ({
      weights: {
        rate: tf.tensor2d([
          [0.5, -1],
          [1.5, 0.25],
        ]),
      },
    }),
    penalty: ({weights}) => tf.sum(tf.square(tf.sub(weights['learner/rate']!, 1))) as tf.Scalar,
  });

/** Whose defaults are of the whole step, plugins' own weights included. */
const ofTheWholeStep = ['clipGradients'];

/** What the model reads is disturbed, and it reads no such weight; penalties see clean ones. */
const ofTheModelsReading = ['weightNoise', 'dropConnect'];

describe.each(choosing)("%s and a plugin's weight that does not feed the model", (name, technique) => {
  test('by default leaves it alone, but for what is of the whole step', async () => {
    const plain = await train([learner()]);
    const there = await train([learner(), technique({})]);
    const isLeft = String(there.after['learner/rate']) === String(plain.after['learner/rate']);
    expect(isLeft).toBe(!ofTheWholeStep.includes(name));
  });

  test('acts on it where it is chosen by name, but for noise on what the model reads', async () => {
    const plain = await train([learner()]);
    const there = await train([learner(), technique({include: 'learner/rate'})]);
    const isLeft = String(there.after['learner/rate']) === String(plain.after['learner/rate']);
    expect(isLeft).toBe(ofTheModelsReading.includes(name));
  });
});

test('those that choose weights are found in the techniques', () => {
  const names = choosing.map(([name]) => name);
  for (const name of ['l2', 'dropConnect', 'gradientNoise', 'sharpnessAware', 'orthogonal']) {
    expect(names).toContain(name);
  }
});
