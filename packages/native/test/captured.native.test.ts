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

async function train(execution: 'eager' | 'captured' | 'auto', optimizer: Optimizer, plugin?: Regularizer) {
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
    const {history} = await trainer.fit(examples, {epochs: 3, batchSize: 16});
    const weights = model.getWeights().flatMap((weight) => [...weight.dataSync()]);
    return {losses: history.map(({train: {loss}}) => loss), weights};
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
  // TensorFlow's fused updates round once where the ops round several times: a few units of 6e-8, over 9 steps.
  const rounding = 2e-6;

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
      /changes the form of the state at state\/plugins\/counter\/n/,
    ],
  ];

  it.each(hostile)('is refused, saying why, where it %s', async (_, plugin, message) => {
    await expect(train('captured', sgd(), plugin)).rejects.toThrow(message);
  });

  it('runs eagerly where that was left open', async () => {
    const [, plugin] = hostile[2]!;
    const open = await train('auto', sgd(), plugin);
    expect(open).toEqual(await train('eager', sgd(), plugin));
  });
});
