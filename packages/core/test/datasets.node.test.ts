// tf.data as people use it, types included: zip, batch, shuffle, repeat.
import type {StreamData} from '@regularizers/core';
import {data} from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {mlp, numbersOf, withKnownWeights} from './support/models.ts';
import {classData, errorOf, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

const rows = () => classData().x.arraySync() as number[][];
const labels = () => classData().y.arraySync() as number[][];

const datasets: Readonly<Record<string, () => StreamData>> = {
  'zip of an object': () => data.zip({xs: data.array(rows()), ys: data.array(labels())}).batch(4),
  'zip of a list': () =>
    data
      .zip([data.array(rows()), data.array(labels())])
      // As it is, batch would make one tensor of both.
      .map((pair) => ({x: (pair as number[][])[0]!, y: (pair as number[][])[1]!}))
      .batch(4),
  'map after batch': () =>
    data
      .array(rows())
      .batch(4)
      .map((x) => ({x, y: tf.slice(classData().y, 0, (x as tf.Tensor).shape[0])})),
  'a generator of examples': () =>
    data
      .generator(function* () {
        const y = labels();
        for (const [i, x] of rows().entries()) yield {xs: tf.tensor1d(x), ys: tf.tensor1d(y[i]!)};
      })
      .batch(4),
};

for (const [name, make] of Object.entries(datasets)) {
  test(`${name} type-checks and trains`, async () => {
    const model = withKnownWeights(mlp());
    const {history} = await trainerOf([], {model}).fit(make(), {epochs: 2, validation: make()});
    expect(history.map(({step}) => step)).toEqual([3, 6]);
    if (name === 'map after batch') return;
    const same = withKnownWeights(mlp());
    await trainerOf([], {model: same}).fit(classData(), {epochs: 2, batchSize: 4, shuffle: false});
    expectClose(numbersOf(model), numbersOf(same), 'trajectory');
  });
}

test('a dataset that is not batched is told to be', async () => {
  const dataset = data.zip({xs: data.array(rows()), ys: data.array(labels())});
  expect(await errorOf(() => trainerOf().fit(dataset))).toMatchObject({
    code: expect.stringMatching(/^data-/),
    hint: expect.stringContaining('dataset.batch(32)'),
  });
});
