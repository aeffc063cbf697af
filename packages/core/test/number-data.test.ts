// Numbers that are no tensors yet, targets of every type, and targets with and without a last axis of 1.
import type {ArrayData, Arrays, LossName} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {classNumbers, oneHot, waves} from './support/data.ts';
import {mlp, numbersOf, twoHeaded, withKnownWeights} from './support/models.ts';
import {errorOf, timeless, trainerOf} from './support/trainers.ts';

const one = (activation: 'linear' | 'sigmoid'): LayersModel =>
  sequential({layers: [layers.dense({units: 1, activation, inputShape: [4], name: 'output'})]});

/** All that a trainer makes of data. */
async function madeOf(make: () => LayersModel, loss: LossName, {x, y}: ArrayData) {
  const model = withKnownWeights(make());
  const trainer = trainerOf([], {model, loss});
  const report = await trainer.evaluate({x, y});
  const predicted = Array.from((trainer.predict(x) as tf.Tensor).dataSync());
  const {history} = await trainer.fit({x, y}, {epochs: 2, batchSize: 4, validation: {x, y}});
  return {report, predicted, history: timeless(history), weights: numbersOf(model)};
}

const x = (): tf.Tensor => waves([10, 4]);
const answers = [0, 1, 1, 0, 1, 0, 0, 1, 1, 0];
const column = (): tf.Tensor => tf.tensor2d(answers, [10, 1]);

const sameTargets: readonly (readonly [LossName, 'linear' | 'sigmoid'])[] = [
  ['meanSquaredError', 'linear'],
  ['binaryCrossentropy', 'sigmoid'],
  ['hinge', 'linear'],
];

for (const [loss, activation] of sameTargets) {
  test(`${loss}: targets of one output, as a column or not, of every type and form`, async () => {
    const expected = await madeOf(() => one(activation), loss, {x: x(), y: column()});
    const forms: Readonly<Record<string, Arrays>> = {
      'a row': tf.tensor1d(answers),
      int32: tf.tensor1d(answers, 'int32'),
      'a boolean column': tf.cast(column(), 'bool'),
      'a list': answers,
      'a list of booleans': answers.map(Boolean),
      'lists of one': answers.map((answer) => [answer]),
      bytes: Uint8Array.from(answers),
      float64: Float64Array.from(answers),
    };
    for (const [what, y] of Object.entries(forms)) {
      expect([what, await madeOf(() => one(activation), loss, {x: x(), y})]).toEqual([what, expected]);
    }
  });
}

test('inputs as lists and typed arrays are those of a tensor, to fit, evaluate and predict', async () => {
  const y = oneHot(10, 3);
  const expected = await madeOf(mlp, 'categoricalCrossentropy', {x: x(), y});
  const values = Float32Array.from(x().dataSync());
  const rows = x().arraySync() as number[][];
  const forms: Readonly<Record<string, Arrays>> = {
    lists: rows,
    'typed rows': rows.map((row) => Float32Array.from(row)),
    'a typed array': values,
    'a typed array and its shape': {values, shape: [10, 4]},
    'a list in a row': [...values],
  };
  for (const [what, given] of Object.entries(forms)) {
    expect([what, await madeOf(mlp, 'categoricalCrossentropy', {x: given, y})]).toEqual([what, expected]);
  }
  const numbers = await madeOf(mlp, 'sparseCategoricalCrossentropy', {x: x(), y: classNumbers(10, 3)});
  const listed = Array.from(classNumbers(10, 3).dataSync());
  expect(await madeOf(mlp, 'sparseCategoricalCrossentropy', {x: rows, y: listed})).toEqual(numbers);
});

test('several outputs take lists of lists, in order and by name', async () => {
  const model = withKnownWeights(twoHeaded());
  const trainer = trainerOf([], {model, loss: ['categoricalCrossentropy', 'meanSquaredError']});
  const [digit, size] = [oneHot(6, 3), waves([6, 1])];
  const data = waves([6, 4]);
  const expected = await trainer.evaluate({x: data, y: [digit, size]});
  const [digits, sizes] = [digit.arraySync() as number[][], Array.from(size.dataSync())];
  expect(await trainer.evaluate({x: data, y: [digits, sizes]})).toEqual(expected);
  expect(await trainer.evaluate({x: data, y: {digit: digits, size: sizes}})).toEqual(expected);
});

test('numbers that make no examples are refused, with the entry that is wrong', async () => {
  const rows = x().arraySync() as number[][];
  const cases: readonly (readonly [Arrays, Arrays, string])[] = [
    [[...rows.slice(1), [1, 2, 3]], oneHot(10, 3), 'x[9] has 3 entries, but x[0] has 4'],
    [[...rows.slice(1), 4] as never, oneHot(10, 3), 'x[9] is no list, as x[0] is'],
    [[...rows.slice(1), [1, 2, 3, 'a']] as never, oneHot(10, 3), 'x[9][3] is no number'],
    [new Float32Array(7), oneHot(10, 3), 'x has 7 numbers, which are no whole number of examples [4]'],
    [rows, classNumbers(10, 3), 'y has shape [10], but [10, 3] is expected'],
    [rows, Array.from(classNumbers(10, 3).dataSync()), 'y has shape [10], but [10, 3] is expected'],
  ];
  for (const [given, y, message] of cases) {
    expect(await errorOf(() => trainerOf().fit({x: given, y}))).toMatchObject({
      code: expect.stringMatching(/^data-(shape|type)$/),
      problem: expect.stringContaining(message),
    });
  }
});
