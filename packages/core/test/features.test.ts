// A frozen base's features, computed once; and a graph model, whose only use that is.
import {createTrainer, extractFeatures, sgd} from '@regularizers/core';
import {type GraphModel, loadGraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import {io} from '@tensorflow/tfjs-core';
import {
  input,
  type LayersModel,
  layers,
  model as makeModel,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {waves} from './support/data.ts';
import {cnn, mlp, numbersOf, shared, twoHeaded, withKnownWeights} from './support/models.ts';
import {classData, errorOf, timeless} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

/** y = relu(x · w), as a converted TensorFlow graph. */
async function graphModel(): Promise<GraphModel> {
  const shape = (...sizes: number[]) => ({shape: {dim: sizes.map((size) => ({size: String(size)}))}});
  const float = {type: 'DT_FLOAT'} as const;
  const node = [
    {name: 'x', op: 'Placeholder', attr: {dtype: float, shape: shape(-1, 2)}},
    {
      name: 'w',
      op: 'Const',
      attr: {
        dtype: float,
        value: {tensor: {dtype: 'DT_FLOAT', tensorShape: {dim: [{size: '2'}, {size: '3'}]}}},
      },
    },
    {
      name: 'product',
      op: 'MatMul',
      input: ['x', 'w'],
      attr: {T: float, transpose_a: {b: false}, transpose_b: {b: false}},
    },
    {name: 'y', op: 'Relu', input: ['product'], attr: {T: float}},
  ];
  return loadGraphModel(
    io.fromMemory({
      modelTopology: {node, library: {}, versions: {}},
      weightSpecs: [{name: 'w', shape: [2, 3], dtype: 'float32'}],
      weightData: Float32Array.of(1, 0, -1, 0.5, 2, 1).buffer,
    }),
  );
}

const products = (rows: number[][], relu = true) =>
  rows.flatMap(([a = 0, b = 0]) => [a + 0.5 * b, 2 * b, -a + b].map((v) => (relu ? Math.max(0, v) : v)));

function gone(tensor: tf.Tensor): tf.Tensor {
  tensor.dispose();
  return tensor;
}

const rows = [
  [1, 2],
  [-1, 0.5],
  [0.25, -3],
  [2, 2],
  [0, 1],
];

test("a graph model's output is the features, whatever the batches; and so is any node of it", async () => {
  const model = await graphModel();
  for (const batchSize of [1, 2, 5, 64]) {
    const features = await extractFeatures(model, tf.tensor2d(rows), {batchSize});
    expect(features.shape).toEqual([5, 3]);
    expectClose(features.dataSync(), products(rows), 'step');
  }
  const inner = await extractFeatures(model, tf.tensor2d(rows), {output: 'product'});
  expectClose(inner.dataSync(), products(rows, false), 'step');
  const whole = await extractFeatures(model, tf.tensor2d([[1, 2]], [1, 2], 'int32'));
  expectClose(whole.dataSync(), products([[1, 2]]), 'step');
  model.dispose();
});

test('a graph model is refused with the lines that use it, wherever a model is asked for', async () => {
  const model = await graphModel();
  const error = await errorOf(() =>
    createTrainer({model: model as never, loss: 'meanSquaredError', optimizer: sgd()}),
  );
  expect(error).toMatchObject({
    code: 'graph-model',
    where: 'trainer',
    hint: expect.stringMatching(/extractFeatures\(graphModel, x\).*\n.*createTrainer\({model: head/),
  });
  // The lines work as they stand.
  const x = tf.tensor2d(rows);
  const features = await extractFeatures(model, x);
  const head = sequential({layers: [layers.dense({units: 1, inputShape: [3]})]});
  const trainer = createTrainer({model: head, loss: 'meanSquaredError', optimizer: sgd()});
  const {history} = await trainer.fit({x: features, y: tf.ones([5, 1])});
  expect(history).toHaveLength(1);
  model.dispose();
});

test("a layer's output is what tfjs's own model gives there", async () => {
  const model = withKnownWeights(cnn());
  const x = waves([7, 6, 6, 1]);
  const features = await extractFeatures(model, x, {output: 'pool', batchSize: 3});
  const upTo = makeModel({inputs: model.inputs, outputs: model.getLayer('pool').output as SymbolicTensor});
  expect(features.shape).toEqual([7, 2, 2, 3]);
  expectClose(features.dataSync(), (upTo.predict(x) as tf.Tensor).dataSync(), 'same');
});

test('a head on features trains as it does on a frozen base, to rounding', async () => {
  const data = classData(12);
  const base = withKnownWeights(
    sequential({layers: [layers.dense({units: 5, activation: 'tanh', inputShape: [4], name: 'hidden'})]}),
  );
  const headOf = (more = {}): LayersModel =>
    sequential({layers: [layers.dense({units: 3, activation: 'softmax', name: 'output', ...more})]});
  const whole = sequential({layers: [base, ...headOf({inputShape: [5]}).layers]});
  base.trainable = false;
  const options = {loss: 'categoricalCrossentropy', optimizer: sgd({learningRate: 0.5}), seed: 3} as const;
  whole.getLayer('output').setWeights([waves([5, 3]), tf.zeros([3])]);
  const together = createTrainer({...options, model: whole});
  const first = await together.fit(data, {epochs: 3, batchSize: 5});
  const head = sequential({
    layers: [layers.dense({units: 3, activation: 'softmax', inputShape: [5], name: 'output'})],
  });
  head.setWeights([waves([5, 3]), tf.zeros([3])]);
  const features = await extractFeatures(base, data.x);
  const second = await createTrainer({...options, model: head}).fit(
    {x: features, y: data.y},
    {epochs: 3, batchSize: 5},
  );
  const losses = (found: typeof first) => timeless(found.history).map(({train}) => train.loss);
  expectClose(losses(second), losses(first), 'trajectory');
  expectClose(
    numbersOf(head),
    whole
      .getLayer('output')
      .getWeights()
      .flatMap((w) => Array.from(w.dataSync())),
    'trajectory',
  );
});

test('nothing is left but the features', async () => {
  const model = withKnownWeights(cnn());
  const x = waves([7, 6, 6, 1]);
  const before = tf.memory().numTensors;
  for (const output of ['conv', 'pool']) (await extractFeatures(model, x, {output, batchSize: 2})).dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('what cannot be read is refused', async () => {
  const x = waves([3, 4]);
  const model = withKnownWeights(mlp());
  const graph = await graphModel();
  const calls: [() => Promise<unknown>, string][] = [
    [() => extractFeatures({} as never, x), 'not-a-model'],
    [() => extractFeatures(model, [] as never), 'data-shape'],
    [() => extractFeatures(model, tf.zeros([0, 4])), 'data-shape'],
    [() => extractFeatures(model, tf.zeros([5, 3])), 'data-shape'],
    [() => extractFeatures(model, tf.zeros([5, 2, 2])), 'data-shape'],
    [() => extractFeatures(model, [x, x]), 'data-shape'],
    [() => extractFeatures(model, tf.tensor(Array(8).fill('a'), [2, 4])), 'data-type'],
    [
      () =>
        extractFeatures(
          model,
          tf.tidy(() => gone(tf.zeros([2, 4]))),
        ),
      'disposed-tensor',
    ],
    [() => extractFeatures(graph, tf.zeros([5, 3])), 'data-shape'],
    [
      () =>
        extractFeatures(
          graph,
          tf.tidy(() => gone(tf.zeros([2, 2]))),
        ),
      'disposed-tensor',
    ],
    [() => extractFeatures(model, x, {output: 'nowhere'}), 'no-such-output'],
    [() => extractFeatures(graph, tf.tensor2d(rows), {output: 'nowhere'}), 'no-such-output'],
    [() => extractFeatures(withKnownWeights(twoHeaded()), x), 'several-outputs'],
    [() => extractFeatures(model, x, {batchSize: 0}), 'out-of-range'],
  ];
  for (const [call, code] of calls)
    expect(await errorOf(call)).toMatchObject({code, where: 'extractFeatures'});
});

test('examples come in the forms that fit takes', async () => {
  const [model, x] = [withKnownWeights(mlp()), waves([6, 4])];
  const expected = await (await extractFeatures(model, x)).data();
  const values = Float32Array.from(await x.data());
  for (const form of [values, {values, shape: [6, 4]}, await x.array()]) {
    const features = await extractFeatures(model, form as never, {batchSize: 4});
    expectClose([...(await features.data())], [...expected], 'same');
  }
});

test('of a layer that is used twice no single output is meant, which is said', async () => {
  expect(await errorOf(() => extractFeatures(shared(), waves([2, 4]), {output: 'shared'}))).toMatchObject({
    code: 'several-outputs',
    where: 'extractFeatures',
  });
});

test('of a layer that another model has as well, the output in this model is meant', async () => {
  const model = withKnownWeights(mlp());
  const x = waves([3, 4]);
  const before = await extractFeatures(model, x, {output: 'output'});
  model.getLayer('output').apply(input({shape: [5]}));
  expectClose((await extractFeatures(model, x, {output: 'output'})).dataSync(), before.dataSync(), 'same');
});
