// Names of weights and sites: paths in the model, each weight once, a site per use.
import {defineRegularizer, type SetupContext, type SiteInfo, type WeightInfo} from '@regularizers/core';
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
import {cnn, nested, recurrent, shared, twoHeaded} from './support/models.ts';
import {trainerOf} from './support/trainers.ts';

/** What a plugin is shown of a model. */
function seen(made: LayersModel, losses = 1): SetupContext {
  let context: SetupContext | undefined;
  const look = defineRegularizer({
    name: 'look',
    setup: (given) => {
      context = given;
      return {};
    },
  });
  trainerOf([look], {model: made, loss: Array.from({length: losses}, () => 'meanSquaredError' as const)});
  return context!;
}

const weightsOf = (made: LayersModel): string[] =>
  seen(made).weights.map(({name, role}) => `${name} ${role}`);
const sitesOf = (made: LayersModel): string[] => seen(made).sites.map(({name}) => name);
const symbolic = (value: unknown): SymbolicTensor => value as SymbolicTensor;

test('Sequential', () => {
  expect(weightsOf(cnn())).toEqual([
    'conv/kernel trained',
    'conv/bias trained',
    'bn/gamma trained',
    'bn/beta trained',
    'bn/moving_mean statistic',
    'bn/moving_variance statistic',
    'output/kernel trained',
    'output/bias trained',
  ]);
  expect(sitesOf(cnn())).toEqual(['conv', 'bn', 'relu', 'pool', 'flat', 'output', 'conv_input']);
});

test('what is known of a weight and of a site', () => {
  const {weights, sites, inputs, outputs} = seen(cnn());
  expect(weights[0]).toEqual({
    name: 'conv/kernel',
    shortName: 'kernel',
    shape: [3, 3, 1, 3],
    role: 'trained',
    layer: 'conv',
    layerClass: 'Conv2D',
    owner: undefined,
  } satisfies WeightInfo);
  expect(sites[0]).toMatchObject({
    name: 'conv',
    layer: 'conv',
    layerClass: 'Conv2D',
    shape: [null, 4, 4, 3],
    index: 0,
    isOutput: false,
    feeds: ['bn'],
    config: {filters: 3},
  } satisfies Partial<SiteInfo>);
  expect(sites.filter(({isOutput}) => isOutput).map(({name}) => name)).toEqual(['output']);
  expect(inputs.map(({shape}) => shape)).toEqual([[null, 6, 6, 1]]);
  expect(outputs).toEqual([{name: 'output', shape: [null, 3], activation: 'softmax'}]);
});

test('a functional model with two outputs', () => {
  const {outputs, sites, inputs} = seen(twoHeaded(), 2);
  expect(inputs).toEqual([{name: 'x', shape: [null, 4]}]);
  expect(outputs.map(({name}) => name)).toEqual(['digit', 'size']);
  expect(sites.map(({name, isOutput}) => [name, isOutput])).toEqual([
    ['hidden', false],
    ['digit', true],
    ['size', true],
    ['x', false],
  ]);
});

test('a model in a model', () => {
  expect(weightsOf(nested())).toEqual([
    'inner/a/kernel trained',
    'inner/a/bias trained',
    'inner/b/kernel trained',
    'inner/b/bias trained',
    'output/kernel trained',
    'output/bias trained',
  ]);
  expect(sitesOf(nested())).toEqual(['inner', 'inner/a', 'inner/b', 'output', 'x']);
});

test('a layer that is used twice: one weight, two sites', () => {
  expect(weightsOf(shared())).toEqual([
    'shared/kernel trained',
    'shared/bias trained',
    'output/kernel trained',
    'output/bias trained',
  ]);
  expect(sitesOf(shared())).toEqual(['shared', 'shared#2', 'output', 'x']);
});

test('a model in a model that is used twice', () => {
  const inner = sequential({name: 'inner', layers: [layers.dense({units: 4, inputShape: [4], name: 'a'})]});
  const x = input({shape: [4], name: 'x'});
  const made = model({inputs: x, outputs: symbolic(inner.apply(inner.apply(x)))});
  expect(weightsOf(made)).toEqual(['inner/a/kernel trained', 'inner/a/bias trained']);
  expect(sitesOf(made)).toEqual(['inner', 'inner#2', 'inner/a', 'inner/a#2', 'x']);
});

