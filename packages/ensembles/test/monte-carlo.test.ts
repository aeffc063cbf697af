// Passes with draws of their own: against closed forms, the mean over all masks, and draws that are made on the host.
import {
  createTrainer,
  defineRegularizer,
  type Regularizer,
  sgd,
  type Trainer,
  type TrainerOptions,
} from '@regularizers/core';
import {deriveKey, hostUniform, maskedScale} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {bagging, deepEnsemble, monteCarlo, predictionMoments} from '../src/index.ts';
import {expectClose} from './helpers.ts';

beforeEach(() => {
  tf.engine().startScope();
});
afterEach(() => {
  tf.engine().endScope();
});

/** Dropout, as packages that do not know of this one have it. */
const drop = (rate: number, at = 'hidden'): Regularizer =>
  defineRegularizer({
    name: 'drop',
    setup: () => ({at: [at]}),
    activation: (value, _, step) => maskedScale(value, step.key('mask'), {probability: 1 - rate}),
  });

const kernels = {
  hidden: [
    [0.5, -1, 0.25, 1],
    [1, 0.5, -0.75, 0.5],
  ],
  out: [
    [1, -0.5],
    [0.5, 1],
    [-1, 0.25],
    [0.75, 0.5],
  ],
} as const;

/** Two numbers, four hidden units, two outputs, of known weights. */
function network(
  activation: 'linear' | 'relu' = 'linear',
  last: 'linear' | 'softmax' = 'linear',
): LayersModel {
  const model = sequential({
    layers: [
      layers.dense({name: 'hidden', units: 4, activation, inputShape: [2]}),
      layers.dense({name: 'out', units: 2, activation: last}),
    ],
  });
  model.setWeights([
    tf.tensor2d(kernels.hidden.map((row) => [...row])),
    tf.zeros([4]),
    tf.tensor2d(kernels.out.map((row) => [...row])),
    tf.tensor1d([0.125, -0.25]),
  ]);
  return model;
}

function trainerOf(regularizers: readonly Regularizer[], options: Partial<TrainerOptions> = {}): Trainer {
  const model = options.model ?? network();
  return createTrainer({
    model,
    loss: 'meanSquaredError',
    optimizer: sgd({learningRate: 0.05}),
    seed: 3,
    ...options,
    regularizers,
  });
}

const each = (trainer: Trainer, x: tf.Tensor, batchSize = 1000): tf.Tensor =>
  trainer.predictions(x, {batchSize}) as tf.Tensor;
const valuesOf = (tensor: unknown): number[] => [...(tensor as tf.Tensor).dataSync()];

const point = [0.75, -0.5] as const;
const examples = 400;
const passes = 10;
/** One point many times over: each row has draws of its own. */
const many = (): tf.Tensor => tf.tile(tf.tensor2d([[...point]]), [examples, 1]);
const draws = examples * passes;

/** The values of the hidden units at the point, in float64. */
const hidden = [0, 1, 2, 3].map((j) => kernels.hidden[0][j]! * point[0] + kernels.hidden[1][j]! * point[1]);

/** Sample mean and variance, of one output over all draws, are within five standard errors of what they estimate. */
function expectMoments(samples: readonly number[], mean: number, variance: number): void {
  const actual = samples.reduce((sum, y) => sum + y, 0) / samples.length;
  const spread = samples.reduce((sum, y) => sum + (y - actual) ** 2, 0) / samples.length;
  expect(Math.abs(actual - mean)).toBeLessThan(5 * Math.sqrt(variance / samples.length));
  // Bounded values: their fourth moment is less than three times the variance's square.
  expect(Math.abs(spread - variance)).toBeLessThan(5 * variance * Math.sqrt(2 / samples.length));
}

function outputAt(samples: readonly number[], output: number): readonly number[] {
  return samples.filter((_, i) => i % 2 === output);
}

