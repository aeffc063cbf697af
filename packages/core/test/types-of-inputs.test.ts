// Inputs of whatever type: what the model reads as real numbers is real at a batch's start, indices stay integers, and
// bytes stay bytes until then.
import {
  type ArrayData,
  defineRegularizer,
  type PureModel,
  type Regularizer,
  type StreamData,
  type Values,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {oneHot, wave} from './support/data.ts';
import {mlp, normalizedMlp, numbersOf, withKnownWeights} from './support/models.ts';
import {average} from './support/plugins.ts';
import {errorOf, timeless, trainerOf} from './support/trainers.ts';

const numbers = Uint8Array.from(wave(40), (value) => Math.round(2 + 2 * value));
const shape = [10, 4];

/** The same ten examples in every form that they may come in. */
const forms: Readonly<Record<string, () => Values>> = {
  'int32 tensors': () => tf.tensor(numbers, shape, 'int32'),
  bytes: () => numbers,
  'bytes with their shape': () => ({values: numbers, shape}),
  'clamped bytes': () => new Uint8ClampedArray(numbers),
};

const asFloats = (): tf.Tensor => tf.tensor(Float32Array.from(numbers), shape);

for (const [form, make] of Object.entries(forms)) {
  test(`${form} train, evaluate and predict as the same numbers in float32 do, to the bit`, async () => {
    const run = async (x: () => Values) => {
      const net = withKnownWeights(normalizedMlp());
      // Averages of weights make it read the inputs once more, for the batch statistics.
      const trainer = trainerOf([average()], {model: net, metrics: ['accuracy']});
      const data = (): ArrayData => ({x: x(), y: oneHot(10, 3)});
      const {history} = await trainer.fit(data(), {epochs: 2, batchSize: 4, validation: data()});
      const report = await trainer.evaluate(data(), {batchSize: 3});
      const output = trainer.predict(x(), {batchSize: 3}) as tf.Tensor;
      return {rows: timeless(history), report, output: output.dataSync(), weights: numbersOf(net)};
    };
    expect(await run(make)).toEqual(await run(asFloats));
  });

  test(`a stream of ${form} likewise`, async () => {
    const stream = (x: () => Values): StreamData => ({
      iterator: async () => {
        let left = 3;
        const value = () => ({xs: x(), ys: oneHot(10, 3)});
        return {
          next: async () => (left-- > 0 ? {done: false, value: value()} : {done: true, value: undefined}),
        };
      },
    });
    const run = async (x: () => Values) => {
      const net = withKnownWeights(mlp());
      await trainerOf([], {model: net}).fit(stream(x), {epochs: 2});
      return numbersOf(net);
    };
    expect(await run(make)).toEqual(await run(asFloats));
  });
}

test('targets may be bytes as well', async () => {
  const classes = Uint8Array.from([0, 1, 2, 1, 0, 2, 1, 1, 0, 2]);
  const run = async (y: Values) => {
    const net = withKnownWeights(mlp());
    const trainer = trainerOf([], {model: net, loss: 'sparseCategoricalCrossentropy'});
    const report = await trainer.evaluate({x: asFloats(), y});
    await trainer.fit({x: asFloats(), y}, {batchSize: 3});
    return [report, numbersOf(net)];
  };
  const bytes = await run({values: classes, shape: [10]});
  expect(bytes).toEqual(await run(tf.tensor(classes, [10], 'int32')));
});

const {dense, embedding, flatten} = layers;
const apply = (layer: layers.Layer, to: SymbolicTensor | SymbolicTensor[]) =>
  layer.apply(to) as SymbolicTensor;
const output = (): layers.Layer => dense({units: 3, activation: 'softmax'});
// wasm has no gradient of a look-up.
const frozen = {inputDim: 9, outputDim: 2, trainable: false} as const;
const words = () => embedding(frozen);

/** Models, and the types that their inputs have in a batch. */
const models: Readonly<Record<string, [make: () => LayersModel | PureModel, types: readonly string[]]>> = {
  'a dense layer': [() => mlp(), ['float32']],
  'an embedding': [
    () => sequential({layers: [embedding({...frozen, inputLength: 4}), flatten(), output()]}),
    ['int32'],
  ],
  'an embedding behind layers that hand values on': [
    () => {
      const [x, y] = [input({shape: [2, 2]}), input({shape: [2]})];
      const joined = apply(layers.concatenate(), [apply(flatten(), x), y]);
      return model({inputs: [x, y], outputs: apply(output(), apply(flatten(), apply(words(), joined)))});
    },
    ['int32', 'int32'],
  ],
  'an embedding within a model': [
    () => {
      const inner = sequential({layers: [embedding({...frozen, inputLength: 4}), flatten()]});
      const x = input({shape: [4]});
      return model({inputs: x, outputs: apply(output(), apply(inner, x))});
    },
    ['int32'],
  ],
  'an embedding at every step': [
    () => {
      const x = input({shape: [4, 1]});
      const each = apply(layers.timeDistributed({layer: words() as never}), x);
      return model({inputs: x, outputs: apply(output(), apply(flatten(), each))});
    },
    ['int32'],
  ],
  'an embedding of what the model works out, and real numbers': [
    () => {
      const [x, y] = [input({shape: [4]}), input({shape: [4]})];
      const picked = apply(
        flatten(),
        apply(words(), apply(dense({units: 2, activation: 'sigmoid', trainable: false}), x)),
      );
      return model({inputs: [x, y], outputs: apply(output(), apply(layers.concatenate(), [picked, y]))});
    },
    ['float32', 'float32'],
  ],
  'what is declared': [
    () => {
      const x = input({shape: [4], dtype: 'int32'});
      return model({inputs: x, outputs: apply(output(), apply(words(), x) && apply(dense({units: 2}), x))});
    },
    ['int32'],
  ],
  'a pure model': [() => pure(undefined), ['float32']],
  'a pure model that looks rows up': [() => pure(['int32']), ['int32']],
};

function pure(inputTypes: PureModel['inputTypes']): PureModel {
  return {
    weights: {kernel: tf.tensor(wave(12), [4, 3])},
    inputShapes: [[4]],
    ...(inputTypes && {inputTypes}),
    apply: ({kernel}, [x]) =>
      tf.softmax(tf.matMul(tf.cast(x as tf.Tensor2D, 'float32'), kernel as tf.Tensor2D)),
  };
}

for (const [what, [make, types]] of Object.entries(models)) {
  test(`${what}: inputs are ${types.join(' and ')} in a batch, of floats, integers and bytes`, async () => {
    const seen: string[][] = [];
    const declared: (string | undefined)[] = [];
    const watch = (): Regularizer =>
      defineRegularizer({
        name: 'watch',
        setup: ({inputs}) => {
          declared.push(...inputs.map(({dtype = 'float32'}) => dtype));
          return {};
        },
        batch: (batch) => {
          seen.push(batch.inputs.map(({dtype}) => dtype));
          return batch;
        },
      });
    const net = make();
    const shapes =
      'inputShapes' in net ? net.inputShapes : net.inputs.map(({shape}) => shape.slice(1) as number[]);
    const trainer = trainerOf([watch()], {model: net});
    expect(declared).toEqual(types);
    for (const dtype of ['float32', 'int32', 'bytes'] as const) {
      const x = shapes.map((each): Values => {
        const all = [6, ...each];
        const values = numbers.slice(0, tf.util.sizeFromShape(all));
        if (dtype === 'bytes') return {values, shape: all};
        return tf.cast(tf.tensor(Float32Array.from(values), all), dtype);
      });
      await trainer.fit({x, y: oneHot(6, 3)}, {epochs: seen.length + 1, batchSize: 6});
    }
    expect(seen.length).toBeGreaterThan(2);
    for (const one of seen) expect(one).toEqual(types);
  });
}

const wrongBytes: Readonly<Record<string, [x: () => Values, message: RegExp]>> = {
  'too few bytes': [() => numbers.slice(1), /x has 39 numbers, which are no whole number of examples \[4\]/],
  'another shape than there are bytes': [
    () => ({values: numbers, shape: [9, 4]}),
    /x has 40 numbers, and the shape \[9, 4\]/,
  ],
  'no shape': [() => ({values: numbers}) as never, /x has 40 numbers, and the shape undefined/],
  'bytes of other examples': [
    () => numbers.slice(4),
    /x has shape \[9, 4\]|y has shape \[10, 3\], but \[9, 3\] is expected/,
  ],
};

for (const [what, [x, message]] of Object.entries(wrongBytes)) {
  test(`${what}: refused before anything is trained`, async () => {
    const error = await errorOf(() => trainerOf().fit({x: x(), y: oneHot(10, 3)}));
    expect(error).toMatchObject({code: 'data-shape', message: expect.stringMatching(message)});
  });
}

test('bytes whose buffer is handed away meanwhile are refused', async () => {
  const values = numbers.slice();
  const trainer = trainerOf();
  const onStep = () => void structuredClone(values.buffer, {transfer: [values.buffer]});
  const error = await errorOf(() => trainer.fit({x: values, y: oneHot(10, 3)}, {batchSize: 5, onStep}));
  expect(error).toMatchObject({code: 'disposed-tensor'});
});

test('bytes take a byte each: no tensor of all examples is ever made', async () => {
  const examples = 512;
  const side = 16;
  const make = () =>
    sequential({
      layers: [
        layers.averagePooling2d({poolSize: 8, inputShape: [side, side, 3]}),
        flatten(),
        dense({units: 3, activation: 'softmax'}),
      ],
    });
  const values = Uint8Array.from({length: examples * side * side * 3}, (_, i) => (i * 37) % 256);
  const peakOf = async (x: () => Values) => {
    const trainer = trainerOf([], {model: make()});
    const y = oneHot(examples, 3);
    const before = tf.memory().numBytes;
    let peak = 0;
    const data = {x: x(), y};
    const onStep = () => {
      peak = Math.max(peak, tf.memory().numBytes - before);
    };
    await trainer.fit(data, {batchSize: 16, validation: data, onStep});
    await trainer.evaluate(data);
    return peak;
  };
  const bytes = await peakOf(() => values);
  const floats = await peakOf(() => tf.tensor(Float32Array.from(values), [examples, side, side, 3]));
  expect(floats).toBeGreaterThanOrEqual(4 * values.length);
  expect(bytes).toBeLessThan(floats / 10);
});
