import {
  categoricalCrossentropy,
  createTrainer,
  type EpochReport,
  type Regularizer,
  RegularizerError,
  sgd,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {describe, expect, it} from 'vitest';
import {
  bagging,
  deepEnsemble,
  ema,
  ensembleReport,
  meanLogitsOutput,
  meanOutput,
  snapshots,
  swa,
} from '../src/index.ts';
import {expectClose, filled} from './helpers.ts';

const {layers} = tfl;

function regression(): tfl.LayersModel {
  const model = tfl.sequential({
    layers: [
      layers.dense({name: 'hidden', units: 5, activation: 'tanh', inputShape: [3]}),
      layers.dense({name: 'out', units: 2}),
    ],
  });
  model.setWeights(model.getWeights().map((weight, i) => filled(weight.shape, 1 + 20 * i)));
  return model;
}

function normalized(): tfl.LayersModel {
  return tfl.sequential({
    layers: [
      layers.dense({units: 4, inputShape: [3]}),
      layers.batchNormalization({name: 'norm'}),
      layers.dense({units: 3, activation: 'softmax'}),
    ],
  });
}

const examples = 12;
const data = () => ({x: filled([examples, 3], 5), y: filled([examples, 2], 90)});
const classes = () => ({
  x: filled([examples, 3], 5),
  y: tf.tensor2d(Array.from({length: examples}, (_, i) => [0, 1, 2].map((c) => Number(i % 3 === c)))),
});

function trainerOf<const P extends readonly Regularizer[]>(model: tfl.LayersModel, regularizers: P) {
  return createTrainer({
    model,
    loss: 'meanSquaredError',
    optimizer: sgd({learningRate: 0.1}),
    regularizers,
    seed: 7,
  });
}

/** The weights after each epoch of plain training, in float32 as the backend computes them. */
async function trajectory(epochs: number, batchSize: number): Promise<number[][][]> {
  const model = regression();
  const all: number[][][] = [];
  const trainer = trainerOf(model, []);
  for (let epoch = 1; epoch <= epochs; epoch++) {
    await trainer.fit(data(), {epochs: epoch, batchSize});
    all.push(model.getWeights().map((weight) => Array.from(weight.dataSync())));
  }
  trainer.dispose();
  return all;
}

function expectWeights(model: tfl.LayersModel, expected: readonly (readonly number[])[]): void {
  model.getWeights().forEach((weight, i) => {
    expectClose(weight, expected[i]!);
  });
}

const meanOf = (sets: readonly (readonly number[][])[]): number[][] =>
  sets[0]!.map((values, i) =>
    values.map((_, j) => sets.reduce((sum, set) => sum + set[i]![j]!, 0) / sets.length),
  );

describe('swa', () => {
  it('leaves the mean of the last epochs in the model', async () => {
    const epochs = await trajectory(4, 4);
    const model = regression();
    const trainer = trainerOf(model, [swa({start: 0.5})]);
    const {history} = await trainer.fit(data(), {epochs: 4, batchSize: 4, validation: data()});
    const mean = meanOf(epochs.slice(1));
    expectWeights(model, mean);
    // Evaluated with the weights as they are, up to the epoch at which averaging starts.
    const {x, y} = data();
    const plain = regression();
    plain.setWeights(plain.getWeights().map((weight, i) => tf.tensor(epochs[0]![i]!, weight.shape)));
    const loss = tf.mean(tf.squaredDifference(plain.predict(x) as tf.Tensor, y));
    expectClose([history[0]!.validation!.loss], loss);
    trainer.dispose();
  });

  it('recomputes the statistics of batch normalization', async () => {
    const model = normalized();
    const trainer = createTrainer({
      model,
      loss: 'categoricalCrossentropy',
      optimizer: sgd({learningRate: 0.1}),
      regularizers: [swa({start: 0})],
    });
    const {x, y} = classes();
    await trainer.fit({x, y}, {epochs: 3, batchSize: examples});
    trainer.dispose();
    const first = model.layers[0]!.apply(x) as tf.Tensor;
    const [, , mean, variance] = model.getLayer('norm').getWeights();
    // One batch of all examples: its own mean and variance.
    const moments = tf.moments(first, 0);
    expectClose(mean!, moments.mean);
    expectClose(variance!, moments.variance);
  });
});

describe('ema', () => {
  it('leaves the average over steps in the model, and trains on unharmed', async () => {
    const model = regression();
    const trainer = trainerOf(model, [ema({decay: 0.5})]);
    // One batch is an epoch: a step each.
    const steps = await trajectory(3, examples);
    await trainer.fit(data(), {epochs: 3, batchSize: examples});
    trainer.dispose();
    // (1·w₁ + 2·w₂ + 4·w₃)/7
    const average = steps[0]!.map((values, i) =>
      values.map((_, j) => (steps[0]![i]![j]! + 2 * steps[1]![i]![j]! + 4 * steps[2]![i]![j]!) / 7),
    );
    expectWeights(model, average);
  });
});

describe('snapshots', () => {
  it('predict with the mean of the cycles, as one model', async () => {
    const model = regression();
    const trainer = trainerOf(model, [snapshots({cycles: 2})]);
    const result = await trainer.fit(data(), {epochs: 4, batchSize: 4});
    const members = await trainer.members();
    expect(members.length).toBe(2);
    const {x} = data();
    const outputs = members.map((member) => member.predict(x) as tf.Tensor);
    expect(tf.max(tf.abs(tf.sub(outputs[0]!, outputs[1]!))).dataSync()[0]).toBeGreaterThan(1e-3);
    expectClose(trainer.predict(x) as tf.Tensor, meanOutput(outputs));
    expectClose((result.model as tfl.LayersModel).predict(x) as tf.Tensor, meanOutput(outputs));
    trainer.dispose();
  });

  it('say so where they do not fit', async () => {
    const trainer = trainerOf(regression(), [snapshots({cycles: 5})]);
    await expect(trainer.fit(data(), {epochs: 2})).rejects.toSatisfy(RegularizerError.isInstance);
    trainer.dispose();
  });
});

describe.each([
  ['bagging', () => bagging({members: 3, combine: 'logits'})],
  ['deepEnsemble', () => deepEnsemble({members: 3, combine: 'logits'})],
] as const)('%s', (_, create) => {
  it('trains members that differ, and combines them', async () => {
    const trainer = createTrainer({
      model: normalized(),
      loss: 'categoricalCrossentropy',
      optimizer: sgd({learningRate: 0.1}),
      regularizers: [create()],
      seed: 7,
    });
    const {x, y} = classes();
    const {history, model} = await trainer.fit({x, y}, {epochs: 2, batchSize: 4});
    expect(history.map(({member, epoch}: EpochReport) => [member, epoch])).toEqual([
      [0, 1],
      [0, 2],
      [1, 1],
      [1, 2],
      [2, 1],
      [2, 2],
    ]);
    const members = (await trainer.members()).map((member) => member.predict(x) as tf.Tensor);
    expect(members.length).toBe(3);
    const combined = meanLogitsOutput(members, categoricalCrossentropy());
    expectClose(trainer.predict(x) as tf.Tensor, combined);
    expectClose((model as tfl.LayersModel).predict(x) as tf.Tensor, combined);
    const report = await ensembleReport({
      members,
      targets: y,
      combine: 'logits',
      loss: 'categoricalCrossentropy',
    });
    expect(new Set(report.members).size).toBe(3);
    expect(report.spread).toBeGreaterThan(0);
    expect(report.ensemble).toBeLessThan(report.mean);
    trainer.dispose();
  });
});
