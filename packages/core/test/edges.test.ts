// What feeds what, and layers that a TimeDistributed calls for each step.

import {createTrainer, defineRegularizer, type SiteInfo, sgd} from '@regularizers/core';
import {sitesIn} from '@regularizers/testing';
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

/** The sites of the layers; those of the inputs feed the same ones as the inputs do. */
const sitesOf = (net: LayersModel): readonly SiteInfo[] =>
  sitesIn(net).filter(({layerClass}) => layerClass !== 'InputLayer');

function edgesOf(net: LayersModel): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(sitesOf(net).map(({name, feeds}) => [name, feeds]));
}

const dense = (name: string, units = 3) => layers.dense({name, units});
const applied = (layer: layers.Layer, to: SymbolicTensor | SymbolicTensor[]) =>
  layer.apply(to) as SymbolicTensor;

test('a line, and branches that are added', () => {
  const x = input({shape: [3]});
  const a = applied(dense('a'), x);
  const b = applied(dense('b'), a);
  const sum = applied(layers.add({name: 'sum'}), [a, b]);
  const net = model({inputs: x, outputs: applied(dense('out'), sum)});
  expect(edgesOf(net)).toEqual({a: ['b', 'sum'], b: ['sum'], sum: ['out'], out: []});
});

test('through a model in a model: its inputs feed its first layers, its last layer feeds it', () => {
  const inner = sequential({
    name: 'inner',
    layers: [layers.dense({name: 'one', units: 3, inputShape: [3]}), dense('two')],
  });
  const x = input({shape: [3]});
  const net = model({inputs: x, outputs: applied(dense('out'), applied(inner, applied(dense('a'), x)))});
  expect(edgesOf(net)).toEqual({
    a: ['inner/one'],
    inner: ['out'],
    'inner/one': ['inner/two'],
    'inner/two': ['inner'],
    out: [],
  });
});

test('each use of a shared layer has edges of its own, in the order in which tfjs calls them', async () => {
  const [x, y] = [input({shape: [3], name: 'x'}), input({shape: [3], name: 'y'})];
  const shared = dense('shared');
  const [ofX, ofY] = [applied(shared, x), applied(shared, y)];
  const [p, q] = [applied(dense('p'), ofX), applied(dense('q'), ofY)];
  const net = model({inputs: [x, y], outputs: applied(layers.concatenate({name: 'both'}), [p, q])});
  const edges = edgesOf(net);
  expect(edges).toEqual({
    shared: [expect.stringMatching(/p|q/)],
    'shared#2': [expect.stringMatching(/p|q/)],
    p: ['both'],
    q: ['both'],
    both: [],
  });
  expect(edges['shared']).not.toEqual(edges['shared#2']);
  // Zeros at one site reach the layer that it is said to feed, and not the other.
  const seen: Record<string, number> = {};
  const probe = defineRegularizer({
    name: 'probe',
    setup: () => ({at: ['shared', 'p', 'q']}),
    activation: (value, {name}) => {
      if (name === 'shared') return tf.zerosLike(value);
      seen[name] = tf.tidy(() => tf.max(tf.abs(value)).dataSync()[0]!);
      return value;
    },
  });
  const trainer = createTrainer({
    model: net,
    loss: 'meanSquaredError',
    optimizer: sgd({learningRate: 0.1}),
    regularizers: [probe],
    execution: 'eager',
  });
  const ones = tf.ones([2, 3]);
  await trainer.fit({x: [ones, ones], y: tf.ones([2, 6])}, {batchSize: 2});
  const [fed] = edges['shared']!;
  expect(seen[fed!]).toBe(0);
  expect(seen[fed === 'p' ? 'q' : 'p']).toBeGreaterThan(0);
});

const overTime = () =>
  sequential({
    layers: [
      layers.timeDistributed({
        name: 'steps',
        inputShape: [4, 3],
        layer: sequential({
          layers: [layers.dense({name: 'one', units: 3, inputShape: [3]}), dense('two', 2)],
        }),
      }),
      layers.flatten({name: 'flat'}),
      dense('out', 1),
    ],
  });

test('layers of a model within a TimeDistributed have sites', () => {
  const sites = sitesOf(overTime());
  expect(Object.fromEntries(sites.map(({name, feeds}) => [name, feeds]))).toEqual({
    steps: ['flat'],
    'steps/one': ['steps/two'],
    'steps/two': ['steps'],
    flat: ['out'],
    out: [],
  });
  expect(sites.find(({name}) => name === 'steps/one')!.shape).toEqual([null, 3]);
});

for (const execution of ['eager', 'auto'] as const) {
  test(`${execution}: at such a site, every time step is seen, with keys of its own`, async () => {
    const net = overTime();
    const keys = new Set<string>();
    const shapes: number[][] = [];
    const probe = defineRegularizer({
      name: 'probe',
      setup: () => ({at: ['steps/two']}),
      activation: (value, _, step) => {
        shapes.push(value.shape);
        if (execution === 'eager') keys.add(step.key('x').dataSync().join());
        else step.key('x');
        return tf.mul(value, 0);
      },
    });
    const trainer = createTrainer({
      model: net,
      loss: 'meanSquaredError',
      optimizer: sgd({learningRate: 0.1}),
      regularizers: [probe],
      execution,
    });
    const before = net.getLayer('out').getWeights()[0]!.dataSync();
    await trainer.fit({x: tf.ones([2, 4, 3]), y: tf.ones([2, 1])}, {batchSize: 2});
    // One step of four time steps: nothing comes through any of them, so the weights behind them have no gradient.
    expect(shapes.slice(0, 4)).toEqual([1, 2, 3, 4].map(() => [2, 2]));
    expect(net.getLayer('out').getWeights()[0]!.dataSync()).toEqual(before);
    if (execution === 'eager') expect(keys.size).toBe(4);
  });
}
