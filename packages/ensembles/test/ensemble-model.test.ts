import {binaryCrossentropy, categoricalCrossentropy, RegularizerError} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import * as tfl from '@tensorflow/tfjs-layers';
import {describe, expect, it} from 'vitest';
import {ensembleModel, meanLogitsOutput, meanOutput} from '../src/index.ts';
import {expectClose, filled} from './helpers.ts';

const {layers} = tfl;

function sequential(): tfl.LayersModel {
  return tfl.sequential({
    layers: [
      layers.dense({units: 4, activation: 'relu', inputShape: [5], name: 'hidden'}),
      layers.batchNormalization({name: 'norm', trainable: false}),
      layers.dense({units: 3, activation: 'softmax', name: 'out'}),
    ],
  });
}

function functional(): tfl.LayersModel {
  const input = tfl.input({shape: [5], name: 'in'});
  const shared = layers.dense({units: 5, name: 'shared'});
  const once = shared.apply(input) as tfl.SymbolicTensor;
  const twice = shared.apply(once) as tfl.SymbolicTensor;
  const sum = layers.add().apply([once, twice]);
  const outputs = [
    layers.dense({units: 3, activation: 'softmax'}),
    layers.dense({units: 1, activation: 'sigmoid'}),
  ];
  return tfl.model({inputs: input, outputs: outputs.map((layer) => layer.apply(sum) as tfl.SymbolicTensor)});
}

function nested(): tfl.LayersModel {
  const input = tfl.input({shape: [5]});
  const body = tfl.sequential({layers: [layers.dense({units: 4, inputShape: [5], name: 'hidden'})]});
  body.trainable = false;
  const value = sequential().apply(layers.dense({units: 5}).apply(body.apply(input)));
  return tfl.model({inputs: input, outputs: value as tfl.SymbolicTensor});
}

function recurrent(): tfl.LayersModel {
  const cells = [layers.gruCell({units: 3, recurrentInitializer: 'glorotUniform'})];
  const lstm = layers.lstm({units: 2, returnSequences: true, recurrentInitializer: 'glorotUniform'});
  return tfl.sequential({
    layers: [
      layers.bidirectional({layer: lstm as tfl.RNN, inputShape: [4, 5], mergeMode: 'concat'}),
      layers.timeDistributed({layer: layers.dense({units: 3, name: 'each'})}),
      layers.rnn({cell: cells}),
      layers.dense({units: 3, activation: 'softmax'}),
    ],
  });
}

/** Gives a model weights of its own, so that no two members are alike. */
function distinct(model: tfl.LayersModel, from: number): tfl.LayersModel {
  model.setWeights(model.getWeights().map((weight, i) => tf.abs(filled(weight.shape, from + 11 * i))));
  return model;
}

function predict(model: tfl.LayersModel, x: tf.Tensor): tf.Tensor[] {
  return [model.predict(x)].flat();
}

/** A model as it is after being saved and loaded again. */
async function roundTrip(model: tfl.LayersModel): Promise<tfl.LayersModel> {
  let saved: tf.io.ModelArtifacts = {};
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return {modelArtifactsInfo: {dateSaved: new Date(0), modelTopologyType: 'JSON'}};
    }),
  );
  const topology: unknown = JSON.parse(JSON.stringify(saved.modelTopology));
  return tfl.loadLayersModel(tf.io.fromMemory({...saved, modelTopology: topology as object}));
}

describe.each([
  ['sequential', sequential, [2, 5]],
  ['functional, a layer used twice, two outputs', functional, [2, 5]],
  ['nested, with a frozen part', nested, [2, 5]],
  ['recurrent', recurrent, [2, 4, 5]],
] as const)('ensembleModel: %s', (_, make, shape) => {
  const members = () => [1, 200, 3000].map((from) => distinct(make(), from));

  it("predicts the members' mean, before and after saving", async () => {
    const models = members();
    const ensemble = ensembleModel(models);
    const x = filled(shape, 5);
    const outputs = models.map((model) => predict(model, x));
    const expected = outputs[0]!.map((_, i) => meanOutput(outputs.map((list) => list[i]!)));
    const loaded = await roundTrip(ensemble);
    for (const model of [ensemble, loaded]) {
      predict(model, x).forEach((output, i) => {
        expectClose(output, expected[i]!);
      });
    }
    expect(ensemble.countParams()).toBe(3 * models[0]!.countParams());
    const names = ensemble.weights.map(({originalName}) => originalName);
    expect(new Set(names).size).toBe(names.length);
  });

  it('averages logits if asked', async () => {
    const models = members();
    const ensemble = ensembleModel(models, {combine: 'logits'});
    const x = filled(shape, 5);
    const outputs = models.map((model) => predict(model, x));
    const expected = outputs[0]!.map((_, i) =>
      meanLogitsOutput(
        outputs.map((list) => list[i]!),
        outputs[0]![i]!.shape[1] === 1 ? binaryCrossentropy() : categoricalCrossentropy(),
      ),
    );
    predict(await roundTrip(ensemble), x).forEach((output, i) => {
      expectClose(output, expected[i]!);
    });
  });
});

describe('ensembleModel', () => {
  it('leaves the models alone', () => {
    const model = distinct(sequential(), 1);
    const [topology, before] = [
      JSON.stringify(model.toJSON()),
      model.getWeights().map((w) => w.dataSync().slice()),
    ];
    const ensemble = ensembleModel([model, model]);
    ensemble.setWeights(ensemble.getWeights().map((weight) => tf.zerosLike(weight)));
    expect(JSON.stringify(model.toJSON())).toBe(topology);
    expect(model.getWeights().map((w) => w.dataSync())).toEqual(before);
  });

  it('of one model is that model', () => {
    const model = distinct(sequential(), 1);
    const x = filled([2, 5]);
    expectClose(predict(ensembleModel([model]), x)[0]!, predict(model, x)[0]!);
  });

  it('refuses what does not fit together', () => {
    const other = tfl.sequential({layers: [layers.dense({units: 2, inputShape: [5]})]});
    expect(() => ensembleModel([])).toThrow(RegularizerError);
    expect(() => ensembleModel([sequential(), other])).toThrow(/different shapes/);
    expect(() => ensembleModel([other], {combine: 'logits'})).toThrow(
      expect.objectContaining({code: 'not-probabilities'}),
    );
    expect(() => ensembleModel([other], {combine: 'vote' as 'mean'})).toThrow(
      /combine must be one of mean, logits/,
    );
  });
});
