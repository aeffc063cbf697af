import {createTrainer, type Regularizer, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import {describe, expect, it} from 'vitest';
import {
  cutmix,
  mixup,
  pipeline,
  randomAffine,
  randomBrightness,
  randomErasing,
  randomFlip,
  randomShift,
} from '../src/index.ts';
import {someImages} from './harness.ts';

const settings = {epochs: 2, batchSize: 4};

function classifier(): layers.LayersModel {
  return layers.sequential({
    layers: [
      layers.layers.averagePooling2d({poolSize: 2, strides: 1, inputShape: [6, 6, 1]}),
      layers.layers.flatten(),
      layers.layers.dense({units: 3, activation: 'softmax'}),
    ],
  });
}

function trainerOf(regularizers: Regularizer[]) {
  return createTrainer({
    model: classifier(),
    loss: 'categoricalCrossentropy',
    optimizer: sgd({learningRate: 0.1}),
    regularizers,
    seed: 1,
  });
}

describe('in a trainer', () => {
  it('runs in the declared order, however it is listed', () => {
    const listed = trainerOf([cutmix(), randomErasing(), mixup(), randomBrightness(), randomFlip()]);
    expect(listed.explain()).toMatch(/batch +randomBrightness → randomFlip → randomErasing → cutmix → mixup/);
    const techniques = [randomErasing(), randomFlip()];
    const piped = trainerOf([
      mixup(),
      randomErasing(),
      pipeline(techniques),
      pipeline(techniques, {name: 'again'}),
    ]);
    expect(piped.explain()).toMatch(/batch +pipeline → again → randomErasing → mixup/);
  });

  it('trains with all of it at once', async () => {
    const trainer = trainerOf([
      pipeline([
        randomFlip(),
        randomShift({pixels: 2, fillMode: 'reflect'}),
        randomAffine({fillMode: 'reflect'}),
        randomBrightness(),
      ]),
      randomErasing(),
      mixup(),
      cutmix(),
    ]);
    const y = tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2, 0, 1], 'int32'), 3);
    const {history} = await trainer.fit({x: someImages([8, 6, 6, 1]), y}, settings);
    for (const {train} of history) expect(Number.isFinite(train.loss)).toBe(true);
  });

  it('augments the vectors of a dense autoencoder, targets included', async () => {
    const model = layers.sequential({
      layers: [
        layers.layers.dense({units: 4, activation: 'relu', inputShape: [36]}),
        layers.layers.dense({units: 36, activation: 'sigmoid'}),
      ],
    });
    const x = tf.reshape(someImages([8, 6, 6, 1]), [8, 36]);
    const optimizer = sgd({learningRate: 0.1});
    const plugin = randomShift({pixels: 1, imageShape: [6, 6, 1], targets: 'transform'});
    const trainer = createTrainer({
      model,
      loss: 'binaryCrossentropy',
      optimizer,
      regularizers: [plugin],
      seed: 1,
    });
    const {history} = await trainer.fit({x, y: x}, settings);
    expect(history).toHaveLength(2);
    const refused = randomShift({pixels: 1, imageShape: [6, 6, 1]});
    expect(() =>
      createTrainer({model, loss: 'binaryCrossentropy', optimizer, regularizers: [refused]}),
    ).toThrow('is an image as well');
  });
});
