import {describeRegularizer, describeTechniques, type Fixture, makeFixture} from '@regularizers/testing';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {fromModel, techniques} from '../src/index.ts';

describeTechniques(techniques);

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
