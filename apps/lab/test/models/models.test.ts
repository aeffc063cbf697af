import {RegularizerError} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';
import {afterEach, describe, expect, test} from 'vitest';
import {autoencoderTies} from '../../src/models/autoencoder.ts';
import {buildModel, type ModelRecipe, modelNames} from '../../src/models/catalog.ts';
import type {ModelPorts} from '../../src/models/ports.ts';

const pictures: ModelPorts = {inputShape: [28, 28, 1], kind: 'classification', outputs: 10};
const mirrored: ModelPorts = {inputShape: [28, 28, 1], kind: 'autoencoding', outputs: 784};

let built: LayersModel[] = [];
const build = (recipe: ModelRecipe, ports: ModelPorts): LayersModel => {
  const model = buildModel(recipe, ports);
  built.push(model);
  return model;
};
afterEach(() => {
  for (const model of built) model.dispose();
  built = [];
});

const outputOf = (model: LayersModel, inputShape: readonly number[]): tf.Tensor =>
  tf.tidy(() => model.predict(tf.zeros([3, ...inputShape])) as tf.Tensor);

// dense i → o has i·o + o weights, a 3 × 3 convolution without bias 9·i·o, batch normalization 4 per channel
const known: readonly (readonly [ModelRecipe, ModelPorts, readonly number[], number])[] = [
  // 784·256+256 + 256·128+128 + 128·10+10
  [{name: 'mlp'}, pictures, [3, 10], 235_146],
  // 2·8+8 + 8·1+1
  [{name: 'mlp', hidden: [8]}, {inputShape: [2], kind: 'regression', outputs: 1}, [3, 1], 33],
  // 9·16 + 4·16 + 9·16·32 + 4·32 + (7·7·32)·64+64 + 64·10+10
  [{name: 'cnn'}, pictures, [3, 10], 144 + 64 + 4608 + 128 + 100_416 + 650],
  // stem 9·4+16; block1 2·(9·16+16); block2 9·4·6+24 + 9·36+24 + 4·6 shortcut with its bias left out; 6·10+10
  [{name: 'residual', blocks: [4, 6]}, pictures, [3, 10], 52 + 320 + 240 + 348 + 24 + 70],
  // 784·128+128 + 128·32+32 + 32·128+128 + 128·784+784
  [{name: 'autoencoder'}, mirrored, [3, 28, 28, 1], 100_480 + 4128 + 4224 + 101_136],
  // lstm 4·((2+32)·32+32) + 32·6+6
  [{name: 'recurrent'}, {inputShape: [32, 2], kind: 'classification', outputs: 6}, [3, 6], 4480 + 198],
  // both ways, 2·4·((28+8)·8+8), then 4·((16+4)·4+4), then 4·10+10
  [{name: 'recurrent', units: [8, 4], bidirectional: true}, pictures, [3, 10], 2368 + 2 * 4 * 84 + 90],
  // simple (1+5)·5+5 + 5·1+1
  [
    {name: 'recurrent', cell: 'simple', units: [5]},
    {inputShape: [7, 1], kind: 'regression', outputs: 1},
    [3, 1],
    41,
  ],
];

test.each(known)('%j has the weights that its sizes say', (recipe, ports, shape, weights) => {
  const model = build(recipe, ports);
  expect(model.countParams()).toBe(weights);
  const output = outputOf(model, ports.inputShape);
  expect(output.shape).toEqual(shape);
  if (ports.kind === 'classification') {
    for (const sum of tf.tidy(() => tf.sum(output, 1).dataSync())) expect(sum).toBeCloseTo(1, 4);
  }
  output.dispose();
});

test('a default model of each name is plain: its own layer names, nothing stochastic, nothing penalized', () => {
  for (const name of modelNames) {
    const model = build({name}, name === 'autoencoder' ? mirrored : pictures);
    expect(model.losses).toEqual([]);
    for (const layer of model.layers) {
      expect(layer.getClassName()).not.toMatch(/Dropout|Noise/);
      expect(layer.name).not.toMatch(/^(dense|conv2d|batch_normalization|activation|re_lu|add)_/);
    }
  }
});

