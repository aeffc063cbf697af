// Batch normalization: of masked sequences as in Keras, value for value, and without scale or offset, where tfjs stops.
import {sgd} from '@regularizers/core';
import {orRefused} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {waves} from './support/data.ts';
import {dense, embedding, lstm, masking} from './support/masked-models.ts';
import {kerasNormalization} from './support/normalization.keras.ts';
import {trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

// The models of keras/normalization.py, with the same numbers.

const counted = (): tf.Tensor =>
  tf.tensor3d([1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1], [4, 5, 1]);
const tokens = (): tf.Tensor =>
  tf.tensor2d([1, 2, 3, 0, 0, 0, 4, 5, 1, 2, 0, 0, 0, 0, 0, 2, 1, 4, 3, 5], [4, 5], 'int32');
const sequences = (): tf.Tensor => tf.mul(waves([4, 5, 2]), counted());

const norm = (more: object = {}): layers.Layer =>
  layers.batchNormalization({momentum: 0.9, name: 'bn', ...more});
const of = (...parts: layers.Layer[]): LayersModel => sequential({layers: parts});

function shared(): LayersModel {
  const x = input({shape: [5, 2], name: 'x'});
  const both = norm();
  const apply = (layer: layers.Layer, value: SymbolicTensor) => layer.apply(value) as SymbolicTensor;
  const masked = apply(both, apply(lstm(3), apply(layers.masking({name: 'masking'}), x)));
  const free = apply(both, apply(dense(3, 'wide'), x));
  return model({inputs: x, outputs: [apply(dense(2, 'masked'), masked), apply(dense(2, 'free'), free)]});
}

const models: Readonly<Record<keyof typeof kerasNormalization, () => LayersModel>> = {
  first: () => of(masking(), norm(), lstm(3), dense()),
  last: () => of(masking(), lstm(3), norm(), dense()),
  bare: () => of(masking(), norm({center: false, scale: false}), dense()),
  withoutScale: () => of(masking(), norm({scale: false}), dense()),
  tokens: () => of(embedding(), norm(), dense()),
  shared,
  frozen: () =>
    of(
      layers.dense({units: 3, inputShape: [5, 2], name: 'first'}),
      norm({center: false, scale: false, trainable: false}),
      dense(),
    ),
  unmasked: () => of(norm({center: false, inputShape: [5, 2]}), dense()),
};

/** Weights that are trained; moving averages begin as they do. */
function withKnown(made: LayersModel): LayersModel {
  let seen = 0;
  for (const weight of made.trainableWeights) {
    const {shape, size} = weight.read();
    const values = Float32Array.from({length: size}, (_, i) => 0.6 * Math.sin(2.3 * (seen + i) + 0.5));
    weight.write(tf.tensor(values, shape));
    seen += size;
  }
  return made;
}

const numbersIn = (weights: LayersModel['weights']) => weights.flatMap((one) => [...one.read().dataSync()]);

const executions = () =>
  tf.getBackend() === 'tensorflow' ? (['eager', 'captured'] as const) : (['eager'] as const);

for (const [name, make] of Object.entries(models)) {
  test(
    `${name}: four steps of Keras, op by op and captured`,
    orRefused(name === 'tokens' ? ['UnsortedSegmentSum'] : [], async () => {
      const keras = kerasNormalization[name as keyof typeof kerasNormalization];
      for (const execution of executions()) {
        const made = withKnown(make());
        const trainer = trainerOf([], {
          model: made,
          loss: 'meanSquaredError',
          optimizer: sgd({learningRate: 0.2}),
          execution,
        });
        const target = waves([4, 5, 2], 0.9);
        const y = made.outputs.length > 1 ? [target, target] : target;
        const data = {x: name === 'tokens' ? tokens() : sequences(), y};
        const {history} = await trainer.fit(data, {epochs: 4, batchSize: 4, shuffle: false});
        const losses = history.map(({train}) => train.loss);
        const {loss: evaluated} = await trainer.evaluate(data);
        expectClose(losses, keras.losses, 'trajectory');
        trainer.dispose();
        // Of two uses, TensorFlow.js and Keras call the other one first: averages move likewise, in another order.
        if (name === 'shared') continue;
        expectClose(numbersIn(made.trainableWeights), keras.trained, 'trajectory');
        expectClose(numbersIn(made.nonTrainableWeights), keras.statistics, 'trajectory');
        expectClose([evaluated], [keras.evaluated], 'trajectory');
      }
    }),
  );
}

test('a frozen one may be anywhere: it takes no statistics', async () => {
  const made = of(masking(), norm({trainable: false}), lstm(3), dense());
  const before = numbersIn(made.nonTrainableWeights);
  const trainer = trainerOf([], {model: made, loss: 'meanSquaredError'});
  await trainer.fit({x: sequences(), y: waves([4, 5, 2])});
  expect(numbersIn(made.nonTrainableWeights)).toEqual(before);
  trainer.dispose();
});
