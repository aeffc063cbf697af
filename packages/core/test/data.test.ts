// Data that does not fit is refused before anything is trained, with what was expected.
import {type ArrayData, type LossName, sgd} from '@regularizers/core';
import {orRefused} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {input, layers, model, type SymbolicTensor, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {classNumbers, oneHot, waves} from './support/data.ts';
import {mlp, numbersOf, twoHeaded, withKnownWeights} from './support/models.ts';
import {classData, errorOf, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

const heads = ['categoricalCrossentropy', 'meanSquaredError'] as const;

const wrong: Readonly<Record<string, [() => ArrayData, RegExp, LossName?]>> = {
  'inputs of another width': [
    () => ({x: waves([10, 5]), y: oneHot(10, 3)}),
    /x has shape \[10, 5\], but \[10, 4\] is expected/,
  ],
  'inputs of another rank': [() => ({x: waves([10, 2, 2]), y: oneHot(10, 3)}), /x has shape \[10, 2, 2\]/],
  'fewer targets than inputs': [
    () => ({x: waves([10, 4]), y: oneHot(9, 3)}),
    /y has shape \[9, 3\], but \[10, 3\] is expected/,
  ],
  'no examples': [() => ({x: tf.zeros([0, 4]), y: tf.zeros([0, 3])}), /x holds no examples/],
  'class numbers for the loss of one-hot targets': [
    () => ({x: waves([10, 4]), y: classNumbers(10, 3)}),
    /For class numbers use the loss 'sparseCategoricalCrossentropy'/,
  ],
  'one-hot targets for the loss of class numbers': [
    () => classData(),
    /For one-hot targets use the loss 'categoricalCrossentropy'/,
    'sparseCategoricalCrossentropy',
  ],
  'a class that the model has not': [
    () => ({x: waves([2, 4]), y: tf.tensor1d([0, 3], 'int32')}),
    /the target of output is 3 at example 1, but the model has classes 0 to 2/,
    'sparseCategoricalCrossentropy',
  ],
  'a negative class': [
    () => ({x: waves([2, 4]), y: tf.tensor1d([-1, 2], 'int32')}),
    /the target of output is -1 at example 0/,
    'sparseCategoricalCrossentropy',
  ],
  'weights of other examples': [
    () => ({...classData(), sampleWeight: tf.ones([9]) as tf.Tensor1D}),
    /sampleWeight has shape \[9\], but \[10\] is expected/,
  ],
  'two tensors for one input': [
    () => ({x: [waves([10, 4]), waves([10, 4])], y: oneHot(10, 3)}),
    /x holds 2 tensors, but the model has 1/,
  ],
  'a name that is no input': [
    () => ({x: {image: waves([10, 4])}, y: oneHot(10, 3)}),
    /unknown key image in x/,
  ],
  'something else than tensors': [() => ({x: 'x' as never, y: oneHot(10, 3)}), /x must be a tensor/],
};

for (const [what, [make, message, loss]] of Object.entries(wrong)) {
  test(`${what}: refused by fit and by evaluate, and nothing is trained`, async () => {
    const made = withKnownWeights(mlp());
    const trainer = trainerOf([], {model: made, ...(loss ? {loss} : {})});
    const before = numbersOf(made);
    for (const call of [() => trainer.fit(make()), () => trainer.evaluate(make())]) {
      const error = await errorOf(call);
      expect(error).toMatchObject({name: 'RegularizerError', message: expect.stringMatching(message)});
      expect(error).toMatchObject({
        code: expect.stringMatching(/^data-(shape|range|type)$|^unknown-option$/),
      });
    }
    expect(numbersOf(made)).toEqual(before);
    // A refused fit is over: the next one runs.
    const good = loss ? {x: waves([4, 4]), y: classNumbers(4, 3)} : classData();
    await trainer.fit(good);
  });
}

test('validation data is checked as well, in its own name', async () => {
  const error = await errorOf(() =>
    trainerOf().fit(classData(), {validation: {x: waves([3, 5]), y: oneHot(3, 3)}}),
  );
  expect(error).toMatchObject({where: 'validation', code: 'data-shape'});
});

test('inputs of predict are checked', async () => {
  expect(await errorOf(() => trainerOf().predict(waves([3, 5])))).toMatchObject({
    where: 'predict',
    code: 'data-shape',
  });
});

for (const [option, value] of Object.entries({
  epochs: 0,
  batchSize: 1.5,
  accumulate: 0,
  stepsPerEpoch: -1,
  evaluationBatchSize: 0,
})) {
  test(`fit refuses ${option}: ${value}`, async () => {
    expect(await errorOf(() => trainerOf().fit(classData(), {[option]: value}))).toMatchObject({
      where: 'fit',
      code: 'out-of-range',
      message: expect.stringContaining(option),
    });
  });
}

test('fit refuses options that it does not know', async () => {
  expect(await errorOf(() => trainerOf().fit(classData(), {callbacks: []} as never))).toMatchObject({
    code: 'unknown-option',
  });
});

test('lists and names of tensors are the same data', async () => {
  const trainer = trainerOf([], {model: withKnownWeights(twoHeaded()), loss: heads, optimizer: sgd()});
  const [x, digit, size] = [waves([6, 4]), oneHot(6, 3), waves([6, 1])];
  const report = await trainer.evaluate({x, y: [digit, size]});
  expect(await trainer.evaluate({x: [x], y: {size, digit}})).toEqual(report);
  expect(await trainer.evaluate({x: {x}, y: [digit, size]})).toEqual(report);
  const [first, second] = trainer.predict({x}) as readonly tf.Tensor[];
  expect([first?.shape, second?.shape]).toEqual([
    [6, 3],
    [6, 1],
  ]);
});

test('several inputs', async () => {
  const [a, b] = [input({shape: [2], name: 'a'}), input({shape: [3], name: 'b'})];
  const joined = layers.concatenate().apply([a, b]);
  const y = layers.dense({units: 1, name: 'output'}).apply(joined) as SymbolicTensor;
  const made = withKnownWeights(model({inputs: [a, b], outputs: y}));
  const data = {a: waves([5, 2]), b: waves([5, 3], 0.8)};
  const trainer = trainerOf([], {model: made, loss: 'meanSquaredError'});
  const theirs = made.predict([data.a, data.b]) as tf.Tensor;
  expectClose((trainer.predict(data) as tf.Tensor).dataSync(), theirs.dataSync(), 'same');
  const {history} = await trainer.fit({x: data, y: waves([5, 1])}, {epochs: 3, batchSize: 2});
  expect(history[2]!.train.loss).toBeLessThan(history[0]!.train.loss);
});

test(
  'integer inputs, as embeddings have them, stay integers',
  orRefused(['UnsortedSegmentSum'], async () => {
    const made = withKnownWeights(
      sequential({
        layers: [
          layers.embedding({inputDim: 6, outputDim: 2, inputLength: 3, name: 'e'}),
          layers.flatten({}),
          layers.dense({units: 3, activation: 'softmax', name: 'output'}),
        ],
      }),
    );
    const x = tf.tensor2d(
      [
        [0, 1, 2],
        [3, 4, 5],
        [5, 0, 5],
        [1, 1, 1],
      ],
      [4, 3],
      'int32',
    );
    const trainer = trainerOf([], {model: made});
    const theirs = made.predict(x) as tf.Tensor;
    expectClose((trainer.predict(x) as tf.Tensor).dataSync(), theirs.dataSync(), 'same');
    const {history} = await trainer.fit({x, y: oneHot(4, 3)}, {epochs: 4, batchSize: 3});
    expect(history[3]!.train.loss).toBeLessThan(history[0]!.train.loss);
  }),
);

test('evaluate and predict do not depend on the size of batches', async () => {
  const trainer = trainerOf([], {metrics: ['accuracy']});
  const data = {...classData(11), sampleWeight: tf.tensor1d(Array.from({length: 11}, (_, i) => i / 5))};
  const whole = await trainer.evaluate(data);
  const output = (trainer.predict(data.x) as tf.Tensor).dataSync();
  for (const batchSize of [1, 4, 11, 100]) {
    const report = await trainer.evaluate(data, {batchSize});
    expectClose(Object.values(report), Object.values(whole), 'step');
    expectClose((trainer.predict(data.x, {batchSize}) as tf.Tensor).dataSync(), output, 'same');
  }
  expect(await errorOf(() => trainer.evaluate(data, {batchSize: 0}))).toMatchObject({code: 'out-of-range'});
  expect(await errorOf(() => trainer.predict(data.x, {batchSize: 0.5}))).toMatchObject({
    code: 'out-of-range',
  });
});

test('sequences of class numbers: a loss per position, the mean over them', async () => {
  const make = () =>
    withKnownWeights(
      sequential({
        layers: [
          layers.timeDistributed({
            layer: layers.dense({units: 3, activation: 'softmax'}),
            inputShape: [4, 2],
            name: 'each',
          }),
        ],
      }),
    );
  const x = waves([5, 4, 2]);
  const y = tf.reshape(classNumbers(20, 3), [5, 4]);
  const trainer = trainerOf([], {
    model: make(),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  const report = await trainer.evaluate({x, y});
  const p = (make().predict(x) as tf.Tensor).dataSync();
  const classes = y.dataSync();
  let sum = 0;
  for (const [i, c] of classes.entries()) sum -= Math.log(p[3 * i + c]!);
  expectClose([report.loss], [sum / 20], 'step');
  await trainer.fit({x, y});
});

test('what Keras and TensorFlow.js take is answered with the line to write', async () => {
  const {x, y} = classData();
  const cases: [call: (trainer: ReturnType<typeof trainerOf>) => unknown, hint: string][] = [
    [(trainer) => trainer.fit(x as never), 'Write trainer.fit({x, y}, {epochs: 10}).'],
    [(trainer) => trainer.fit([x, y] as never), 'Write trainer.fit({x, y}, {epochs: 10}).'],
    [(trainer) => trainer.fit(x as never, y as never), 'Write trainer.fit({x, y}, {epochs: 10}).'],
    [
      (trainer) => trainer.fit(x.dataSync() as never, y.dataSync() as never),
      'Write trainer.fit({x, y}, {epochs: 10}).',
    ],
    [(trainer) => trainer.evaluate(x as never), 'Write trainer.evaluate({x, y}).'],
    [(trainer) => trainer.evaluate(x as never, y as never), 'Write trainer.evaluate({x, y}).'],
    [
      (trainer) => trainer.evaluate(x.dataSync() as never, y.dataSync() as never),
      'Write trainer.evaluate({x, y}).',
    ],
    [
      (trainer) => trainer.fit({x, y}, {validation: [x, y] as never}),
      'Write trainer.fit({x, y}, {validation: {x, y}}).',
    ],
  ];
  for (const [call, hint] of cases) {
    const trainer = trainerOf([], {model: mlp()});
    const error = await errorOf(async () => call(trainer));
    expect(error).toMatchObject({hint});
  }
});
