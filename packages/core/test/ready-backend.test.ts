// Which gradients the trainer knows that a backend may lack: against the kernels that training runs.
import {defineRegularizer, type PureModel, type WeightInfo} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';
import {describe, expect, test} from 'vitest';
import {readyBackend} from '../src/kernels/ready-backend.ts';
import {waves} from './support/data.ts';
import {errorOf, trainerOf} from './support/trainers.ts';

type Layer = LayersModel['layers'][number];

interface Case {
  readonly layer: () => Layer;
  /** Shape of one input. */
  readonly input: number[];
  /** The kernels that its weights' gradient takes, beside those that every backend has. */
  readonly kernels: readonly string[];
  /** The class that holds the weights, where that is not the layer's own. */
  readonly holder?: string;
}

const small = {filters: 2, kernelSize: 2};
const cases: Readonly<Record<string, Case>> = {
  Conv1D: {layer: () => layers.conv1d(small), input: [4, 2], kernels: ['Conv2DBackpropFilter']},
  Conv2D: {layer: () => layers.conv2d(small), input: [3, 3, 2], kernels: ['Conv2DBackpropFilter']},
  Conv2DTranspose: {
    layer: () => layers.conv2dTranspose(small),
    input: [3, 3, 2],
    kernels: ['Conv2DBackpropFilter'],
  },
  ConvLSTM2D: {
    layer: () => layers.convLstm2d({...small, recurrentInitializer: 'glorotUniform'}),
    input: [2, 3, 3, 2],
    kernels: ['Conv2DBackpropFilter'],
    holder: 'ConvLSTM2DCell',
  },
  DepthwiseConv2D: {
    layer: () => layers.depthwiseConv2d({kernelSize: 2}),
    input: [3, 3, 2],
    kernels: ['DepthwiseConv2dNativeBackpropFilter'],
  },
  SeparableConv2D: {
    layer: () => layers.separableConv2d(small),
    input: [3, 3, 2],
    kernels: ['DepthwiseConv2dNativeBackpropFilter', 'Conv2DBackpropFilter'],
  },
  Conv3D: {layer: () => layers.conv3d(small), input: [3, 3, 3, 2], kernels: ['Conv3DBackpropFilterV2']},
  Embedding: {
    layer: () => layers.embedding({inputDim: 3, outputDim: 2}),
    input: [4],
    kernels: ['UnsortedSegmentSum'],
  },
  Dense: {layer: () => layers.dense({units: 2}), input: [2, 3], kernels: []},
};

/** A model of the layer with a number for its output. */
function modelOf(layer: Layer, input: number[]): LayersModel {
  layer.name = 'layer';
  const head = [layers.flatten(), layers.dense({units: 1, name: 'head'})];
  return sequential({layers: [layers.inputLayer({inputShape: input}), layer, ...head]});
}

/** The weights that a trainer knows of, and the kernels that one of its steps runs. */
async function trainOnce(model: LayersModel, input: number[]) {
  let weights: readonly WeightInfo[] = [];
  const look = defineRegularizer({
    name: 'look',
    setup(context) {
      weights = context.weights;
      return {};
    },
  });
  const trainer = trainerOf([look], {model, loss: 'meanSquaredError', execution: 'eager'});
  const x = input.length === 1 ? tf.ones([2, ...input]) : waves([2, ...input]);
  const {kernels} = await tf.profile(async () => {
    await trainer.fit({x, y: waves([2, 1])}, {epochs: 1});
    return [];
  });
  trainer.dispose();
  return {weights, kernels: new Set(kernels.map(({name}) => name))};
}

/** Runs with a kernel that the backend does not have. */
async function without<T>(kernelName: string, run: () => T | Promise<T>): Promise<T> {
  const config = tf.getKernel(kernelName, tf.getBackend());
  if (config) tf.unregisterKernel(kernelName, tf.getBackend());
  try {
    return await run();
  } finally {
    if (config) tf.registerKernel(config);
  }
}

describe.each(Object.entries(cases))('%s', (layerClass, {layer, input, kernels, holder}) => {
  test('is refused where a kernel of its gradient is missing', async () => {
    const lacking = kernels.filter((kernel) => !tf.getKernel(kernel, tf.getBackend()));
    if (lacking.length > 0) {
      const error = await errorOf(() => trainOnce(modelOf(layer(), input), input));
      expect(error).toMatchObject({where: 'trainer', code: 'no-gradient'});
      const named = `cannot train layer (${holder ?? layerClass}): it lacks ${lacking.join(', ')}`;
      expect(String(error)).toContain(named);
      return;
    }
    const {weights, kernels: used} = await trainOnce(modelOf(layer(), input), input);
    const ofWeights = [...used].filter((name) => /BackpropFilter|SegmentSum/.test(name));
    expect(ofWeights.sort()).toEqual([...kernels].sort());

    readyBackend(weights);
    for (const kernel of kernels) {
      const error = await errorOf(() => without(kernel, () => readyBackend(weights)));
      const named = `the backend ${tf.getBackend()} cannot train layer`;
      expect(error).toMatchObject({where: 'trainer', code: 'no-gradient'});
      expect(String(error)).toContain(named);
      expect(String(error)).toContain(`(${holder ?? layerClass}): it lacks ${kernel}`);
    }
  });
});

test('a layer that is not trained needs no gradient, and neither do statistics', async () => {
  const weight = {name: 'conv/kernel', shortName: 'kernel', shape: [2, 2, 1, 1], layer: 'conv'};
  const conv = {...weight, layerClass: 'Conv2D', owner: undefined} as const;
  await without('Conv2DBackpropFilter', () => {
    readyBackend([{...conv, role: 'frozen'}]);
    readyBackend([{...conv, role: 'statistic'}]);
    readyBackend([{...conv, role: 'trained', owner: 'plugin'}]);
    expect(() => readyBackend([{...conv, role: 'derived'}])).toThrow('cannot train conv (Conv2D)');
  });
});

/** A dense layer, and behind it a frozen convolution, whose fused gradient tfjs takes as a whole. */
const behindDense = (): LayersModel =>
  sequential({
    layers: [
      layers.dense({units: 2, inputShape: [3, 3, 1]}),
      layers.conv2d({...small, trainable: false}),
      layers.flatten(),
      layers.dense({units: 1}),
    ],
  });

/** A model without layers, of which nothing can be said before. */
const pure = (): PureModel => ({
  weights: {filter: waves([2, 2, 1, 1])},
  inputShapes: [[3, 3, 1]],
  apply: ({filter}, [x]) =>
    tf.mean(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'valid'), [1, 2]) as tf.Tensor,
});

test.each<[string, () => LayersModel | PureModel]>([
  ['a frozen layer that a gradient passes through', behindDense],
  ['a model without layers', pure],
])('%s: what shows in the first step only is refused too, and nothing is trained', async (_, make) => {
  const trainer = trainerOf([], {model: make(), loss: 'meanSquaredError', execution: 'eager'});
  const data = {x: waves([2, 3, 3, 1]), y: waves([2, 1])};
  const outputs = (): unknown => Array.from((trainer.predict(data.x) as tf.Tensor).dataSync());
  const before = outputs();
  const error = await errorOf(() => without('Conv2DBackpropFilter', () => trainer.fit(data, {epochs: 1})));
  expect(error).toMatchObject({where: 'trainer', code: 'no-gradient'});
  expect(String(error)).toContain(
    `the backend ${tf.getBackend()} cannot train this: it lacks Conv2DBackpropFilter`,
  );
  expect(outputs()).toEqual(before);
  expect((await trainer.save()).members[0]?.position.step).toBe(0);
  trainer.dispose();
});
