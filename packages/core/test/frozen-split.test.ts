// Where a model is cut in two behind its frozen part, what the parts share, and that a head is trained as in the whole.
import {createTrainer, extractFeatures, sgd, splitAtFrozen} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  type LayersModel,
  layers,
  model as makeModel,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';
import {describe, expect, test} from 'vitest';
import {oneHot, waves} from './support/data.ts';
import {
  cnn,
  mlp,
  nested,
  normalizedMlp,
  recurrent,
  shared,
  twoHeaded,
  withKnownWeights,
} from './support/models.ts';
import {classData, errorOf, timeless} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

/** Freezes layers by name. */
function frozen<T extends LayersModel>(model: T, ...names: readonly string[]): T {
  for (const name of names) model.getLayer(name).trainable = false;
  return model;
}

const dense = (name: string, options: {readonly trainable?: boolean; readonly units?: number} = {}) =>
  layers.dense({units: 4, activation: 'tanh', name, ...options});
const still = {trainable: false};
const lstm = (options: Omit<Parameters<typeof layers.lstm>[0], 'units'>) =>
  layers.lstm({units: 3, recurrentInitializer: 'glorotNormal', ...options});

/** A model of layers one after another, on four numbers. */
function chain(...parts: readonly layers.Layer[]): LayersModel {
  const x = input({shape: [4], name: 'x'});
  return makeModel({
    inputs: x,
    outputs: parts.reduce((value, part) => part.apply(value) as SymbolicTensor, x),
  });
}

/** Words, of which 0 is none, then a frozen LSTM, and behind it another one if it gives a sequence. */
const words = (returnSequences: boolean): LayersModel =>
  sequential({
    layers: [
      layers.embedding({inputDim: 5, outputDim: 3, maskZero: true, inputLength: 4, name: 'words', ...still}),
      lstm({returnSequences, name: 'first', ...still}),
      ...(returnSequences ? [lstm({name: 'second'})] : []),
      layers.dense({units: 1, name: 'output'}),
    ],
  });

/** Two paths, one past a frozen layer. */
function skipping(): LayersModel {
  const x = input({shape: [4], name: 'x'});
  const a = dense('a', still).apply(x) as SymbolicTensor;
  const b = dense('b', still).apply(a) as SymbolicTensor;
  const c = dense('c', still).apply(b) as SymbolicTensor;
  const past = dense('past').apply(a) as SymbolicTensor;
  const sum = layers.add({name: 'sum'}).apply([c, past]) as SymbolicTensor;
  return makeModel({inputs: x, outputs: dense('output').apply(sum) as SymbolicTensor});
}

/** Two inputs that a frozen layer brings together. */
function joined(): LayersModel {
  const [x, z] = [input({shape: [4], name: 'x'}), input({shape: [3], name: 'z'})];
  const both = layers.concatenate({name: 'both'}).apply([dense('a', still).apply(x) as SymbolicTensor, z]);
  return makeModel({
    inputs: [x, z],
    outputs: dense('output').apply(both as SymbolicTensor) as SymbolicTensor,
  });
}

const cuts: readonly (readonly [string, () => LayersModel, string])[] = [
  ['the last frozen layer', () => frozen(mlp(), 'hidden'), 'hidden'],
  ['a batch normalization that is frozen', () => frozen(normalizedMlp(), 'hidden', 'bn'), 'bn'],
  [
    'what is in front of one that is not, whose statistics move',
    () => frozen(normalizedMlp(), 'hidden'),
    'hidden',
  ],
  ['layers without weights behind frozen ones', () => frozen(cnn(), 'conv', 'bn'), 'flat'],
  ['a model in the model', () => frozen(nested(), 'inner'), 'inner'],
  ['a recurrent layer', () => frozen(recurrent(), 'lstm'), 'lstm'],
  ['a layer that is used twice', () => frozen(shared(), 'shared'), 'shared'],
  ['where outputs part', () => frozen(twoHeaded(), 'hidden'), 'hidden'],
  ['what every path passes through', skipping, 'a'],
  ['where inputs come together', joined, 'both'],
  [
    'what comes before a layer that draws',
    () => chain(dense('a', still), layers.dropout({rate: 0.5}), dense('b', still), dense('c')),
    'a',
  ],
  [
    'what comes before a layer that draws in a way of its own',
    () => chain(dense('a', still), new Own(), dense('c')),
    'a',
  ],
  [
    'one of another that is frozen, and so runs as in evaluation',
    () => chain(dense('a', still), new Own(still), dense('c')),
    'own',
  ],
  ['before the output, of a model that is frozen whole', () => frozen(mlp(), 'hidden', 'output'), 'hidden'],
  ['where a sequence with padding has ended', () => words(false), 'first'],
];

