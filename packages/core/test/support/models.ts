import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';

/** Dense 4 → 5 → 3, softmax. */
export function mlp(): LayersModel {
  return sequential({
    layers: [
      layers.dense({units: 5, activation: 'tanh', inputShape: [4], name: 'hidden'}),
      layers.dense({units: 3, activation: 'softmax', name: 'output'}),
    ],
  });
}

/** Dense 4 → 5, batch normalization, 5 → 3, softmax. */
export function normalizedMlp(): LayersModel {
  return sequential({
    layers: [
      layers.dense({units: 5, activation: 'tanh', inputShape: [4], name: 'hidden'}),
      layers.batchNormalization({name: 'bn', momentum: 0.9}),
      layers.dense({units: 3, activation: 'softmax', name: 'output'}),
    ],
  });
}

/** Convolution, batch normalization, pooling, dense on 6 × 6 images. */
export function cnn(): LayersModel {
  return sequential({
    layers: [
      layers.conv2d({filters: 3, kernelSize: 3, inputShape: [6, 6, 1], name: 'conv'}),
      layers.batchNormalization({name: 'bn', momentum: 0.9}),
      layers.activation({activation: 'relu', name: 'relu'}),
      layers.maxPooling2d({poolSize: 2, name: 'pool'}),
      layers.flatten({name: 'flat'}),
      layers.dense({units: 3, activation: 'softmax', name: 'output'}),
    ],
  });
}

/** An LSTM over 4 steps of 2 features. */
export function recurrent(): LayersModel {
  return sequential({
    layers: [
      layers.lstm({units: 3, inputShape: [4, 2], recurrentInitializer: 'glorotNormal', name: 'lstm'}),
      layers.dense({units: 1, name: 'output'}),
    ],
  });
}

/** A model in a model. */
export function nested(): LayersModel {
  const inner = sequential({
    name: 'inner',
    layers: [
      layers.dense({units: 5, activation: 'tanh', inputShape: [4], name: 'a'}),
      layers.dense({units: 4, activation: 'tanh', name: 'b'}),
    ],
  });
  const x = input({shape: [4], name: 'x'});
  const y = layers.dense({units: 3, activation: 'softmax', name: 'output'}).apply(inner.apply(x));
  return model({inputs: x, outputs: y as SymbolicTensor, name: 'outer'});
}

/** One layer that is used twice in a row. */
export function shared(): LayersModel {
  const x = input({shape: [4], name: 'x'});
  const layer = layers.dense({units: 4, activation: 'tanh', name: 'shared'});
  const twice = layer.apply(layer.apply(x));
  const y = layers.dense({units: 3, activation: 'softmax', name: 'output'}).apply(twice);
  return model({inputs: x, outputs: y as SymbolicTensor});
}

/** Two outputs of one input: classes and a number. */
export function twoHeaded(): LayersModel {
  const x = input({shape: [4], name: 'x'});
  const h = layers.dense({units: 5, activation: 'tanh', name: 'hidden'}).apply(x);
  const digit = layers.dense({units: 3, activation: 'softmax', name: 'digit'}).apply(h);
  const size = layers.dense({units: 1, name: 'size'}).apply(h);
  return model({inputs: x, outputs: [digit, size] as SymbolicTensor[]});
}

/** One linear unit without an activation: closed forms are easy. */
export function linear(features = 2, units = 1): LayersModel {
  return sequential({
    layers: [layers.dense({units, inputShape: [features], useBias: false, name: 'linear'})],
  });
}

/** Gives a model weights that are the same on every backend: small waves, and 1 for variances. */
export function withKnownWeights<T extends LayersModel>(made: T): T {
  tf.tidy(() => {
    let seen = 0;
    made.setWeights(
      made.weights.map(({shape, originalName}) => {
        const dims = shape.map((n) => n ?? 1);
        const size = dims.reduce((product, n) => product * n, 1);
        const offset = seen;
        seen += size;
        if (/variance|gamma/.test(originalName)) return tf.ones(dims);
        const values = Array.from({length: size}, (_, i) => 0.6 * Math.sin(2.3 * (offset + i) + 0.5));
        return tf.tensor(values, dims);
      }),
    );
  });
  return made;
}

/** A model's weights as plain numbers, in its own order. */
export function numbersOf(made: LayersModel): number[] {
  return made.getWeights().flatMap((weight) => Array.from(weight.dataSync()));
}
