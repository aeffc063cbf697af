// What changes under a trainer's feet is noticed: the model, and the backend.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, type Sequential} from '@tensorflow/tfjs-layers';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {cnn, mlp, nested, normalizedMlp, numbersOf, shared, withKnownWeights} from './support/models.ts';
import {classData, errorOf, trainerOf} from './support/trainers.ts';

const changes: Readonly<Record<string, [() => LayersModel, (model: LayersModel) => void]>> = {
  'a layer is frozen': [mlp, (model) => setTrainable(model, 'hidden', false)],
  'a layer within is frozen': [nested, (model) => setTrainable(model, 'inner', false)],
  'a layer that is used twice is frozen': [shared, (model) => setTrainable(model, 'shared', false)],
  'batch statistics are frozen': [normalizedMlp, (model) => setTrainable(model, 'bn', false)],
  'the model is frozen': [
    mlp,
    (model) => {
      model.trainable = false;
    },
  ],
  'a layer is added': [mlp, (model) => (model as Sequential).add(layers.dense({units: 3}))],
};

function setTrainable(model: LayersModel, layer: string, trainable: boolean): void {
  model.getLayer(layer).trainable = trainable;
}

for (const [what, [make, change]] of Object.entries(changes)) {
  test(`${what} after the trainer was made`, async () => {
    const model = withKnownWeights(make());
    const trainer = trainerOf([], {model});
    // Sorted: tfjs lists the weights of frozen layers last.
    const before = numbersOf(model).sort();
    change(model);
    expect(await errorOf(() => trainer.fit(classData()))).toMatchObject({
      code: 'model-changed',
      where: 'trainer',
    });
    if (what !== 'a layer is added') expect(numbersOf(model).sort()).toEqual(before);
  });

  test(`${what} while it trains`, async () => {
    const model = withKnownWeights(make());
    const trainer = trainerOf([], {model});
    const fit = trainer.fit(classData(), {
      epochs: 3,
      onEpoch: ({epoch}) => (epoch === 1 ? change(model) : undefined),
    });
    expect(await errorOf(() => fit)).toMatchObject({code: 'model-changed'});
  });
}

test('a layer that thaws is noticed too, and one that is as before is not', async () => {
  const model = withKnownWeights(mlp());
  setTrainable(model, 'hidden', false);
  const trainer = trainerOf([], {model});
  setTrainable(model, 'hidden', true);
  expect(await errorOf(() => trainer.fit(classData()))).toMatchObject({code: 'model-changed'});
  setTrainable(model, 'hidden', false);
  const {history} = await trainer.fit(classData());
  expect(history).toHaveLength(1);
});

test('a model that is disposed of, before the trainer, before fit and within it', async () => {
  const disposed = cnn();
  disposed.dispose();
  expect(await errorOf(() => trainerOf([], {model: disposed}))).toMatchObject({code: 'model-disposed'});
  const before = mlp();
  const trainer = trainerOf([], {model: before});
  before.dispose();
  expect(await errorOf(() => trainer.fit(classData()))).toMatchObject({code: 'model-disposed'});
  const within = mlp();
  const fit = trainerOf([], {model: within}).fit(classData(), {
    epochs: 3,
    onEpoch: ({epoch}) => {
      if (epoch === 1) within.dispose();
    },
  });
  expect(await errorOf(() => fit)).toMatchObject({code: 'model-disposed'});
});

// The cpu backend or, from it, one of another name that is made as it is. Two of WebGL would share one context, and each
// would believe that its own program is bound there.
let other = 'cpu';
let first = '';

beforeAll(() => {
  first = tf.getBackend();
  if (first !== 'cpu') return;
  other = 'another';
  tf.registerBackend(other, tf.findBackendFactory(first), 0);
  tf.copyRegisteredKernels(first, other);
});

afterAll(async () => {
  await tf.setBackend(first);
  if (other === 'another') tf.removeBackend(other);
});

for (const hook of ['onStep', 'onEpoch'] as const) {
  test(`a backend that is switched in ${hook}`, async () => {
    const model = withKnownWeights(mlp());
    const trainer = trainerOf([], {model});
    let calls = 0;
    const error = await errorOf(() =>
      trainer.fit(classData(), {
        epochs: 4,
        batchSize: 5,
        [hook]: async () => {
          calls += 1;
          if (calls === 2) await tf.setBackend(other);
        },
      }),
    );
    expect(tf.getBackend()).toBe(first);
    expect(error).toMatchObject({code: 'backend-changed', where: 'trainer'});
    expect(calls).toBe(2);
    expect(numbersOf(model).every(Number.isFinite)).toBe(true);
  });
}
