// Plugins beside a frozen base whose features are computed once: they do to the head what they do to it in the whole
// model, or act on features, or are refused.
import {mixup, randomFlip} from '@regularizers/augmentation';
import {createTrainer, extractFeatures, type Regularizer, sgd, splitAtFrozen} from '@regularizers/core';
import {dropout} from '@regularizers/dropout';
import {earlyStopping} from '@regularizers/early-stopping';
import {bagging} from '@regularizers/ensembles';
import {l2} from '@regularizers/l2';
import {inputNoise} from '@regularizers/noise';
import {expectClose} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {initializers, type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';

/** A frozen convolution on pictures of 6 × 6, and a head. */
function convolutional(): LayersModel {
  const kernelInitializer = (seed: number) => initializers.glorotNormal({seed});
  return sequential({
    layers: [
      layers.conv2d({
        filters: 4,
        kernelSize: 3,
        activation: 'relu',
        inputShape: [6, 6, 1],
        kernelInitializer: kernelInitializer(1),
        trainable: false,
        name: 'conv',
      }),
      layers.batchNormalization({trainable: false, name: 'bn'}),
      layers.globalAveragePooling2d({name: 'pool'}),
      layers.dense({units: 6, activation: 'tanh', kernelInitializer: kernelInitializer(2), name: 'hidden'}),
      layers.dense({units: 3, activation: 'softmax', kernelInitializer: kernelInitializer(3), name: 'class'}),
    ],
  });
}

const pictures = () => tf.randomUniform([18, 6, 6, 1], 0, 1, 'float32', 7);
const classes = Array.from({length: 18}, (_, i) => i % 3);

/** The head by itself, with the weights that it has in the model. */
function headAlone(model: LayersModel): LayersModel {
  const [hidden, output] = ['hidden', 'class'].map((name) => model.getLayer(name));
  const head = sequential({
    layers: [
      layers.dense({units: 6, activation: 'tanh', inputShape: [4], name: 'hidden'}),
      layers.dense({units: 3, activation: 'softmax', name: 'class'}),
    ],
  });
  head.setWeights([hidden, output].flatMap((layer) => layer!.getWeights()));
  return head;
}

/** What a run comes to: losses, predictions, and the weights of the trained layers. */
async function outcome(
  way: 'whole' | 'split' | 'alone',
  regularizers: readonly Regularizer[],
): Promise<Record<'losses' | 'predictions' | 'weights', readonly number[]>> {
  const model = convolutional();
  const split = way === 'split' ? splitAtFrozen(model) : undefined;
  const trained = way === 'alone' ? headAlone(model) : (split?.head ?? model);
  const examples = pictures();
  const x =
    way === 'whole'
      ? examples.clone()
      : await extractFeatures(split?.base ?? model, examples, {output: 'pool', batchSize: 5});
  const trainer = createTrainer({
    model: trained,
    loss: 'sparseCategoricalCrossentropy',
    optimizer: sgd({learningRate: 0.5}),
    regularizers,
    initialWeights: 'model',
    seed: 2,
  });
  const {history, model: result} = await trainer.fit(
    {x, y: classes},
    {epochs: 6, batchSize: 4, validation: {split: 1 / 3, stratify: true}},
  );
  const predicted = trainer.predict(x) as tf.Tensor;
  const found = {
    losses: history.flatMap(({train, validation}) => [train.loss, validation?.['loss'] ?? Number.NaN]),
    predictions: [...predicted.dataSync()],
    // Of a split model those of the whole one: what is trained is in it.
    weights: (way === 'alone' ? trained : model).layers
      .filter(({name}) => name === 'hidden' || name === 'class')
      .flatMap((layer) => layer.getWeights())
      .flatMap((weight) => [...weight.dataSync()]),
  };
  trainer.dispose();
  tf.dispose([x, examples, predicted]);
  for (const part of new Set([model, trained, result])) part.dispose();
  return found;
}

type Found = Awaited<ReturnType<typeof outcome>>;

function expectAlike(actual: Found, expected: Found): void {
  for (const part of ['losses', 'predictions', 'weights'] as const) {
    // The same operations in the same order: JavaScript gives the same to the bit.
    if (tf.getBackend() === 'cpu') expect(actual[part], part).toEqual(expected[part]);
    else expectClose(actual[part], expected[part], 'training');
  }
}

const undrawn: readonly (readonly [string, () => Regularizer[]])[] = [
  ['a penalty', () => [l2({strength: 0.05})]],
  ['early stopping', () => [earlyStopping({patience: 1, minDelta: 0.02})]],
  ['bagging', () => [bagging({members: 3})]],
];

test.each(undrawn)(
  'with %s a head on features becomes what it becomes in the whole model',
  async (_, plugins) => {
    const before = tf.memory().numTensors;
    const split = await outcome('split', plugins());
    expectAlike(split, await outcome('whole', plugins()));
    // The plugin did something.
    expect(split.losses).not.toEqual((await outcome('split', [])).losses);
    expect(tf.memory().numTensors).toBe(before);
  },
);

// What is drawn at a site follows from its place in the model, which is another in the head: a mask is not that of the
// whole model, and is that of the head by itself.
const drawn: readonly (readonly [string, () => Regularizer[]])[] = [
  ['dropout', () => [dropout({rate: 0.4, at: 'hidden'})]],
  ['mixup', () => [mixup({alpha: 0.4})]],
  [
    'all of them',
    () => [mixup(), dropout({rate: 0.4, at: 'hidden'}), l2({strength: 0.05}), earlyStopping({patience: 2})],
  ],
];

test.each(drawn)('with %s a head becomes what it becomes alone, on features', async (_, plugins) => {
  const before = tf.memory().numTensors;
  const split = await outcome('split', plugins());
  expectAlike(split, await outcome('alone', plugins()));
  expect(split.losses).not.toEqual((await outcome('split', [])).losses);
  expect(tf.memory().numTensors).toBe(before);
});

test('inputs of the head are features: mixup mixes them, and noise is added to them', async () => {
  const plain = await outcome('split', []);
  for (const plugin of [mixup({alpha: 0.4}), inputNoise({sigma: 0.1})]) {
    const {losses} = await outcome('split', [plugin]);
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(losses).not.toEqual(plain.losses);
  }
});

test('what changes pictures is refused by its name, and trains the whole model', async () => {
  await expect(outcome('split', [randomFlip()])).rejects.toMatchObject({
    name: 'RegularizerError',
    where: expect.stringContaining('randomFlip'),
  });
  const {losses} = await outcome('whole', [randomFlip()]);
  expect(losses.every(Number.isFinite)).toBe(true);
});
