import {describeRegularizer, type Fixture, makeFixture} from '@regularizers/testing';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {
  activationNoise,
  fromModel,
  gradientNoise,
  inputNoise,
  labelSmoothing,
  weightNoise,
} from '../src/index.ts';

describeRegularizer('inputNoise', {create: () => inputNoise(), idle: () => inputNoise({sigma: 0})});

describeRegularizer('inputNoise, salt and pepper', {
  create: () => inputNoise({distribution: 'saltAndPepper'}),
  idle: () => inputNoise({distribution: 'saltAndPepper', probability: 0}),
  fixture: 'images',
});

describeRegularizer('inputNoise, masking', {
  create: () => inputNoise({distribution: 'masking'}),
  idle: () => inputNoise({distribution: 'masking', probability: 0}),
  fixture: 'autoencoder',
});

describeRegularizer('labelSmoothing', {
  create: () => labelSmoothing({epsilon: 0.1}),
  idle: () => labelSmoothing({epsilon: 0}),
});

describeRegularizer('weightNoise', {
  create: () => weightNoise({sigma: 0.05}),
  idle: () => weightNoise({sigma: 0}),
  fixture: 'sequence',
});

describeRegularizer('gradientNoise', {
  create: () => gradientNoise(),
  idle: () => gradientNoise({eta: 0}),
});

describeRegularizer('activationNoise', {
  create: () => activationNoise({at: 'hidden*'}),
  idle: () => activationNoise({at: 'hidden*', sigma: 0}),
});

describeRegularizer('fromModel', {create: ({model}) => fromModel(model), fixture: withNoiseLayer});

/** The classifier's data, and a model that declares a GaussianNoise layer. */
function withNoiseLayer(): Fixture {
  const fixture = makeFixture('classifier');
  fixture.model.dispose();
  const model = sequential({
    layers: [
      layers.gaussianNoise({name: 'noise', stddev: 0.2, inputShape: [6]}),
      layers.dense({name: 'hidden', units: 8, activation: 'relu'}),
      layers.dense({name: 'output', units: 3, activation: 'softmax'}),
    ],
  });
  return {
    ...fixture,
    model,
    dispose() {
      model.dispose();
      const {x, y, validation} = fixture;
      for (const tensor of [x, y, validation.x, validation.y]) tensor.dispose();
    },
  };
}
