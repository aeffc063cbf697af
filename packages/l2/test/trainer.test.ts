import {adam, createTrainer, type Optimizer, type Regularizer, sgd} from '@regularizers/core';
import {expectClose} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';
import {describe, expect, it} from 'vitest';
import {
  clipGradients,
  elasticNet,
  l1,
  l2,
  maxNorm,
  nonNegative,
  unitNorm,
  weightDecay,
} from '../src/index.ts';

/** Eight examples whose two columns are orthogonal, with XᵀX = 8·I. */
const columns = [
  [1, 1, 1, 1, -1, -1, -1, -1],
  [1, -1, 1, -1, 1, -1, 1, -1],
] as const;
const targets = [3, 1.2, 2.5, 0.4, -1, -2.5, -1.1, -2.2];
const x = () => tf.tensor2d(targets.map((_, i) => columns.map((column) => column[i]!)));
const y = () => tf.tensor2d(targets.map((t) => [t]));
/** Xᵀy/8 for each column: the unpenalized solution. */
const correlation = columns.map(
  (column) => column.reduce<number>((sum, v, i) => sum + v * targets[i]!, 0) / 8,
);

/** y = x·w, no bias, from given weights. */
function linear(initial: readonly number[]): LayersModel {
  const net = sequential({
    layers: [layers.dense({units: 1, useBias: false, inputShape: [2], name: 'dense'})],
  });
  net.setWeights([tf.tensor2d(initial.map((w) => [w]))]);
  return net;
}

interface TrainRequest {
  readonly regularizers: readonly Regularizer[];
  readonly optimizer?: Optimizer;
  readonly epochs?: number;
  readonly initial?: readonly number[];
}

/** Trains y = x·w on whole batches, and returns w. */
async function solve({
  regularizers,
  optimizer = sgd({learningRate: 0.25}),
  ...more
}: TrainRequest): Promise<number[]> {
  const {epochs = 25, initial = [0.5, -0.5]} = more;
  const model = linear(initial);
  const trainer = createTrainer({model, loss: 'meanSquaredError', optimizer, regularizers});
  await trainer.fit({x: x(), y: y()}, {epochs, batchSize: 8});
  trainer.dispose();
  return [...model.getWeights()[0]!.dataSync()];
}

describe('closed forms', () => {
  // loss = Σ(y − xw)²/8, whose gradient is 2(w − c) with c = Xᵀy/8
  it('l2 finds the ridge solution', async () => {
    // 2(w − c) + a·w = 0: w = 2c/(2 + a)
    expectClose(
      tf.tensor(await solve({regularizers: [l2({strength: 0.6})]})),
      correlation.map((c) => (2 * c) / 2.6),
    );
  });

  it('l1 finds the lasso solution; the proximal one has exact zeros', async () => {
    // w = S(c, a/2); the smaller correlation is within the threshold
    expect(Math.abs(correlation[1]!)).toBeLessThan(0.9);
    const expected = correlation.map((c) => Math.sign(c) * Math.max(Math.abs(c) - 0.9, 0));
    const proximal = await solve({regularizers: [l1({strength: 1.8, proximal: true})]});
    expectClose(tf.tensor(proximal), expected);
    expect(proximal[1]).toBe(0);
    // the subgradient hovers within learningRate · a
    const [first, second] = await solve({
      regularizers: [l1({strength: 1.8})],
      optimizer: sgd({learningRate: 0.05}),
      epochs: 100,
    });
    expect(first).toBeCloseTo(expected[0]!, 3);
    expect(Math.abs(second!)).toBeLessThan(0.1);
  });

  it('elasticNet finds the naive elastic net, and is l1 and l2 side by side', async () => {
    // 2(w − c) + a·sign(w) + b·w = 0: w = S(2c, a)/(2 + b)
    const expected = correlation.map((c) => (Math.sign(c) * Math.max(Math.abs(2 * c) - 1, 0)) / 2.5);
    const together = await solve({regularizers: [elasticNet({l1: 1, l2: 0.5, proximal: true})]});
    expectClose(tf.tensor(together), expected);
    const apart = await solve({regularizers: [l1({strength: 1, proximal: true}), l2({strength: 0.5})]});
    expectClose(tf.tensor(together), apart);
  });
});