test('a layer that two containers hold goes by its first path, with all its uses', () => {
  const layer = layers.dense({units: 4, inputShape: [4], name: 'a'});
  const inner = sequential({name: 'inner', layers: [layer]});
  const x = input({shape: [4], name: 'x'});
  const made = model({inputs: x, outputs: symbolic(layer.apply(inner.apply(x)))});
  expect(weightsOf(made)).toEqual(['inner/a/kernel trained', 'inner/a/bias trained']);
  expect(sitesOf(made)).toEqual(['inner', 'inner/a', 'inner/a#2', 'x']);
});

test('recurrent layers: the weights of the cell by the path of the layer', () => {
  expect(weightsOf(recurrent())).toEqual([
    'lstm/kernel trained',
    'lstm/recurrent_kernel trained',
    'lstm/bias trained',
    'output/kernel trained',
    'output/bias trained',
  ]);
  expect(sitesOf(recurrent())).toEqual(['lstm', 'output', 'lstm_input', 'lstm/inputs', 'lstm/state']);
});

test('wrappers: Bidirectional, TimeDistributed, stacked cells', () => {
  // tfjs's orthogonal initializer needs its chained operations, which nothing here registers.
  const start = {units: 2, recurrentInitializer: 'zeros'} as const;
  const cells = [layers.gruCell(start), layers.simpleRNNCell(start)];
  const made = sequential({
    layers: [
      layers.bidirectional({
        layer: layers.gru({...start, returnSequences: true}) as never,
        mergeMode: 'concat',
        inputShape: [3, 2],
        name: 'both',
      }),
      layers.timeDistributed({layer: layers.dense({units: 2}), name: 'each'}),
      layers.rnn({cell: cells as never, name: 'stack'}),
    ],
  });
  expect(seen(made).weights.map(({name}) => name)).toEqual([
    'both/forward/kernel',
    'both/forward/recurrent_kernel',
    'both/forward/bias',
    'both/backward/kernel',
    'both/backward/recurrent_kernel',
    'both/backward/bias',
    'each/kernel',
    'each/bias',
    'stack/cell_0/kernel',
    'stack/cell_0/recurrent_kernel',
    'stack/cell_0/bias',
    'stack/cell_1/kernel',
    'stack/cell_1/recurrent_kernel',
    'stack/cell_1/bias',
  ]);
  expect(sitesOf(made)).toEqual([
    'both',
    'each',
    'stack',
    'both_input',
    ...['both/forward', 'both/backward', 'stack/cell_0', 'stack/cell_1'].flatMap((cell) => [
      `${cell}/inputs`,
      `${cell}/state`,
    ]),
  ]);
});

test('a frozen layer, and a layer in a frozen container', () => {
  const frozen = cnn();
  frozen.getLayer('bn').trainable = false;
  expect(weightsOf(frozen).filter((name) => name.startsWith('bn'))).toEqual([
    'bn/gamma frozen',
    'bn/beta frozen',
    'bn/moving_mean frozen',
    'bn/moving_variance frozen',
  ]);
  const outer = nested();
  outer.getLayer('inner').trainable = false;
  expect(weightsOf(outer)).toEqual([
    'inner/a/kernel frozen',
    'inner/a/bias frozen',
    'inner/b/kernel frozen',
    'inner/b/bias frozen',
    'output/kernel trained',
    'output/bias trained',
  ]);
});

test('each site is seen once per use, in the order of the calls', async () => {
  const calls: string[] = [];
  const look = defineRegularizer({
    name: 'look',
    setup: ({sites}) => ({at: sites.map(({name}) => name)}),
    activation: (value, {name}) => {
      calls.push(`${name} [${value.shape.join(', ')}]`);
      return value;
    },
  });
  const x = tf.zeros([2, 4]);
  await trainerOf([look], {model: shared(), execution: 'eager'}).fit({
    x,
    y: tf.tensor2d([
      [1, 0, 0],
      [0, 1, 0],
    ]),
  });
  expect(calls).toEqual(['x [2, 4]', 'shared [2, 4]', 'shared#2 [2, 4]', 'output [2, 3]']);
  calls.length = 0;
  const sequences = {x: tf.zeros([2, 4, 2]), y: tf.zeros([2, 1])};
  const options = {model: recurrent(), loss: 'meanSquaredError', execution: 'eager'} as const;
  await trainerOf([look], options).fit(sequences);
  const cell = ['lstm/inputs [2, 2]', 'lstm/state [2, 3]'];
  expect(calls).toEqual([
    'lstm_input [2, 4, 2]',
    ...[0, 1, 2, 3].flatMap(() => cell),
    'lstm [2, 3]',
    'output [2, 1]',
  ]);
});
