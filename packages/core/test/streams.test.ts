// Streams of batches, as tf.data makes them: equal to arrays that are not shuffled.
import {type Dataset, defineRegularizer, type StreamElement} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {mlp, numbersOf, withKnownWeights} from './support/models.ts';
import {siteNoise} from './support/plugins.ts';
import {streamOf} from './support/streams.ts';
import {classData, errorOf, timeless, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

test('a stream of batches equals the same batches of arrays', async () => {
  const [streamed, arrays] = [withKnownWeights(mlp()), withKnownWeights(mlp())];
  const plugins = () => [siteNoise('hidden')];
  const one = await trainerOf(plugins(), {model: streamed, metrics: ['accuracy']}).fit(streamOf([4, 4, 2]), {
    epochs: 3,
  });
  const other = await trainerOf(plugins(), {model: arrays, metrics: ['accuracy']}).fit(classData(), {
    epochs: 3,
    batchSize: 4,
    shuffle: false,
  });
  expectClose(numbersOf(streamed), numbersOf(arrays), 'same');
  expect(timeless(one.history).map(({step}) => step)).toEqual(timeless(other.history).map(({step}) => step));
  for (const [i, {train}] of one.history.entries()) {
    expectClose(Object.values(train), Object.values(other.history[i]!.train), 'same');
  }
});

test('accumulation and a plugin that looks in between read a stream in order', async () => {
  const log: string[] = [];
  const look = defineRegularizer({name: 'look', setup: () => ({evaluateEvery: 1}), evaluated: () => ({})});
  const {history} = await trainerOf([look]).fit(streamOf([4, 4, 2], log), {epochs: 2, accumulate: 2});
  const pass = ['open', '0–4', '4–8', '8–10'];
  expect(log).toEqual([...pass, ...pass]);
  expect(history.map(({step}) => step)).toEqual([2, 4]);
});

test('steps per epoch: the next epoch goes on, and a stream that runs out starts again', async () => {
  const log: string[] = [];
  const {history} = await trainerOf().fit(streamOf([4, 4, 2], log), {epochs: 3, stepsPerEpoch: 2});
  expect(log).toEqual(['open', '0–4', '4–8', '8–10', 'open', '0–4', '4–8', '8–10']);
  expect(history.map(({step}) => step)).toEqual([2, 4, 6]);
});

for (const options of [{epochs: 3}, {epochs: 3, stepsPerEpoch: 2}]) {
  test(`a stream resumes where it stopped (${JSON.stringify(options)})`, async () => {
    const [whole, broken] = [withKnownWeights(mlp()), withKnownWeights(mlp())];
    await trainerOf([], {model: whole}).fit(streamOf([4, 4, 2]), options);
    const trainer = trainerOf([], {model: broken});
    const controller = new AbortController();
    await trainer.fit(streamOf([4, 4, 2]), {
      ...options,
      signal: controller.signal,
      onStep: ({step}) => {
        if (step === 3) controller.abort();
      },
    });
    await trainer.fit(streamOf([4, 4, 2]), options);
    expect(numbersOf(broken)).toEqual(numbersOf(whole));
  });
}

test('a stream hands its tensors over, and none are left', async () => {
  const trainer = trainerOf();
  await trainer.fit(streamOf([5, 5]), {epochs: 1});
  const before = tf.memory().numTensors;
  await trainer.fit(streamOf([5, 5]), {epochs: 2});
  // What is left are the x and y that the stream's own iterator keeps.
  expect(tf.memory().numTensors).toBe(before + 2);
});

test('a run knows how large batches of a stream are; run.examples and stepsPerEpoch are not known', async () => {
  const runs: unknown[] = [];
  const look = defineRegularizer({
    name: 'look',
    epochEnd: (_, {run}) => {
      runs.push(run);
      return {};
    },
  });
  await trainerOf([look]).fit(streamOf([4, 4, 2]));
  await trainerOf([look]).fit(streamOf([4, 4]), {accumulate: 2, stepsPerEpoch: 1});
  expect(runs).toEqual([
    {examples: undefined, batchSize: 4, epochs: 1, stepsPerEpoch: undefined},
    {examples: undefined, batchSize: 8, epochs: 1, stepsPerEpoch: 1},
  ]);
});

test('an element that does not fit, and a plugin that chooses examples, are refused', async () => {
  const bad: Dataset = {
    iterator: async () => ({
      next: async () => ({done: false, value: {xs: tf.zeros([2, 5]), ys: tf.zeros([2, 3])}}),
    }),
  };
  expect(await errorOf(() => trainerOf().fit(bad))).toMatchObject({code: 'data-shape'});
  const sampler = defineRegularizer({name: 'sampler', sample: (indices) => indices});
  expect(await errorOf(() => trainerOf([sampler]).fit(streamOf([4])))).toMatchObject({
    code: 'needs-arrays',
    where: 'sampler',
  });
});

const endless = (value: () => StreamElement): Dataset => ({
  iterator: async () => ({next: async () => ({done: false, value: value()})}),
});

test("weights of a stream's examples weigh the loss as those of arrays do", async () => {
  const weights = (): tf.Tensor1D => tf.tensor1d(Array.from({length: 10}, (_, i) => (i % 4) / 2));
  const results: number[][] = [];
  for (const classWeight of [undefined, [1, 3, 0.5]]) {
    const options = {epochs: 2, ...(classWeight ? {classWeight} : {})};
    const [streamed, arrays, plain] = [mlp, mlp, mlp].map((make) => withKnownWeights(make()));
    const element = (): StreamElement => ({xs: classData().x, ys: classData().y, sampleWeight: weights()});
    await trainerOf([], {model: streamed!}).fit(endless(element), {...options, stepsPerEpoch: 1});
    const data = {...classData(), sampleWeight: weights()};
    await trainerOf([], {model: arrays!}).fit(data, {...options, batchSize: 10, shuffle: false});
    await trainerOf([], {model: plain!}).fit(classData(), {...options, batchSize: 10, shuffle: false});
    expectClose(numbersOf(streamed!), numbersOf(arrays!), 'same');
    expect(numbersOf(streamed!)).not.toEqual(numbersOf(plain!));
    results.push(numbersOf(streamed!));
  }
  expect(results[0]).not.toEqual(results[1]);
});

test('weights that are wrong, and keys that are unknown, are refused in a stream too', async () => {
  const wrong: readonly [object, string][] = [
    [{sampleWeight: tf.fill([10], -1)}, 'data-range'],
    [{sampleWeight: tf.ones([9])}, 'data-shape'],
    [{sampleWeights: tf.ones([10])}, 'unknown-option'],
    [{weight: 2}, 'unknown-option'],
  ];
  for (const [part, code] of wrong) {
    const stream = endless(() => ({xs: classData().x, ys: classData().y, ...part}));
    const model = withKnownWeights(mlp());
    const before = numbersOf(model);
    const error = await errorOf(() => trainerOf([], {model}).fit(stream, {stepsPerEpoch: 1}));
    expect(error).toMatchObject({code, where: 'fit'});
    expect(numbersOf(model)).toEqual(before);
  }
});

test('an empty stream, and one that gives a single pass, are refused', async () => {
  for (const options of [{epochs: 3}, {epochs: 3, stepsPerEpoch: 2}]) {
    const trainer = trainerOf();
    const error = {code: 'bad-stream', where: 'fit'};
    expect(await errorOf(() => trainer.fit(streamOf([]), options))).toMatchObject(error);
    // Its iterator goes on where it was, and does not begin again.
    const once = await streamOf([4, 4, 2]).iterator();
    const exhausted: Dataset = {iterator: async () => once};
    expect(await errorOf(() => trainer.fit(exhausted, options))).toMatchObject(error);
  }
});

test('a stream that is refused leaves no tensors of what it handed over', async () => {
  const trainer = trainerOf();
  const bad = endless(() => ({xs: tf.zeros([2, 4]), ys: tf.zeros([2, 7])}));
  const before = tf.memory().numTensors;
  await errorOf(() => trainer.fit(bad));
  expect(tf.memory().numTensors).toBe(before);
});
