import {
  adam,
  createTrainer,
  defineRegularizer,
  momentum,
  type Optimizer,
  type Regularizer,
  sgd,
} from '@regularizers/core';
import {tfjsNode} from '@regularizers/native';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';
import {describe, expect, it} from 'vitest';
import {rounding} from './tolerance.ts';
import {sessionRuns} from './watched.ts';

function makeExamples(): {x: tf.Tensor; y: tf.Tensor} {
  return {
    x: tf.tensor2d(
      Array.from({length: 40 * 6}, (_, i) => Math.sin(i * 1.7)),
      [40, 6],
    ),
    y: tf.tensor1d(
      Array.from({length: 40}, (_, i) => (i * 7) % 3),
      'float32',
    ),
  };
}

function network(): LayersModel {
  return sequential({
    layers: [
      layers.dense({units: 8, activation: 'relu', inputShape: [6], name: 'hidden'}),
      layers.batchNormalization({name: 'norm'}),
      layers.dense({units: 3, activation: 'softmax', name: 'output'}),
    ],
  });
}

async function train(
  execution: 'eager' | 'captured' | 'auto',
  optimizer: Optimizer,
  plugin?: Regularizer,
  validates = false,
) {
  const model = network();
  const examples = makeExamples();
  const trainer = createTrainer({
    model,
    loss: 'sparseCategoricalCrossentropy',
    optimizer,
    regularizers: plugin ? [plugin] : [],
    seed: 5,
    initialWeights: 'seed',
    execution,
  });
  const sessions = tfjsNode().node.getNumOfSavedModels();
  try {
    const validation = validates ? {validation: examples, evaluationBatchSize: 15} : {};
    const {history} = await trainer.fit(examples, {epochs: 3, batchSize: 16, ...validation});
    const weights = model.getWeights().flatMap((weight) => [...weight.dataSync()]);
    const losses = history.flatMap((row) => [
      row.train.loss,
      ...(row.validation ? [row.validation.loss] : []),
    ]);
    return {losses, weights};
  } finally {
    trainer.dispose();
    model.dispose();
    tf.dispose([examples.x, examples.y]);
    expect(tfjsNode().node.getNumOfSavedModels()).toBe(sessions);
  }
}

/** Largest difference of two lists, relative to 1. */
function distance(a: readonly number[], b: readonly number[]): number {
  expect(a).toHaveLength(b.length);
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!) / Math.max(1, Math.abs(b[i]!))));
}

describe('a captured step', () => {
  it.each([
    ['sgd', () => sgd({learningRate: 0.1})],
    ['momentum', () => momentum({learningRate: 0.1})],
    ['nesterov', () => momentum({learningRate: 0.1, nesterov: true})],
    ['adam', () => adam({learningRate: 0.01})],
  ])('trains as the eager one does, with %s and a smaller last batch', async (_, optimizer) => {
    const eager = await train('eager', optimizer());
    const captured = await train('captured', optimizer());
    expect(distance(captured.losses, eager.losses)).toBeLessThan(rounding);
    expect(distance(captured.weights, eager.weights)).toBeLessThan(rounding);
  });

  it('evaluates in a graph, with a smaller last batch', async () => {
    const eager = await train('eager', adam(), undefined, true);
    const runs = await sessionRuns(async () => {
      const captured = await train('captured', adam(), undefined, true);
      expect(captured.losses).toHaveLength(6);
      expect(distance(captured.losses, eager.losses)).toBeLessThan(rounding);
    });
    // 40 examples in batches of 15, three times.
    expect(runs.filter((outputs) => outputs === 'result:0')).toHaveLength(9);
  });

  it('keeps apart two leaves of the state that start as one tensor', async () => {
    const average = () =>
      defineRegularizer({
        name: 'average',
        setup: ({initial}) => ({state: {mean: initial['hidden/kernel']!, still: initial['hidden/kernel']!}}),
        track: ({mean, still}, {weights}) => ({
          mean: tf.add(tf.mul(mean, 0.9), tf.mul(weights['hidden/kernel']!, 0.1)),
          still,
        }),
        evaluation: ({state}) => ({'hidden/kernel': state.mean}),
      });
    const eager = await train('eager', adam(), average());
    const captured = await train('captured', adam(), average());
    expect(distance(captured.weights, eager.weights)).toBeLessThan(rounding);
  });
});

describe('a step that cannot be captured', () => {
  const hostile: readonly [string, Regularizer, RegExp][] = [
    [
      'draws on the host',
      defineRegularizer({
        name: 'host',
        penalty: ({weights}) => tf.mul(tf.mean(weights['hidden/kernel']!), Math.random()) as tf.Scalar,
      }),
      /input \d of the op Mul is made on the host/,
    ],
    [
      'reads a tensor back',
      defineRegularizer({
        name: 'reader',
        penalty: ({weights}) => tf.scalar(tf.sum(weights['hidden/kernel']!).dataSync()[0]! * 1e-9),
      }),
      /reads a tensor back/,
    ],
    [
      'counts on the host',
      defineRegularizer({name: 'counter', setup: () => ({state: {n: 0}}), track: ({n}) => ({n: n + 1})}),
      /changes the structure of the state at state\/plugins\/counter\/n/,
    ],
  ];

  it.each(hostile)('is refused, saying why, where it %s', async (_, plugin, message) => {
    await expect(train('captured', sgd(), plugin)).rejects.toThrow(message);
  });

  it('steps, but evaluates eagerly, where only the evaluation cannot be', async () => {
    const halves = defineRegularizer({
      name: 'halves',
      owns: ['evaluation'],
      combine: ([only]) => tf.mul(only!, only!.dataSync()[0]! > 0 ? 1 : 0.5),
      // Two sets of weights, so that there is something to combine.
      evaluation: ({weights}) => [weights, weights],
    });
    const eager = await train('eager', sgd(), halves, true);
    const runs = await sessionRuns(async () => {
      const open = await train('auto', sgd(), halves, true);
      expect(distance(open.losses, eager.losses)).toBeLessThan(rounding);
    });
    expect(runs.some((outputs) => outputs.includes('done'))).toBe(true);
    expect(runs).not.toContain('result:0');
  });

  it('runs eagerly where that was left open', async () => {
    const [, plugin] = hostile[2]!;
    const open = await train('auto', sgd(), plugin);
    expect(open).toEqual(await train('eager', sgd(), plugin));
  });
});
