import {describeRegularizer, makeFixture} from '@regularizers/testing';
import {constraints, input, type LayersModel, layers, model, regularizers} from '@tensorflow/tfjs-layers';
import {
  clipGradients,
  elasticNet,
  fromModel,
  l1,
  l2,
  maxNorm,
  minMaxNorm,
  nonNegative,
  unitNorm,
  weightDecay,
} from '../src/index.ts';

describeRegularizer('l2', {create: () => l2({strength: 0.1}), idle: () => l2({strength: 0}), name: 'l2'});
describeRegularizer('l2, inside recurrent cells', {create: () => l2({strength: 0.1}), fixture: 'sequence'});
describeRegularizer('l1', {create: () => l1({strength: 0.01}), idle: () => l1({strength: 0}), name: 'l1'});
describeRegularizer('l1, proximal', {
  create: () => l1({strength: 0.1, proximal: true}),
  idle: () => l1({strength: 0, proximal: true}),
  fixture: 'images',
});
describeRegularizer('elasticNet', {
  create: () => elasticNet({l1: 0.01, l2: 0.1}),
  idle: () => elasticNet({l1: 0, l2: 0}),
  name: 'elasticNet',
});
describeRegularizer('elasticNet, proximal', {create: () => elasticNet({l1: 0.1, l2: 0.1, proximal: true})});
describeRegularizer('weightDecay', {
  create: () => weightDecay({rate: 0.1}),
  idle: () => weightDecay({rate: 0}),
  fixture: 'images',
  name: 'weightDecay',
});
describeRegularizer('maxNorm', {create: () => maxNorm({maxValue: 0.5}), fixture: 'images', name: 'maxNorm'});
describeRegularizer('unitNorm', {create: () => unitNorm(), name: 'unitNorm'});
describeRegularizer('nonNegative', {
  create: () => nonNegative({include: 'output/kernel'}),
  name: 'nonNegative',
});
describeRegularizer('minMaxNorm', {
  create: () => minMaxNorm({minValue: 0.4, maxValue: 0.6, rate: 0.5}),
  idle: () => minMaxNorm({rate: 0}),
  name: 'minMaxNorm',
});
for (const by of ['globalNorm', 'weightNorm', 'value', 'adaptive'] as const) {
  describeRegularizer(`clipGradients by ${by}`, {
    create: () => clipGradients({by, threshold: 0.01}),
    name: 'clipGradients',
  });
}

/** The classifier's data, and a model whose layers declare what this package covers. */
function declaringFixture(): ReturnType<typeof makeFixture> {
  const plain = makeFixture('classifier');
  const fixture = {...plain, model: declaringModel()};
  return {
    ...fixture,
    dispose() {
      fixture.model.dispose();
      plain.dispose();
    },
  };
}

function declaringModel(): LayersModel {
  const x = input({shape: [6]});
  const hidden = layers.dense({
    units: 5,
    name: 'hidden',
    activation: 'relu',
    kernelRegularizer: regularizers.l1l2({l1: 0.01, l2: 0.05}),
    kernelConstraint: constraints.maxNorm({maxValue: 0.8}),
  });
  const output = layers.dense({
    units: 3,
    name: 'output',
    activation: 'softmax',
    kernelRegularizer: regularizers.l2({l2: 0.05}),
    biasConstraint: constraints.nonNeg(),
  });
  const outputs = output.apply(hidden.apply(x) as ReturnType<typeof input>) as ReturnType<typeof input>;
  return model({inputs: x, outputs});
}

describeRegularizer('fromModel', {
  create: (fixture) => fromModel(fixture.model),
  fixture: declaringFixture,
  name: 'layerRegularizers',
});
