// Without plugins the trainer is tfjs's own `model.fit`: the same losses, the same weights, the same statistics.
import {type Arrays, createTrainer, type LossName, momentum, type Optimizer, sgd} from '@regularizers/core';
import {orRefused} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {oneHot, waves} from './support/data.ts';
import {
  cnn,
  mlp,
  nested,
  normalizedMlp,
  numbersOf,
  recurrent,
  shared,
  twoHeaded,
  withKnownWeights,
} from './support/models.ts';
import {expectClose} from './tolerance.ts';

interface Case {
  readonly make: () => LayersModel;
  readonly loss: LossName | readonly LossName[];
  readonly x: () => tf.Tensor;
  readonly y: () => tf.Tensor | tf.Tensor[];
  readonly ours: () => Optimizer;
  readonly theirs: () => tf.Optimizer;
  /** Kernels of its gradient that not every backend has. */
  readonly kernels?: readonly string[];
}

const plain = {ours: () => sgd({learningRate: 0.1}), theirs: () => tf.train.sgd(0.1)};
const withMomentum = {
  ours: () => momentum({learningRate: 0.05, momentum: 0.9}),
  theirs: () => tf.train.momentum(0.05, 0.9),
};
const classes = {
  loss: 'categoricalCrossentropy',
  x: () => waves([10, 4]),
  y: () => oneHot(10, 3),
} as const;

const cases: Readonly<Record<string, Case>> = {
  'dense layers with sgd': {make: mlp, ...classes, ...plain},
  'dense layers with momentum': {make: mlp, ...classes, ...withMomentum},
  'batch normalization of features': {make: normalizedMlp, ...classes, ...plain},
  'a convolution with batch normalization': {
    make: cnn,
    ...classes,
    x: () => waves([10, 6, 6, 1]),
    ...withMomentum,
    kernels: ['Conv2DBackpropFilter'],
  },
  'an LSTM': {
    make: recurrent,
    loss: 'meanSquaredError',
    x: () => waves([10, 4, 2]),
    y: () => waves([10, 1], 0.9),
    ...plain,
  },
  'a model in a model': {make: nested, ...classes, ...plain},
  'a layer that is used twice': {make: shared, ...classes, ...plain},
  'two outputs': {
    make: twoHeaded,
    loss: ['categoricalCrossentropy', 'meanSquaredError'],
    x: () => waves([10, 4]),
    y: () => [oneHot(10, 3), waves([10, 1], 0.9)],
    ...plain,
  },
};

for (const [name, {make, loss, x, y, ours, theirs, kernels = []}] of Object.entries(cases)) {
  test(
    `${name}: losses and weights are those of model.fit`,
    orRefused(kernels, async () => {
      const options = {epochs: 3, batchSize: 4, shuffle: false}; // batches of 4, 4 and 2
      const model = withKnownWeights(make());
      const trainer = createTrainer({model, loss, optimizer: ours()});
      const result = await trainer.fit({x: x(), y: y() as Arrays}, options);

      const reference = withKnownWeights(make());
      reference.compile({optimizer: theirs(), loss: loss as string});
      const {history} = await reference.fit(x(), y(), {...options, verbose: 0});
      expectClose(
        result.history.map((row) => row.train.loss),
        history['loss'] as number[],
        'trajectory',
      );
      expectClose(numbersOf(model), numbersOf(reference), 'trajectory');
      expect(result.history.map((row) => row.step)).toEqual([3, 6, 9]);
    }),
  );
}

test('weights of losses are the factors of each', async () => {
  const data = {x: waves([8, 4]), y: [oneHot(8, 3), waves([8, 1], 0.9)]};
  const options = {epochs: 2, batchSize: 4, shuffle: false};
  const reference = withKnownWeights(twoHeaded());
  // tfjs has no lossWeights, but takes functions as losses.
  const weighted =
    (factor: number, loss: (t: tf.Tensor, y: tf.Tensor) => tf.Tensor) => (t: tf.Tensor, y: tf.Tensor) =>
      tf.mul(loss(t, y), factor);
  reference.compile({
    optimizer: tf.train.sgd(0.1),
    loss: [
      weighted(0.3, (t, y) => tf.neg(tf.sum(tf.mul(t, tf.log(y)), -1))),
      weighted(2, (t, y) => tf.mean(tf.squaredDifference(t, y), -1)),
    ],
  });
  const {history} = await reference.fit(data.x, data.y, {...options, verbose: 0});

  const model = withKnownWeights(twoHeaded());
  const trainer = createTrainer({
    model,
    loss: ['categoricalCrossentropy', 'meanSquaredError'],
    lossWeights: [0.3, 2],
    optimizer: sgd({learningRate: 0.1}),
  });
  const result = await trainer.fit(data, options);
  expectClose(
    result.history.map((row) => row.train.loss),
    history['loss'] as number[],
    'trajectory',
  );
  expectClose(numbersOf(model), numbersOf(reference), 'trajectory');
});

test('metrics and validation are those of tfjs', async () => {
  const data = {x: waves([10, 4]), y: oneHot(10, 3)};
  const validation = {x: waves([7, 4], 0.77), y: oneHot(7, 3)};
  const reference = withKnownWeights(normalizedMlp());
  reference.compile({optimizer: tf.train.sgd(0.3), loss: 'categoricalCrossentropy', metrics: ['accuracy']});
  const {history} = await reference.fit(data.x, data.y, {
    epochs: 3,
    batchSize: 4,
    shuffle: false,
    validationData: [validation.x, validation.y],
    verbose: 0,
  });
  const model = withKnownWeights(normalizedMlp());
  const optimizer = sgd({learningRate: 0.3});
  const trainer = createTrainer({model, loss: 'categoricalCrossentropy', optimizer, metrics: ['accuracy']});
  const result = await trainer.fit(data, {epochs: 3, batchSize: 4, shuffle: false, validation});
  const column = (pick: (row: (typeof result.history)[number]) => number | undefined): number[] =>
    result.history.map((row) => pick(row) ?? Number.NaN);
  expectClose(
    column((row) => row.train['accuracy']),
    history['acc'] as number[],
    'trajectory',
  );
  expectClose(
    column((row) => row.validation?.loss),
    history['val_loss'] as number[],
    'trajectory',
  );
  expectClose(
    column((row) => row.validation?.['accuracy']),
    history['val_acc'] as number[],
    'trajectory',
  );
});