/** A layer that somebody has written. */
class Own extends layers.Layer {
  static readonly className = 'Own';
  constructor(options: {readonly trainable?: boolean} = {}) {
    super({name: 'own', ...options});
  }
  override call(values: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.mul([values].flat()[0]!, 2);
  }
}

/** Inputs for a model, seven examples. */
const examplesFor = ({inputs}: LayersModel): tf.Tensor[] =>
  inputs.map(({shape, sourceLayer}) => {
    const made = waves([7, ...shape.slice(1).map((n) => n ?? 1)]);
    return /words/.test(sourceLayer.name) ? tf.round(tf.abs(tf.mul(made, 4))) : made;
  });

describe('the cut is at', () => {
  test.each(cuts)('%s, and both parts after another are the whole', async (_, make, layer) => {
    const model = withKnownWeights(make());
    const split = splitAtFrozen(model);
    expect(split.layer).toBe(layer);
    expect(split.head.inputNames).toEqual([`${layer}_features`]);
    expect(split.head.outputNames).toHaveLength(model.outputs.length);
    const x = examplesFor(model);
    const given = x.length === 1 ? x[0]! : x;
    const features = await extractFeatures(split.base, given, {batchSize: 3});
    const [whole, parts] = [model.predict(given), split.head.predict(features)].map((values) =>
      [values].flat().flatMap((value) => [...(value as tf.Tensor).dataSync()]),
    );
    expectClose(parts!, whole!, 'same');
  });
});

const none: readonly (readonly [string, () => LayersModel])[] = [
  ['of which nothing is frozen', mlp],
  ['whose last layer is frozen, not the first', () => frozen(mlp(), 'output')],
  [
    'with a path past the frozen part',
    () => {
      const x = input({shape: [4], name: 'x'});
      const sum = layers.add().apply([dense('a', still).apply(x) as SymbolicTensor, x]) as SymbolicTensor;
      return makeModel({
        inputs: x,
        outputs: [dense('b').apply(sum), dense('c').apply(x)] as SymbolicTensor[],
      });
    },
  ],
  ['whose frozen part hands on a mask', () => words(true)],
  [
    'whose frozen part drops',
    () => chain(layers.dropout({rate: 0.5, ...still}), dense('a', still), dense('b')),
  ],
  [
    'whose frozen part keeps a state from batch to batch',
    () =>
      sequential({
        layers: [lstm({batchInputShape: [7, 4, 2], stateful: true, ...still}), layers.dense({units: 1})],
      }),
  ],
  [
    'whose recurrent layer drops',
    () =>
      sequential({
        layers: [lstm({inputShape: [4, 2], recurrentDropout: 0.5, ...still}), layers.dense({units: 1})],
      }),
  ],
];

test.each(none)('a model %s is refused, with what to do', async (_, make) => {
  expect(await errorOf(() => splitAtFrozen(make()))).toMatchObject({
    where: 'splitAtFrozen',
    code: 'no-frozen-base',
    hint: expect.stringMatching(/trainable = false/),
  });
});

test('what is no model with a graph is refused', async () => {
  expect(await errorOf(() => splitAtFrozen('model' as never))).toMatchObject({code: 'not-a-layers-model'});
  expect(await errorOf(() => splitAtFrozen(sequential()))).toMatchObject({code: 'model-not-built'});
});

