// Targets are a weighted list: the data loss is Σ weightₖ · loss(targetₖ), whatever the loss and the weights.
import {
  type Batch,
  defineRegularizer,
  type Loss,
  type LossName,
  type Regularizer,
  sgd,
  type WeightedTarget,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {waves} from './support/data.ts';
import {mlp, numbersOf, withKnownWeights} from './support/models.ts';
import {classData, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

/** Puts other targets in place of those of the first output. */
function retarget(
  change: (list: readonly WeightedTarget[]) => readonly WeightedTarget[],
  name = 'retarget',
): Regularizer {
  return defineRegularizer({
    name,
    batch: (batch: Batch) => ({...batch, targets: batch.targets.map(change)}),
  });
}

/** One step's loss, and the weights after it. */
async function step(
  loss: LossName | Loss,
  plugins: readonly Regularizer[],
  metrics: readonly 'accuracy'[] = [],
) {
  const model: LayersModel = withKnownWeights(mlp());
  const optimizer = sgd({learningRate: 0.1});
  const trainer = trainerOf(plugins, {model, loss, optimizer, metrics});
  const {history} = await trainer.fit(classData(), {batchSize: 10, shuffle: false});
  return {loss: history[0]!.train.loss, accuracy: history[0]!.train['accuracy'], weights: numbersOf(model)};
}

const reversed = (target: tf.Tensor): tf.Tensor => tf.reverse(target, 0);
const shares = (): tf.Tensor => tf.abs(waves([10]));
/** Affine, not homogeneous: loss(0) is not 0, so that what the weights sum to matters. */
const affine: Loss = {
  name: 'affine',
  kind: 'classes',
  outputs: 'values',
  linear: true,
  perExample: (t, y) => tf.sum(tf.add(tf.mul(t, y), tf.square(y)), -1) as tf.Tensor1D,
};

const losses: readonly (LossName | Loss)[] = [
  'categoricalCrossentropy',
  'binaryCrossentropy',
  'meanSquaredError',
  'meanAbsoluteError',
  affine,
];

const lists: Readonly<Record<string, (target: tf.Tensor) => readonly WeightedTarget[]>> = {
  'numbers that sum to one': (target) => [
    {target, weight: 0.3},
    {target: reversed(target), weight: 0.7},
  ],
  'numbers that sum to something else': (target) => [
    {target, weight: 1},
    {target: reversed(target), weight: 0.5},
    {target, weight: 0},
  ],
  'a weight per example': (target) => [
    {target, weight: shares()},
    {target: reversed(target), weight: tf.sub(1, shares())},
  ],
  'weights that sum to zero for some': (target) => [
    {target, weight: tf.tensor1d([0, 1, 0, 1, 0, 1, 0, 1, 0, 1])},
    {target: reversed(target), weight: tf.tensor1d([0, 1, 0, 0, 0, 0, 0, 1, 0, 1])},
  ],
  'a scalar on the device': (target) => [
    {target, weight: tf.scalar(0.25)},
    {target: reversed(target), weight: 0.75},
  ],
};

for (const loss of losses) {
  const name = typeof loss === 'string' ? loss : loss.name;
  for (const [what, list] of Object.entries(lists)) {
    test(`${name} of ${what}`, async () => {
      const mixed = await step(loss, [retarget(([first]) => list(first!.target))]);
      // One entry at a time: losses and gradients add up.
      const entries = list(classData().y).length;
      const before = numbersOf(withKnownWeights(mlp()));
      let sum = 0;
      const moves = before.map(() => 0);
      for (let k = 0; k < entries; k++) {
        const one = await step(loss, [retarget(([first]) => [list(first!.target)[k]!])]);
        sum += one.loss;
        for (const [i, value] of one.weights.entries()) moves[i]! += value - before[i]!;
      }
      expectClose([mixed.loss], [sum], 'step');
      expectClose(
        mixed.weights,
        before.map((value, i) => value + moves[i]!),
        'step',
      );
    });
  }
}

test('two plugins that change the list commute where their changes do', async () => {
  const mix = retarget(
    (list) =>
      list.flatMap(({target}) => [
        {target, weight: 0.6},
        {target: reversed(target), weight: 0.4},
      ]),
    'mix',
  );
  const smooth = retarget(
    (list) =>
      list.map(({target, weight}) => ({
        target: tf.add(tf.mul(target, 0.9), 0.1 / 3),
        weight,
      })),
    'smooth',
  );
  const one = await step('meanSquaredError', [mix, smooth]);
  const other = await step('meanSquaredError', [smooth, mix]);
  expectClose(one.weights, other.weights, 'same');
});

test('metrics see the mean of the targets, whatever they weigh', async () => {
  const plain = await step('categoricalCrossentropy', [], ['accuracy']);
  const scaled = await step(
    'categoricalCrossentropy',
    [
      retarget((list) =>
        list.flatMap(({target}) => [
          {target, weight: 0.1},
          {target, weight: shares()},
        ]),
      ),
    ],
    ['accuracy'],
  );
  expect(scaled.accuracy).toBeCloseTo(plain.accuracy!, 5);
});

test('the targets hook sees the outputs, and what it returns is what the loss sees', async () => {
  const shapes: number[][] = [];
  const toOutputs = defineRegularizer({
    name: 'to-outputs',
    targets: (targets, outputs) => {
      shapes.push(...outputs.map(({shape}) => shape));
      return targets.map((_, i) => [{target: outputs[i]!, weight: 1}]);
    },
  });
  // (t − y)² with t = y is zero, and so is its gradient.
  const {loss, weights} = await step('meanSquaredError', [toOutputs]);
  expect(loss).toBe(0);
  expect(weights).toEqual(numbersOf(withKnownWeights(mlp())));
  expect(shapes[0]).toEqual([10, 3]);
});
