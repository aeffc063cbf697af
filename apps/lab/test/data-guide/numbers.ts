import type {Arrays, LossName} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';
import {type Row, trained} from './row.ts';
import {classes, classifier, examples, features, oneHot} from './small.ts';

const answers = classes.map((n) => n % 2);
const rows = (): number[][] => features().arraySync() as number[][];
const flat = (): Float32Array => Float32Array.from(features().dataSync());

const one = (activation: 'linear' | 'sigmoid'): LayersModel =>
  sequential({layers: [layers.dense({units: 1, activation, inputShape: [4], name: 'output'})]});

/** Trains the classifier. */
const inputs =
  (x: () => Arrays, loss: LossName = 'sparseCategoricalCrossentropy', y?: () => Arrays) =>
  () =>
    trained({model: classifier(), loss}, {x: x(), y: y ? y() : (classes as number[])});

/** Trains a model of one output. */
const target =
  (y: () => Arrays, loss: LossName = 'binaryCrossentropy') =>
  () =>
    trained(
      {model: one(loss === 'binaryCrossentropy' ? 'sigmoid' : 'linear'), loss},
      {x: features(), y: y()},
    );

const tensor = {form: 'a tensor', run: inputs(features)};
const column = {form: 'floats `[examples, 1]`', run: target(() => tf.tensor2d(answers, [examples, 1]))};

export const numbers: readonly Row[] = [
  {what: '`x` as lists of numbers', run: inputs(rows), sameAs: tensor},
  {what: '`x` as a typed array', run: inputs(flat), sameAs: tensor},
  {
    what: '`x` as `{values, shape}`',
    run: inputs(() => ({values: flat(), shape: [examples, 4]})),
    sameAs: tensor,
  },
  {
    what: '`y` as a list of class numbers',
    run: inputs(features),
    sameAs: {
      form: 'a tensor of `int32`',
      run: inputs(features, 'sparseCategoricalCrossentropy', () => tf.tensor1d([...classes], 'int32')),
    },
  },
  {what: '`y` of `int32`', run: target(() => tf.tensor2d(answers, [examples, 1], 'int32')), sameAs: column},
  {what: '`y` of `bool`', run: target(() => tf.tensor2d(answers, [examples, 1], 'bool')), sameAs: column},
  {
    what: '`y` `[examples]` for an output `[examples, 1]`',
    run: target(() => tf.tensor1d(answers)),
    sameAs: column,
  },
  {
    what: '`y` `[examples]` of class numbers, and `categoricalCrossentropy`',
    run: inputs(features, 'categoricalCrossentropy', () => [...classes]),
    code: 'data-shape',
    advice: "For class numbers use the loss 'sparseCategoricalCrossentropy', or make them one-hot.",
  },
  {
    what: '`y` of rows with a 1, and `categoricalCrossentropy`',
    run: inputs(features, 'categoricalCrossentropy', oneHot),
  },
  {
    what: 'lists of different length',
    run: inputs(() => [...rows().slice(1), [1, 2, 3]]),
    code: 'data-shape',
    advice: 'x[11] has 3 entries, but x[0] has 4',
  },
  {
    what: '`y` outside of [0, 1], and `binaryCrossentropy`',
    run: target(() => answers.map((n) => 2 * n)),
    code: 'data-range',
    advice: 'Divide by their largest value, or take a loss of real values such as meanSquaredError.',
  },
  {
    what: 'a class number that the model does not have',
    run: inputs(features, 'sparseCategoricalCrossentropy', () => classes.map((n) => n + 1)),
    code: 'data-range',
    advice: 'the model has classes 0 to 2',
  },
  {
    what: 'NaN among the inputs',
    run: inputs(() => [...rows().slice(1), [1, 2, 3, Number.NaN]]),
    code: 'not-finite',
    advice: 'inputs that are not finite or not scaled are the other usual cause',
  },
];