test.each([
  ['dense', () => frozen(normalizedMlp(), 'hidden', 'bn'), [10, 4]],
  ['convolutional', () => frozen(cnn(), 'conv', 'bn'), [10, 6, 6, 1]],
])(
  'a head on a %s base becomes what it becomes in the whole model, which is trained with it',
  async (_, make, shape) => {
    const [x, y] = [waves(shape), oneHot(10, 3)];
    const options = {loss: 'categoricalCrossentropy', optimizer: sgd({learningRate: 0.3}), seed: 4} as const;
    const fit = {epochs: 4, batchSize: 4, validation: {split: 0.3}};
    const uncached = withKnownWeights(make());
    const first = await createTrainer({...options, model: uncached}).fit({x, y}, fit);
    const cached = withKnownWeights(make());
    const {base, head} = splitAtFrozen(cached);
    const trainer = createTrainer({...options, model: head});
    const second = await trainer.fit({x: await extractFeatures(base, x), y}, fit);
    // The same operations in the same order: JavaScript gives the same to the bit.
    const compare = tf.getBackend() === 'cpu' ? expectSame : expectClose;
    const losses = (found: typeof first) =>
      timeless(found.history).flatMap(({train, validation}) => [train.loss, validation!['loss']!]);
    compare(losses(second), losses(first), 'trajectory');
    const weightsOf = (model: LayersModel) =>
      model.weights.flatMap((weight) => [...weight.read().dataSync()]);
    compare(weightsOf(cached), weightsOf(uncached), 'trajectory');
    expect(timeless(first.history)[0]!.train.loss).toBeGreaterThan(timeless(first.history)[3]!.train.loss);
  },
);

function expectSame(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toEqual(expected);
}

test('a run on features goes on from its checkpoint to the bit', async () => {
  const data = classData();
  const make = () => {
    const {base, head} = splitAtFrozen(frozen(withKnownWeights(mlp()), 'hidden'));
    const trainer = createTrainer({
      model: head,
      loss: 'categoricalCrossentropy',
      optimizer: sgd({learningRate: 0.3}),
    });
    return {base, trainer};
  };
  const [whole, start, rest] = [make(), make(), make()];
  const features = await extractFeatures(whole.base, data.x);
  const all = await whole.trainer.fit({x: features, y: data.y}, {epochs: 4, batchSize: 4});
  await start.trainer.fit({x: features, y: data.y}, {epochs: 2, batchSize: 4});
  await rest.trainer.restore(await start.trainer.save());
  const again = await extractFeatures(rest.base, data.x);
  const gone = await rest.trainer.fit({x: again, y: data.y}, {epochs: 4, batchSize: 4});
  expect(timeless(gone.history)).toEqual(timeless(all.history));
});

test('a model that was split is saved, read and asked for features as before', async () => {
  for (const make of [() => frozen(mlp(), 'hidden'), () => frozen(nested(), 'inner'), skipping]) {
    const model = withKnownWeights(make());
    const topology = JSON.stringify(model.toJSON(null, false));
    const last = model.layers.at(-1)!.name;
    const x = waves([5, 4]);
    const before = (await extractFeatures(model, x, {output: last})).dataSync();
    splitAtFrozen(model);
    splitAtFrozen(model);
    expect(JSON.stringify(model.toJSON(null, false))).toBe(topology);
    expect((await extractFeatures(model, x, {output: last})).dataSync()).toEqual(before);
  }
});

test('nothing is left once the model and the head are disposed of, in either order', async () => {
  const x = waves([7, 6, 6, 1]);
  for (const headFirst of [true, false]) {
    const before = tf.memory().numTensors;
    const model = frozen(cnn(), 'conv', 'bn');
    const {base, head} = splitAtFrozen(model);
    const features = await extractFeatures(base, x);
    const trainer = createTrainer({model: head, loss: 'categoricalCrossentropy', optimizer: sgd()});
    const y = oneHot(7, 3);
    await trainer.fit({x: features, y});
    trainer.dispose();
    tf.dispose([features, y]);
    for (const part of headFirst ? [head, model] : [model, head]) part.dispose();
    expect(tf.memory().numTensors).toBe(before);
  }
});
