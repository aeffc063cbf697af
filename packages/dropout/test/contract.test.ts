import {describeRegularizer, describeTechniques, type Fixture, makeFixture} from '@regularizers/testing';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {fromModel, techniques} from '../src/index.ts';

describeTechniques(techniques);

describeRegularizer('fromModel', {create: ({model}) => fromModel(model), fixture: withDropoutLayers});

/** The classifier's data, and a model that declares one layer of each class. */
function withDropoutLayers(): Fixture {
  const fixture = makeFixture('classifier');
  fixture.model.dispose();
  const model = sequential({
    layers: [
      layers.dense({name: 'hidden', units: 8, activation: 'selu', inputShape: [6]}),
      layers.alphaDropout({name: 'alpha', rate: 0.1}),
      layers.repeatVector({name: 'repeat', n: 2}),
      layers.spatialDropout1d({name: 'spatial', rate: 0.25}),
      layers.flatten({name: 'flatten'}),
      layers.gaussianDropout({name: 'gaussian', rate: 0.2}),
      layers.dropout({name: 'plain', rate: 0.5, seed: 1}),
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