describe('weightDecay', () => {
  it('is l2 under plain SGD, with rate = strength, step by step', async () => {
    for (const epochs of [1, 2, 5]) {
      const decayed = await solve({regularizers: [weightDecay({rate: 0.4})], epochs});
      expectClose(tf.tensor(decayed), await solve({regularizers: [l2({strength: 0.4})], epochs}));
    }
  });

  it('is not l2 under Adam, whose first step is about the learning rate whatever the gradient', async () => {
    const request = {optimizer: adam({learningRate: 0.1}), epochs: 1};
    const plain = await solve({...request, regularizers: []});
    const penalized = await solve({...request, regularizers: [l2({strength: 0.4})]});
    const decayed = await solve({...request, regularizers: [weightDecay({rate: 0.4})]});
    expectClose(tf.tensor(penalized), plain);
    // 0.1 · 0.4 · w
    expectClose(tf.tensor(decayed), [plain[0]! - 0.02, plain[1]! + 0.02]);
  });
});

describe('constraints', () => {
  it('hold after training, after decay, whatever the order in the list', async () => {
    const [a, b] = await solve({regularizers: [maxNorm({maxValue: 0.5}), weightDecay()]});
    expect(Math.hypot(a!, b!)).toBeLessThanOrEqual(0.5 * (1 + 1e-5));
    expect(Math.hypot(a!, b!)).toBeCloseTo(0.5, 4);
    const [c, d] = await solve({regularizers: [unitNorm(), l1({proximal: true, strength: 0.1})]});
    expect(Math.hypot(c!, d!)).toBeCloseTo(1, 5);
  });

  it('non-negative least squares', async () => {
    // with y negated both weights would end below 0
    const model = linear([1, 1]);
    const trainer = createTrainer({
      model,
      loss: 'meanSquaredError',
      optimizer: sgd({learningRate: 0.25}),
      regularizers: [nonNegative()],
    });
    await trainer.fit({x: x(), y: tf.neg(y())}, {epochs: 10, batchSize: 8});
    trainer.dispose();
    expect([...model.getWeights()[0]!.dataSync()].map((w) => w + 0)).toEqual([0, 0]);
  });
});

describe('clipGradients', () => {
  it('bounds the step under plain SGD', async () => {
    const [a, b] = await solve({
      regularizers: [l2({strength: 100}), clipGradients({threshold: 0.1})],
      optimizer: sgd({learningRate: 1}),
      epochs: 1,
    });
    expect(Math.hypot(a! - 0.5, b! + 0.5)).toBeCloseTo(0.1, 5);
  });

  it('refuses a second mode', () => {
    const model = linear([1, 1]);
    const regularizers = [clipGradients(), clipGradients({by: 'value', name: 'second'})] as const;
    const options = {
      model,
      loss: 'meanSquaredError',
      optimizer: sgd({learningRate: 1}),
      regularizers,
    } as const;
    expect(() => createTrainer(options)).toThrow(/clipGradients and second cannot work together/);
  });
});

describe('reports', () => {
  it('penalties are in the objective, and not in the validation loss', async () => {
    const model = linear([1, 2]);
    const trainer = createTrainer({
      model,
      loss: 'meanSquaredError',
      optimizer: sgd({learningRate: 0}),
      regularizers: [l2({strength: 0.2}), l1({strength: 0.1, proximal: true})],
    });
    const data = {x: x(), y: y()};
    const {history} = await trainer.fit(data, {epochs: 1, batchSize: 8, validation: data});
    trainer.dispose();
    const {train, validation} = history[0]!;
    // 0.1 · (1 + 4) + 0.1 · 3
    expect(train.penalty).toBeCloseTo(0.8, 5);
    expect(train.objective).toBeCloseTo(train.loss + 0.8, 5);
    expect(validation?.loss).toBeCloseTo(train.loss, 5);
  });
});