describe('predictions', () => {
  test('of a linear model have the mean without dropout, and the variance p/(1 − p)·Σ w²h²', () => {
    const p = 0.3;
    const samples = valuesOf(each(trainerOf([drop(p), monteCarlo({passes})]), many()));
    expect(samples).toHaveLength(2 * draws);
    for (const [output, bias] of [0.125, -0.25].entries()) {
      const terms = hidden.map((h, j) => h * kernels.out[j]![output]!);
      const mean = terms.reduce((sum, term) => sum + term, bias);
      const variance = (p / (1 - p)) * terms.reduce((sum, term) => sum + term * term, 0);
      expectMoments(outputAt(samples, output), mean, variance);
    }
  });

  test('of a network have the mean and the variance over all its masks', () => {
    const model = network('relu', 'softmax');
    const trainer = trainerOf([drop(0.5), monteCarlo({passes})], {model, loss: 'categoricalCrossentropy'});
    const samples = valuesOf(each(trainer, many()));
    const all = Array.from({length: 16}, (_, mask) => {
      const kept = hidden.map((h, j) => (mask & (1 << j) ? 2 * Math.max(0, h) : 0));
      const logits = [0.125, -0.25].map((bias, k) =>
        kept.reduce((sum, h, j) => sum + h * kernels.out[j]![k]!, bias),
      );
      return 1 / (1 + Math.exp(logits[1]! - logits[0]!));
    });
    const mean = all.reduce((sum, y) => sum + y, 0) / 16;
    const variance = all.reduce((sum, y) => sum + (y - mean) ** 2, 0) / 16;
    expectMoments(outputAt(samples, 0), mean, variance);
    // Which is not what the model without noise says.
    const [still] = valuesOf(model.predict(many()));
    expect(Math.abs(still! - mean)).toBeGreaterThan(0.003);
  });

  test('follow from seed, member, plugin, purpose, pass and place, on every backend', () => {
    const model = sequential({
      layers: [
        layers.dense({name: 'hidden', units: 8, useBias: false, inputShape: [1]}),
        layers.dense({name: 'out', units: 1, useBias: false}),
      ],
    });
    // Sums of different powers of two: each output says which units were kept.
    const powers = Array.from({length: 8}, (_, j) => 2 ** j);
    model.setWeights([tf.ones([1, 8]), tf.tensor2d(powers, [8, 1])]);
    const trainer = trainerOf([drop(0.5), monteCarlo({passes: 3})], {model});
    const masks = valuesOf(each(trainer, tf.ones([5, 1]), 2)).map((sum) => Math.round(sum / 2));
    const base = deriveKey(3, 0, 'drop', 'pass', 'mask');
    const expected = [0, 1, 2].flatMap((pass) =>
      [0, 2, 4].flatMap((first) => {
        const rows = Math.min(2, 5 - first);
        const key = [base[0], (base[1] + first * 3 + pass) | 0] as const;
        const uniforms = [...hostUniform(rows * 8, key)];
        return Array.from({length: rows}, (_, row) =>
          powers.reduce((sum, power, j) => sum + (uniforms[row * 8 + j]! < 0.5 ? power : 0), 0),
        );
      }),
    );
    expect(masks).toEqual(expected);
    model.dispose();
  });

  test('are as many as members, sets and passes; what is combined are all of them', () => {
    const one = trainerOf([drop(0.5), monteCarlo({passes: 4})]);
    const x = tf.tensor2d([[...point], [1, 2], [-1, 0.5]]);
    expect(each(one, x).shape).toEqual([4, 3, 2]);
    expectClose(one.predict(x) as tf.Tensor, tf.mean(each(one, x, 32), 0));
    const {mean, variance} = predictionMoments(each(one, x, 32));
    expectClose(mean, one.predict(x) as tf.Tensor);
    expect(Math.min(...valuesOf(variance))).toBeGreaterThan(0);
  });

  test('of which there is one where nothing is drawn', () => {
    const x = tf.tensor2d([[...point]]);
    const model = network();
    const alone = trainerOf([monteCarlo({passes: 7})], {model});
    expect(each(alone, x).shape).toEqual([1, 1, 2]);
    expect(valuesOf(alone.predict(x))).toEqual(valuesOf(model.predict(x)));
    expect(valuesOf(trainerOf([drop(0.5)], {model}).predict(x))).toEqual(valuesOf(model.predict(x)));
    expect(alone.explanation().passes).toBe(1);
  });
});

