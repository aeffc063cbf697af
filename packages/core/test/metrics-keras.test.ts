// Metrics over several batches against Keras's, with weights of examples, ties, and in training as in evaluation.
import {
  auc,
  type Losses,
  type Metric,
  type MetricName,
  type PureModel,
  precision,
  recall,
  sgd,
  topKAccuracy,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {binary, categorical} from './reference/keras.ts';
import {twoHeaded, withKnownWeights} from './support/models.ts';
import {errorOf, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

/** A model whose outputs are its inputs. */
const identity = (width: number): PureModel => ({
  weights: {'output/weight': tf.scalar(1)},
  inputShapes: [[width]],
  apply: (weights, [x]) => tf.mul(x!, weights['output/weight']!),
});

const weightedName = (name: string): string => `weighted${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** The values of metrics, evaluated and in training at a rate of 0, in batches that are not alike. */
async function valuesOf(
  loss: Losses,
  metrics: readonly (MetricName | Metric)[],
  data: {x: tf.Tensor; y: tf.Tensor; sampleWeight: tf.Tensor1D},
): Promise<Readonly<Record<'evaluated' | 'trained', Readonly<Record<string, number>>>>> {
  const model = identity(data.x.shape[1]!);
  const optimizer = sgd({learningRate: 0});
  const trainer = trainerOf([], {model, loss, metrics, weightedMetrics: metrics, optimizer});
  const evaluated = await trainer.evaluate(data, {batchSize: 5});
  const {history} = await trainer.fit(data, {batchSize: 3, accumulate: 2});
  return {evaluated, trained: history[0]!.train};
}

test('metrics of independent answers', async () => {
  const own = [
    'accuracy',
    'precision',
    'recall',
    precision({threshold: 0.3, as: 'precisionAt30'}),
    recall({threshold: 0.3, as: 'recallAt30'}),
    'auc',
    auc({thresholds: 20, as: 'auc of 20'}),
    'binaryCrossentropy',
    'meanSquaredError',
    'hinge',
    'squaredHinge',
  ] as const;
  const data = {
    x: tf.tensor2d([...binary.output], [14, 1]),
    y: tf.tensor2d([...binary.target], [14, 1]),
    sampleWeight: tf.tensor1d([...binary.weights]),
  };
  const {evaluated, trained} = await valuesOf('binaryCrossentropy', own, data);
  for (const report of [evaluated, trained]) {
    for (const [name, {plain, weighted}] of Object.entries(binary.metrics)) {
      expectClose([report[name]!, report[weightedName(name)]!], [plain, weighted], 'trajectory');
    }
    // No two answers that are not equal lie between the same thresholds: the area is scikit-learn's exact one.
    const {plain, weighted} = binary.rocAuc;
    expectClose([report['auc']!, report['weightedAuc']!], [plain, weighted], 'step');
  }
});

test('metrics of classes', async () => {
  const own = [
    'accuracy',
    topKAccuracy({k: 1}),
    topKAccuracy({k: 2}),
    topKAccuracy({k: 3}),
    'precision',
    'recall',
    precision({class: 1, as: 'precisionOf1'}),
    recall({class: 3, threshold: 0.2, as: 'recallOf3'}),
    'auc',
    'categoricalCrossentropy',
    'kullbackLeiblerDivergence',
    'meanSquaredError',
    'meanAbsoluteError',
    'logcosh',
    'poisson',
    'categoricalHinge',
    'meanSquaredLogarithmicError',
  ] as const;
  const data = {
    x: tf.tensor2d(categorical.output.map((row) => [...row])),
    y: tf.tensor1d([...categorical.target], 'int32'),
    sampleWeight: tf.tensor1d([...categorical.weights]),
  };
  const {evaluated, trained} = await valuesOf('sparseCategoricalCrossentropy', own, data);
  for (const report of [evaluated, trained]) {
    for (const [name, {plain, weighted}] of Object.entries(categorical.metrics)) {
      expectClose([report[name]!, report[weightedName(name)]!], [plain, weighted], 'trajectory');
    }
  }
});

test('where there is nothing to divide by, a metric is 0', async () => {
  const data = {
    x: tf.tensor2d([0.1, 0.2], [2, 1]),
    y: tf.tensor2d([0, 0], [2, 1]),
    sampleWeight: tf.tensor1d([0, 0]),
  };
  const {evaluated} = await valuesOf('binaryCrossentropy', ['precision', 'recall', 'auc', 'accuracy'], data);
  expect(evaluated).toEqual({
    loss: 0,
    precision: 0,
    recall: 0,
    auc: 0,
    accuracy: 1,
    weightedPrecision: 0,
    weightedRecall: 0,
    weightedAuc: 0,
    weightedAccuracy: 0,
  });
});

const data = () => ({
  x: tf.ones([6, 4]),
  y: {digit: tf.oneHot([0, 1, 2, 0, 1, 2], 3), size: tf.ones([6, 1])},
});

test('losses, their weights and metrics by the names of outputs are those in order; each has a loss of its own', async () => {
  const model = () => withKnownWeights(twoHeaded());
  const inOrder = trainerOf([], {
    model: model(),
    loss: ['categoricalCrossentropy', 'huber'],
    lossWeights: [0.5, 3],
    metrics: ['accuracy', 'meanAbsoluteError'],
  });
  const byName = trainerOf([], {
    model: model(),
    loss: {size: 'huber', digit: 'categoricalCrossentropy'},
    lossWeights: {size: 3, digit: 0.5},
    metrics: {digit: ['accuracy', 'meanAbsoluteError'], size: 'meanAbsoluteError'},
  });
  const options = {epochs: 2, batchSize: 4, validation: data()};
  const [first, second] = [await inOrder.fit(data(), options), await byName.fit(data(), options)];
  for (const [i, {train, validation}] of first.history.entries()) {
    expect(second.history[i]).toMatchObject({train, validation});
    for (const report of [train, validation!]) {
      expectClose([report.loss], [0.5 * report['digit/loss']! + 3 * report['size/loss']!], 'step');
    }
  }
  expect(Object.keys(first.history[0]!.validation!)).toEqual([
    'loss',
    'digit/loss',
    'size/loss',
    'digit/accuracy',
    'digit/meanAbsoluteError',
    'size/meanAbsoluteError',
  ]);
});

test('what is given for an output that there is not, or for too few, is refused', async () => {
  const model = withKnownWeights(twoHeaded());
  const loss = {digit: 'categoricalCrossentropy', size: 'huber'} as const;
  const cases = {
    'loss-count': [
      {loss: {digit: 'categoricalCrossentropy'}},
      {loss: {...loss, colour: 'huber'}},
      {loss, lossWeights: {colour: 1}},
      {loss, metrics: {colour: ['accuracy']}},
    ],
    'metric-mismatch': [
      {loss, metrics: {size: ['accuracy']}},
      {loss: 'meanSquaredError', metrics: ['precision']},
      {loss: ['categoricalCrossentropy', 'huber'], metrics: [precision({class: 3})]},
      {loss: 'huber', metrics: ['top5Accuracy']},
    ],
    'metric-name': [{loss, metrics: [{name: 'loss', perExample: (_: tf.Tensor, y: tf.Tensor) => y}]}],
    'out-of-range': [{loss, lossWeights: {digit: -1}}],
    'bad-metric': [
      {loss, metrics: [{name: 'x', parts: 2, perExample: () => tf.zeros([1])}]},
      {loss, metrics: [{name: 'x', value: () => 1, perExample: () => tf.zeros([1])}]},
    ],
  } as const;
  for (const [code, all] of Object.entries(cases)) {
    for (const options of all) {
      expect(await errorOf(() => trainerOf([], {model, ...(options as object)}))).toMatchObject({code});
    }
  }
});

test("a metric of one's own may be a function of several means", async () => {
  const spread: Metric = {
    name: 'spread',
    parts: 2,
    perExample: (_, y) => tf.concat([y, tf.square(y)], 1),
    value: ([mean = 0, square = 0]) => Math.sqrt(square - mean ** 2),
  };
  const x = tf.tensor2d([1, 2, 3, 6], [4, 1]);
  const trainer = trainerOf([], {model: identity(1), loss: 'meanSquaredError', metrics: [spread]});
  const report = await trainer.evaluate({x, y: x}, {batchSize: 3});
  expectClose([report['spread']!], [Math.sqrt(50 / 4 - 9)], 'step');
});
