import {describeRegularizer, describeTechniques, makeFixture} from '@regularizers/testing';
import {constraints, input, type LayersModel, layers, model, regularizers} from '@tensorflow/tfjs-layers';
import {fromModel, techniques} from '../src/index.ts';

describeTechniques(techniques);

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