test('moments are those of the formula', () => {
  const {mean, variance} = predictionMoments(tf.tensor2d([[1], [3]]));
  expectClose(mean, [2]);
  expectClose(variance, [1]);
});

describe('a trainer with passes', () => {
  const data = () => ({
    x: tf.tensor2d([[...point], [1, 2], [-1, 0.5]]),
    y: tf.tensor2d([
      [1, 0],
      [0, 1],
      [1, 1],
    ]),
  });

  test('trains as one without', async () => {
    const weights = async (plugins: readonly Regularizer[]): Promise<number[]> => {
      const model = network();
      await trainerOf(plugins, {model}).fit(data(), {epochs: 2, batchSize: 2, validation: data()});
      return model.getWeights().flatMap((weight) => valuesOf(weight));
    };
    expect(await weights([drop(0.5), monteCarlo({passes: 3})])).toEqual(await weights([drop(0.5)]));
  });

  test('validates, evaluates and predicts with the same draws, again and again, and after it was restored', async () => {
    const plugins = () => [drop(0.5), monteCarlo({passes: 5})];
    const trainer = trainerOf(plugins());
    const {history} = await trainer.fit(data(), {
      epochs: 2,
      batchSize: 2,
      validation: data(),
      evaluationBatchSize: 2,
    });
    const {loss} = await trainer.evaluate(data(), {batchSize: 2});
    expect(loss).toBe(history.at(-1)?.validation?.loss);
    const {x, y} = data();
    const predicted = trainer.predict(x, {batchSize: 2}) as tf.Tensor;
    expectClose([loss], tf.mean(tf.squaredDifference(predicted, y)));
    expect((await trainer.evaluate(data(), {batchSize: 2})).loss).toBe(loss);
    const restored = trainerOf(plugins());
    await restored.restore(await trainer.save());
    expect(valuesOf(restored.predict(x, {batchSize: 2}))).toEqual(valuesOf(predicted));
  });

  test('leaves the model plain, which predicts without noise', async () => {
    const model = network();
    const trainer = trainerOf([drop(0.5), monteCarlo({passes: 5})], {model});
    const result = await trainer.fit(data(), {epochs: 1});
    expect(result.model).toBe(model);
    const without = trainerOf([], {model});
    expect(valuesOf(model.predict(data().x))).toEqual(valuesOf(without.predict(data().x)));
  });

  test('has draws of their own for each member and each set of an ensemble', async () => {
    const members = trainerOf([drop(0.5), deepEnsemble({members: 2}), monteCarlo({passes: 3})], {
      initialWeights: 'seed',
    });
    await members.fit(data(), {epochs: 1});
    expect(each(members, data().x).shape).toEqual([6, 3, 2]);
    const twice = defineRegularizer({
      name: 'twice',
      owns: ['evaluation'],
      evaluation: ({weights}) => [weights, weights],
    });
    const sets = trainerOf([drop(0.5), twice, monteCarlo({passes: 3})]);
    await sets.fit(data(), {epochs: 1});
    const all = valuesOf(each(sets, many()));
    const half = all.length / 2;
    expect(all.slice(0, half)).not.toEqual(all.slice(half));
  });

  test('has noise on weights in them, also in those that derive', () => {
    const noise = defineRegularizer({
      name: 'noise',
      weights: (weights, step) => ({
        'hidden/kernel': maskedScale(weights['hidden/kernel']!, step.key('mask'), {probability: 0.5}),
      }),
    });
    const derived = defineRegularizer({
      name: 'derived',
      setup: () => ({derived: [{name: 'out/kernel', from: ['hidden/kernel']}]}),
      derive: (weights) => ({'out/kernel': tf.transpose(weights['hidden/kernel']!)}),
    });
    // Of the unit vectors the model gives W·Wᵀ, the same W twice.
    const trainer = trainerOf([noise, derived, monteCarlo({passes: 6})]);
    const products = each(trainer, tf.eye(2));
    const masked = (mask: number): number[] => {
      const w = kernels.hidden.map((row, i) =>
        row.map((value, j) => ((mask >> (4 * i + j)) & 1 ? 2 * value : 0)),
      );
      return w.flatMap((a) =>
        w.map((b, k) => a.reduce((sum, v, j) => sum + v * b[j]!, 0) + [0.125, -0.25][k]!),
      );
    };
    const possible = Array.from({length: 256}, (_, mask) => masked(mask));
    for (const product of tf.unstack(products)) {
      const values = valuesOf(product);
      const found = possible.some((one) => one.every((value, i) => Math.abs(value - values[i]!) < 1e-4));
      expect(found, String(values)).toBe(true);
    }
    expect(new Set(tf.unstack(products).map((one) => String(valuesOf(one)))).size).toBeGreaterThan(1);
  });

  test('makes them on what members have not seen, too', async () => {
    const lossOf = async (plugins: readonly Regularizer[]): Promise<number> => {
      const trainer = trainerOf([drop(0.5), bagging({members: 3}), ...plugins], {initialWeights: 'seed'});
      const given = {x: tf.tile(data().x, [4, 1]), y: tf.tile(data().y, [4, 1])};
      await trainer.fit(given, {epochs: 1});
      const {report} = await trainer.outOfBag(given);
      expect((await trainer.outOfBag(given)).report).toEqual(report);
      return report.loss;
    };
    expect(await lossOf([monteCarlo({passes: 3})])).not.toBe(await lossOf([]));
  });

  test('has the states of the plugins in them', async () => {
    const grown = defineRegularizer<'grown', undefined, {readonly factor: tf.Tensor}>({
      name: 'grown',
      setup: () => ({state: {factor: tf.scalar(1)}, at: ['hidden']}),
      activation: (value, _, {state}) => tf.mul(value, state.factor),
      track: ({factor}) => ({factor: tf.add(factor, 1)}),
    });
    const model = network();
    const trainer = trainerOf([grown, monteCarlo({passes: 2})], {model, optimizer: sgd({learningRate: 0})});
    await trainer.fit(data(), {epochs: 1, batchSize: 1});
    const bias = tf.tensor1d([0.125, -0.25]);
    const still = tf.sub(model.predict(data().x) as tf.Tensor, bias);
    // Three steps later the factor is 4.
    expectClose(trainer.predict(data().x) as tf.Tensor, tf.add(tf.mul(still, 4), bias));
  });

  test('says so', () => {
    const trainer = trainerOf([drop(0.5), monteCarlo()]);
    expect(trainer.explanation().passes).toBe(30);
    expect(trainer.explain()).toContain('evaluates and predicts with 30 passes');
    const idle = trainerOf([drop(0.5), monteCarlo({passes: 1})]);
    expect(idle.explanation()).toMatchObject({passes: 1, idle: ['monteCarlo']});
  });

  test('has one plugin that asks for them', () => {
    const two = [monteCarlo(), monteCarlo({name: 'again'})];
    expect(() => trainerOf(two)).toThrow('monteCarlo and again both decide on the passes to predict with');
    expect(() => monteCarlo({passes: 0})).toThrow(/passes/);
  });

  test('leaves no tensors behind', () => {
    const trainer = trainerOf([drop(0.5), monteCarlo({passes: 3})]);
    const {x} = data();
    const before = tf.memory().numTensors;
    tf.dispose([trainer.predict(x) as tf.Tensor, each(trainer, x)]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
