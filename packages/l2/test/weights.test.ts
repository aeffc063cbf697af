// What the techniques touch where nobody says what.
import {createTrainer, defineRegularizer, type Regularizer, type SetupContext, sgd} from '@regularizers/core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {elasticNet, l1, l2, maxNorm, minMaxNorm, nonNegative, unitNorm, weightDecay} from '../src/index.ts';

/** Weights of rank 2 and more that are kernels, and some that are not. */
function contextOfModel(): SetupContext {
  const model = sequential({
    layers: [
      layers.embedding({name: 'words', inputDim: 5, outputDim: 4, inputLength: 6}),
      layers.prelu({name: 'slopes'}),
      layers.layerNormalization({name: 'norm', axis: [1, 2]}),
      layers.conv1d({name: 'conv', filters: 2, kernelSize: 3}),
      layers.lstm({name: 'lstm', units: 3, recurrentInitializer: 'glorotUniform'}),
      layers.dense({name: 'dense', units: 2}),
    ],
  });
  let context: SetupContext | undefined;
  const probe = defineRegularizer({
    name: 'probe',
    setup: (given) => {
      context = given;
      return {};
    },
  });
  createTrainer({
    model,
    loss: 'meanSquaredError',
    optimizer: sgd({learningRate: 1}),
    regularizers: [probe],
  }).dispose();
  model.dispose();
  return context!;
}

const factories: Readonly<Record<string, () => Regularizer>> = {
  l2,
  l1,
  elasticNet,
  weightDecay,
  maxNorm,
  unitNorm,
  nonNegative,
  minMaxNorm,
};

for (const [name, factory] of Object.entries(factories)) {
  test(`${name} touches kernels and embeddings, and no weight that is one number per element`, () => {
    const context = contextOfModel();
    const high = context.weights.filter(({shape}) => shape.length > 1).map((weight) => weight.name);
    expect(high).toEqual(expect.arrayContaining(['slopes/alpha', 'norm/gamma', 'norm/beta']));
    const {plan} = factory().setup!(context);
    expect(Object(plan).names ?? plan).toEqual([
      'words/embeddings',
      'conv/kernel',
      'lstm/kernel',
      'lstm/recurrent_kernel',
      'dense/kernel',
    ]);
  });
}