test('the same model can be built twice', () => {
  const names = (model: LayersModel): string[] => model.layers.map((layer) => layer.name);
  expect(names(build({name: 'cnn'}, pictures))).toEqual(names(build({name: 'cnn'}, pictures)));
});

test('each block of the residual network adds a layer that stochastic depth can find', () => {
  const model = build({name: 'residual', blocks: [4, 4, 8]}, pictures);
  for (const block of ['block1', 'block2', 'block3']) {
    const inputs = model.getLayer(`${block}_add`).input as SymbolicTensor[];
    expect(inputs.length).toBe(2);
    expect(inputs[1]).toBe(model.getLayer(`${block}_residual`).output);
  }
  // A change of size needs a shortcut; without one the branch is added to the block's input itself.
  expect(() => model.getLayer('block2_shortcut')).toThrow();
  expect(model.getLayer('block3_shortcut').output).toMatchObject({shape: [null, 14, 14, 8]});
});

describe('the autoencoder', () => {
  test('mirrors its kernels', () => {
    const recipe = {name: 'autoencoder', encoder: [40, 20, 5]} satisfies ModelRecipe;
    const model = build(recipe, mirrored);
    const shapeOf = (weight: string): number[] =>
      (model.getLayer(weight.split('/')[0]!).getWeights()[0] as tf.Tensor).shape;
    const ties = autoencoderTies(recipe);
    expect(ties.map(({source, target}) => [source, target])).toEqual([
      ['enc1/kernel', 'dec1/kernel'],
      ['enc2/kernel', 'dec2/kernel'],
      ['enc3/kernel', 'dec3/kernel'],
    ]);
    for (const {source, target} of ties) expect(shapeOf(target)).toEqual(shapeOf(source).reverse());
  });

  test('leaves rows of values as rows', () => {
    const model = build(
      {name: 'autoencoder', encoder: [1]},
      {inputShape: [2], kind: 'autoencoding', outputs: 2},
    );
    const output = outputOf(model, [2]);
    expect(output.shape).toEqual([3, 2]);
    output.dispose();
  });
});

describe('what cannot be built is refused', () => {
  const codeOf = (recipe: ModelRecipe, ports: ModelPorts): string => {
    try {
      build(recipe, ports);
    } catch (error) {
      if (RegularizerError.isInstance(error)) return error.code;
      throw error;
    }
    return 'no error';
  };
  const rows: ModelPorts = {inputShape: [2], kind: 'classification', outputs: 2};

  test.each<[string, ModelRecipe, ModelPorts, string]>([
    ['pictures of rows', {name: 'cnn'}, rows, 'wrong-data'],
    ['a picture too small to halve', {name: 'cnn'}, {...pictures, inputShape: [3, 3, 1]}, 'wrong-data'],
    ['a residual network of rows', {name: 'residual'}, rows, 'wrong-data'],
    ['sequences of rows', {name: 'recurrent'}, rows, 'wrong-data'],
    ['an autoencoder of classes', {name: 'autoencoder'}, pictures, 'wrong-data'],
    ['classes of an autoencoder', {name: 'mlp'}, mirrored, 'wrong-data'],
    ['no units', {name: 'mlp', hidden: [0]}, pictures, 'bad-option'],
    ['a cell that is none', {name: 'recurrent', cell: 'elman'} as never, pictures, 'bad-option'],
    ['an option that is none', {name: 'mlp', dropout: 0.5} as never, pictures, 'bad-option'],
    ['a model that is none', {name: 'transformer'} as never, pictures, 'bad-option'],
  ])('%s', (_, recipe, ports, code) => {
    expect(codeOf(recipe, ports)).toBe(code);
  });
});
