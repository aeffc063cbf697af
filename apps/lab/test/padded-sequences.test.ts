// Every technique trains a model of padded sequences without looking at what the targets of padding hold, or is refused.
import {createTrainer, sgd} from '@regularizers/core';
import {tolerance} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';
import {describe, expect, test} from 'vitest';
import {sampled} from '../../../vitest/share.ts';
import {createRegularizers, techniques} from '../src/regularizers.ts';

const [examples, steps, features, classes] = [6, 4, 2, 3];
const lengths = [4, 1, 3, 2, 4, 3];

const counts = () =>
  tf.tensor2d(
    lengths.flatMap((length) => Array.from({length: steps}, (_, s) => Number(s < length))),
    [examples, steps],
  );

function sequences(): tf.Tensor {
  const values = Array.from({length: examples * steps * features}, (_, i) => 0.5 + 0.4 * Math.sin(1.7 * i));
  return tf.mul(tf.tensor3d(values, [examples, steps, features]), tf.expandDims(counts(), -1));
}

/** Classes of steps; of padding, one and the same, whichever. */
function labels(ofPadding: number): tf.Tensor {
  const numbers = tf.range(0, examples * steps, 1, 'int32');
  const right = tf.reshape(tf.mod(numbers, tf.scalar(classes, 'int32')), [examples, steps]);
  return tf.where(tf.greater(counts(), 0), right, tf.fill([examples, steps], ofPadding, 'int32'));
}

/** With sites and weights of the names that techniques' examples have. */
function tagger(): LayersModel {
  return sequential({
    layers: [
      layers.masking({inputShape: [steps, features], name: 'masking'}),
      layers.gru({units: 4, returnSequences: true, recurrentInitializer: 'glorotNormal', name: 'recurrent'}),
      layers.dense({units: 4, activation: 'tanh', name: 'hidden1'}),
      layers.dense({units: 4, activation: 'tanh', name: 'hidden2'}),
      layers.dense({units: classes, activation: 'softmax', name: 'output'}),
    ],
  });
}

/** What training leaves the model with, and its rows, without their times. */
async function trained(technique: {name: string; options: object}, ofPadding: number): Promise<number[]> {
  const {name, options} = technique;
  const trainer = createTrainer({
    model: tagger(),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
    optimizer: sgd({learningRate: 0.5}),
    regularizers: createRegularizers([{name, ...options}]),
    initialWeights: 'seed',
    seed: 3,
  });
  const data = {x: sequences(), y: labels(ofPadding)};
  const {history} = await trainer.fit(data, {epochs: 2, batchSize: 4, validation: data});
  const output = tf.mul(trainer.predict(data.x) as tf.Tensor, tf.expandDims(counts(), -1));
  trainer.dispose();
  return [
    ...output.dataSync(),
    ...history.flatMap(({train, validation}) => [...Object.values(train), ...Object.values(validation!)]),
  ];
}

/** Options that suit the model, where those of a technique's example do not. */
const suited: Readonly<Record<string, object>> = {
  alphaDropout: {at: 'hidden*'},
  spatialDropout: {at: 'recurrent'},
  snapshots: {cycles: 2},
  softShare: {include: 'hidden*/kernel'},
};

/** What does not go with such a model says so: it is of pictures, of other layers, of one class per example, or mixes. */
const refused: Readonly<Record<string, string>> = {
  balancedSampling: 'no-classes',
  convolve: 'shape-mismatch',
  cutmix: 'no-image-input',
  cutout: 'no-image-input',
  dropBlock: 'nothing-selected',
  mixup: 'not-mixable',
  pipeline: 'no-image-input',
  randomAffine: 'no-image-input',
  randomBrightness: 'no-image-input',
  randomContrast: 'no-image-input',
  randomCrop: 'no-image-input',
  randomErasing: 'no-image-input',
  randomFlip: 'no-image-input',
  randomGrayscale: 'no-image-input',
  randomHue: 'no-image-input',
  randomInvert: 'no-image-input',
  randomSaturation: 'no-image-input',
  randomShift: 'no-image-input',
  share: 'nothing-selected',
  stochasticDepth: 'nothing-selected',
  tie: 'nothing-selected',
};

const all = techniques.map(({name, example = {}}) => ({name, options: suited[name] ?? example}));

describe.each(sampled(all))('$name', (technique) => {
  const code = refused[technique.name];
  test(code === undefined ? 'does not look at padding' : 'is refused', async () => {
    if (code !== undefined) {
      await expect(trained(technique, 0)).rejects.toMatchObject({name: 'RegularizerError', code});
      return;
    }
    const [one, other] = [await trained(technique, 0), await trained(technique, 2)];
    expect(one.every(Number.isFinite)).toBe(true);
    for (const [i, value] of one.entries()) {
      expect(Math.abs(value - other[i]!)).toBeLessThanOrEqual(
        tolerance('training') * Math.max(1, Math.abs(value)),
      );
    }
  });
});
