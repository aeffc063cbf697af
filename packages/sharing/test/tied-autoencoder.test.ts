import {RegularizerError, type WeightRole} from '@regularizers/core';
import type * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {describe, expect, it} from 'vitest';
import {tiedAutoencoder} from '../src/index.ts';
import {contextOf, planOf} from './context.ts';
import {filled} from './helpers.ts';

const {layers} = tfl;

function deepEncoder(): tfl.Sequential {
  return tfl.sequential({
    layers: [
      layers.flatten({inputShape: [3, 4], name: 'flat'}),
      layers.dense({units: 6, activation: 'relu', name: 'enc1'}),
      layers.dense({units: 2, activation: 'tanh', name: 'enc2'}),
    ],
  });
}

/** The context of a model whose layers are all at its top. */
function contextOfModel(model: tfl.LayersModel) {
  const shapes: Record<string, readonly number[]> = {};
  const roles: Record<string, WeightRole> = {};
  for (const layer of model.layers) {
    for (const weight of layer.weights) {
      const name = `${layer.name}/${weight.originalName.split('/').at(-1)}`;
      shapes[name] = weight.shape.map((length) => length ?? 1);
      roles[name] = 'trained';
    }
  }
  return contextOf(shapes, roles);
}

describe('tiedAutoencoder', () => {
  it('mirrors the layers, their shapes and their activations', () => {
    const {model} = tiedAutoencoder(deepEncoder(), {outputActivation: 'sigmoid'});
    const described = model.layers.map((layer) => [
      layer.name,
      layer.outputShape,
      layer.getConfig()['activation'],
    ]);
    expect(described.slice(-3)).toEqual([
      ['enc2_decoder', [null, 6], 'relu'],
      ['enc1_decoder', [null, 12], 'sigmoid'],
      ['flat_decoder', [null, 3, 4], undefined],
    ]);
    expect((model.predict(filled([2, 3, 4])) as tf.Tensor).shape).toEqual([2, 3, 4]);
  });

  it('ties every kernel to its mirror, and no bias', () => {
    const {model, tie} = tiedAutoencoder(deepEncoder());
    const {derived, plan} = planOf(tie, contextOfModel(model));
    expect(derived).toEqual([
      {name: 'enc2_decoder/kernel', from: ['enc2/kernel']},
      {name: 'enc1_decoder/kernel', from: ['enc1/kernel']},
    ]);
    expect(plan.savedParameters).toBe(12 * 6 + 6 * 2);
  });

  it("contains the encoder's own layers, so that it is trained with the model", () => {
    const encoder = deepEncoder();
    const {model} = tiedAutoencoder(encoder);
    expect(model.getLayer('enc1')).toBe(encoder.getLayer('enc1'));
  });

  it('takes a functional encoder', () => {
    const input = tfl.input({shape: [5]});
    const outputs = layers.dense({units: 3, name: 'code'}).apply(input) as tfl.SymbolicTensor;
    const {model} = tiedAutoencoder(tfl.model({inputs: input, outputs}));
    expect(model.outputs[0]!.shape).toEqual([null, 5]);
  });

  it('refuses what it cannot mirror', () => {
    const branched = () => {
      const input = tfl.input({shape: [5]});
      const [a, b] = [1, 2].map(() => layers.dense({units: 3}).apply(input) as tfl.SymbolicTensor);
      return tfl.model({inputs: input, outputs: layers.add().apply([a!, b!]) as tfl.SymbolicTensor});
    };
    const convolutional = tfl.sequential({
      layers: [layers.conv1d({inputShape: [5, 1], filters: 2, kernelSize: 2})],
    });
    const empty = tfl.sequential({layers: [layers.flatten({inputShape: [5, 2]})]});
    for (const encoder of [branched(), convolutional, empty]) {
      expect(() => tiedAutoencoder(encoder)).toThrow(RegularizerError);
      expect(() => tiedAutoencoder(encoder)).toThrow(expect.objectContaining({code: 'unsupported-layer'}));
    }
    // @ts-expect-error: no such option
    expect(() => tiedAutoencoder(deepEncoder(), {activation: 'relu'})).toThrow(/unknown option/);
  });
});
