import {RegularizerError} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {describe, expect, it} from 'vitest';
import {convolutionGeometry, repeatedBias, toConvolution, toeplitz} from '../src/index.ts';
import {expectClose, filled} from './helpers.ts';

const convolution = {layer: 'fc', inputShape: [6, 6, 1], kernelSize: 3, filters: 2, padding: 'same'} as const;
const geometry = convolutionGeometry(convolution);

/** Makes the layer `fc` a convolution, as `convolve` would leave it. */
function constrain(model: tfl.LayersModel, useBias = true): tfl.LayersModel {
  const kernel = toeplitz(filled(geometry.kernelShape), geometry);
  model.getLayer('fc').setWeights(useBias ? [kernel, repeatedBias(filled([2], 40), geometry)] : [kernel]);
  return model;
}

function sequential(activation: 'relu' | 'softmax', useBias = true): tfl.LayersModel {
  const {layers} = tfl;
  const model = tfl.sequential({
    layers: [
      layers.dense({name: 'fc', units: geometry.columns, inputShape: [36], activation, useBias}),
      layers.dense({units: 3}),
    ],
  });
  return constrain(model, useBias);
}

function functional(): tfl.LayersModel {
  const {layers} = tfl;
  const input = tfl.input({shape: [6, 6, 1]});
  const flat = layers.flatten().apply(input) as tfl.SymbolicTensor;
  const fc = layers.dense({name: 'fc', units: geometry.columns, activation: 'tanh'});
  const once = fc.apply(flat) as tfl.SymbolicTensor;
  const twice = fc.apply(layers.activation({activation: 'relu'}).apply(flat)) as tfl.SymbolicTensor;
  const outputs = layers.dense({units: 2}).apply(layers.add().apply([once, twice])) as tfl.SymbolicTensor;
  return constrain(tfl.model({inputs: input, outputs}));
}

describe('toConvolution', () => {
  it.each([
    ['sequential', () => sequential('relu'), [4, 36]],
    ['without a bias', () => sequential('relu', false), [4, 36]],
    ['with a softmax over all units', () => sequential('softmax'), [4, 36]],
    ['functional, the layer used twice', functional, [4, 6, 6, 1]],
  ] as const)('computes what the dense model does: %s', async (_, make, shape) => {
    const model = make();
    const small = await toConvolution(model, convolution);
    expect(small.layers.map((layer) => layer.getClassName())).toContain('Conv2D');
    expect(small.countParams()).toBeLessThan(model.countParams() / 5);
    const x = filled(shape, 3);
    expectClose(small.predict(x) as tf.Tensor, model.predict(x) as tf.Tensor);
  });

  it('makes a Conv1D of a line', async () => {
    const line = {layer: 'fc', inputShape: [5, 2], kernelSize: 2, filters: 3, strides: 2} as const;
    const ofLine = convolutionGeometry(line);
    const model = tfl.sequential({
      layers: [tfl.layers.dense({name: 'fc', units: ofLine.columns, inputShape: [10]})],
    });
    model.setWeights([toeplitz(filled(ofLine.kernelShape), ofLine), repeatedBias(filled([3]), ofLine)]);
    const small = await toConvolution(model, line);
    expect(small.layers.map((layer) => layer.getClassName())).toContain('Conv1D');
    const x = filled([4, 10], 3);
    expectClose(small.predict(x) as tf.Tensor, model.predict(x) as tf.Tensor);
  });

  it('keeps its tensors to itself', async () => {
    const model = sequential('relu');
    const before = tf.memory().numTensors;
    const small = await toConvolution(model, convolution);
    expect(tf.memory().numTensors).toBe(before + small.weights.length);
  });

  it('refuses a matrix that is none, and a bias that differs over positions', async () => {
    const model = sequential('relu');
    const fc = model.getLayer('fc');
    const [kernel, bias] = fc.getWeights() as [tf.Tensor, tf.Tensor];
    const before = tf.memory().numTensors;
    fc.setWeights([kernel, filled([geometry.columns])]);
    await expect(toConvolution(model, convolution)).rejects.toThrow(/the bias of fc/);
    fc.setWeights([filled(kernel.shape), bias]);
    await expect(toConvolution(model, convolution)).rejects.toSatisfy(RegularizerError.isInstance);
    await expect(toConvolution(model, convolution)).rejects.toThrow(/the kernel of fc/);
    await expect(toConvolution(model, {...convolution, tolerance: 2})).resolves.toBeDefined();
    expect(tf.memory().numTensors).toBeGreaterThan(before);
  });

  it('refuses a layer that is not there or is of another size', async () => {
    const model = sequential('relu');
    await expect(toConvolution(model, {...convolution, layer: 'dense'})).rejects.toThrow(/There are: fc/);
    await expect(toConvolution(model, {...convolution, filters: 3})).rejects.toThrow(/shape/);
    await expect(toConvolution(model, {...convolution, tolerance: -1})).rejects.toThrow(/tolerance/);
  });
});
