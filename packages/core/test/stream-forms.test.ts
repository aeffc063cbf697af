// Whatever people have streams as, and whatever their elements look like: the same batches train the same.
import type {Dataset, FitOptions, StreamData, StreamElement} from '@regularizers/core';
import {defineRegularizer} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {classNumbers} from './support/data.ts';
import {mlp, normalizedMlp, numbersOf, withKnownWeights} from './support/models.ts';
import {streamOf} from './support/streams.ts';
import {classData, errorOf, timeless, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

const sizes = [4, 4, 2];

/** The batches of a pass, anew each time, in one form. */
function* batches(form: (xs: tf.Tensor, ys: tf.Tensor) => StreamElement): Generator<StreamElement> {
  let start = 0;
  for (const size of sizes) {
    const {x, y} = classData();
    const [xs, ys] = [tf.slice(x, start, size), tf.slice(y, start, size)];
    tf.dispose([x, y]);
    start += size;
    yield form(xs, ys);
  }
}

const forms: Readonly<Record<string, (xs: tf.Tensor, ys: tf.Tensor) => StreamElement>> = {
  '{xs, ys}': (xs, ys) => ({xs, ys}),
  '{x, y}': (x, y) => ({x, y}),
  '[x, y]': (x, y) => [x, y],
  'by name': (hidden_input, output) => ({xs: [hidden_input], ys: {output}}),
  'with weights': (x, y) => [x, y, tf.ones([x.shape[0]!])],
};

type Form = (xs: tf.Tensor, ys: tf.Tensor) => StreamElement;

const streams: Readonly<Record<string, (form: Form) => StreamData>> = {
  'a dataset': (form) => ({
    iterator: async () => {
      const pass = batches(form);
      return {next: async () => pass.next()};
    },
  }),
  'a generator function': (form) => () => batches(form),
  'an asynchronous generator function': (form) =>
    async function* () {
      yield* batches(form);
    },
  'a function that opens something': (form) => async () => batches(form),
  'what can be iterated over': (form) => ({[Symbol.iterator]: () => batches(form)}),
};

/** What a run leaves: weights, rows, and the loss of the model. */
async function outcome(data: StreamData, options: FitOptions = {}): Promise<readonly number[]> {
  const model = withKnownWeights(mlp());
  const trainer = trainerOf([], {model, metrics: ['accuracy']});
  const {history} = await trainer.fit(data, options);
  trainer.dispose();
  return [...numbersOf(model), ...history.flatMap(({train}) => Object.values(train))];
}

for (const [name, stream] of Object.entries(streams)) {
  test(`${name} trains as the same batches of arrays`, async () => {
    const model = withKnownWeights(mlp());
    const trainer = trainerOf([], {model, metrics: ['accuracy']});
    const {history} = await trainer.fit(classData(), {epochs: 2, batchSize: 4, shuffle: false});
    const expected = [...numbersOf(model), ...history.flatMap(({train}) => Object.values(train))];
    for (const form of Object.values(forms)) {
      const before = tf.memory().numTensors;
      expectClose(await outcome(stream(form), {epochs: 2}), expected, 'same');
      // The model's own weights.
      expect(tf.memory().numTensors).toBe(before + 4);
    }
  });
}

test('a generator is one pass: an epoch of it, or steps of several', async () => {
  const one = await outcome(streamOf(sizes));
  expect(await outcome(batches(forms['{x, y}']!))).toEqual(one);
  const steps = {epochs: 3, stepsPerEpoch: 1};
  expect(await outcome(batches(forms['[x, y]']!), steps)).toEqual(await outcome(streamOf(sizes), steps));
});

test('a generator that would be read twice is refused before anything is read', async () => {
  let read = 0;
  const generator = (): Generator<StreamElement> =>
    batches((x, y) => {
      read += 1;
      return [x, y];
    });
  const pair = defineRegularizer({name: 'pair', owns: ['members'], members: 2});
  const averages = defineRegularizer({
    name: 'averages',
    owns: ['evaluation'],
    setup: () => ({recalibrate: true}),
    evaluation: ({weights}) => weights,
  });
  const seeded = {initialWeights: 'seed'} as const;
  const calls: readonly (() => unknown)[] = [
    () => trainerOf().fit(generator(), {epochs: 2}),
    () => trainerOf([pair], seeded).fit(generator(), {epochs: 1}),
    () => trainerOf([averages], {model: normalizedMlp()}).fit(generator(), {epochs: 1}),
    () => trainerOf().fit(classData(), {validation: generator()}),
  ];
  for (const call of calls) {
    expect(await errorOf(call)).toMatchObject({
      code: 'single-pass',
      hint: expect.stringContaining('the generator function itself'),
    });
  }
  expect(read).toBe(0);
});

const wrong: readonly (readonly [string, () => unknown, object])[] = [
  ['a list of one tensor', () => [tf.zeros([2, 4])], {code: 'bad-stream'}],
  ['a list of four', () => [1, 2, 3, 4].map(() => tf.zeros([2, 4])), {code: 'bad-stream'}],
  ['two forms at once', () => ({x: tf.zeros([2, 4]), ys: tf.zeros([2, 3])}), {code: 'unknown-option'}],
  [
    'a single example',
    () => ({xs: tf.zeros([4]), ys: tf.zeros([3])}),
    {code: 'data-shape', hint: expect.stringContaining('dataset.batch(32)')},
  ],
  ['weights of others', () => [tf.zeros([2, 4]), tf.zeros([2, 3]), tf.ones([3])], {code: 'data-shape'}],
];

for (const [what, element, error] of wrong) {
  test(`${what} is refused, and nothing is left of it`, async () => {
    const trainer = trainerOf();
    const stream = () => [element()].values() as IterableIterator<StreamElement>;
    for (const [where, call] of [
      ['fit', () => trainer.fit(stream)],
      ['evaluate', () => trainer.evaluate(stream)],
      ['validation', () => trainer.fit(streamOf([4]), {validation: stream})],
    ] as const) {
      const data = tf.memory().numTensors;
      expect(await errorOf(call)).toMatchObject({where, ...error});
      expect(tf.memory().numTensors).toBe(data);
    }
  });
}

test('what a function gives that is no stream is refused', async () => {
  const error = {code: 'bad-stream', hint: expect.stringContaining('async function*')};
  expect(await errorOf(() => trainerOf().fit((() => 7) as never))).toMatchObject(error);
  class Data {}
  expect(await errorOf(() => trainerOf().fit(Data as never))).toMatchObject({code: 'not-an-object'});
});

test('tensors that a stream gives twice are gone, and the error says how to keep them', async () => {
  const {x, y} = classData();
  const stream = () => [{x, y} as StreamElement].values();
  expect(await errorOf(() => trainerOf().fit(stream, {epochs: 2}))).toMatchObject({
    code: 'disposed-tensor',
    hint: expect.stringContaining('it gives clones'),
  });
});

test('options that the stream itself decides are refused', async () => {
  const stream = streamOf(sizes);
  for (const option of [{batchSize: 4}, {shuffle: true}, {dropLast: false}]) {
    expect(await errorOf(() => trainerOf().fit(stream, option))).toMatchObject({code: 'no-effect'});
  }
  expect(await errorOf(() => trainerOf().evaluate(stream, {batchSize: 4}))).toMatchObject({
    where: 'evaluate',
    code: 'no-effect',
  });
  expect(
    await errorOf(() => trainerOf().fit(stream, {validation: stream, evaluationBatchSize: 4})),
  ).toMatchObject({code: 'no-effect', option: 'evaluationBatchSize'});
});

test('validation and evaluation from a stream are those of the same examples in memory', async () => {
  const weights = () => tf.tensor1d(Array.from({length: 10}, (_, i) => (i % 4) / 2));
  const weighted: Dataset = {
    async iterator() {
      const data = {...classData(), sampleWeight: weights()};
      let start = 0;
      const rest = [...sizes];
      return {
        async next(): Promise<IteratorResult<StreamElement>> {
          const size = rest.shift();
          if (size === undefined) {
            tf.dispose(data);
            return {done: true, value: undefined};
          }
          const [x, y, w] = [data.x, data.y, data.sampleWeight].map((t) => tf.slice(t, start, size));
          start += size;
          return {done: false, value: [x!, y!, w!]};
        },
      };
    },
  };
  const inMemory = {...classData(), sampleWeight: weights()};
  const [one, other] = [mlp, mlp].map((make) =>
    trainerOf([], {model: withKnownWeights(make()), metrics: ['accuracy', 'meanSquaredError']}),
  );
  const train = {epochs: 2, batchSize: 5, shuffle: false};
  const kept = classData();
  const before = tf.memory().numTensors;
  const streamed = await one!.fit(kept, {...train, validation: weighted});
  const report = await one!.evaluate(weighted);
  const arrays = await other!.fit(kept, {...train, validation: inMemory});
  for (const [i, {validation}] of timeless(streamed.history).entries()) {
    expectClose(Object.values(validation!), Object.values(arrays.history[i]!.validation!), 'step');
  }
  expectClose(Object.values(report), Object.values(await other!.evaluate(inMemory)), 'step');
  // What both trainers have come to besides their weights: nothing of the streams.
  one!.dispose();
  other!.dispose();
  expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
});

test('class numbers are checked in batches to validate and to evaluate on', async () => {
  const trainer = trainerOf([], {loss: 'sparseCategoricalCrossentropy'});
  const stream = (y: () => tf.Tensor) => () => [[classData().x, y()] as const].values();
  const good = () => classNumbers(10, 3);
  const bad = () => tf.fill([10], 3);
  const error = {code: 'data-range'};
  expect(await errorOf(() => trainer.evaluate(stream(bad)))).toMatchObject({...error, where: 'evaluate'});
  expect(await errorOf(() => trainer.fit(stream(good), {validation: stream(bad)}))).toMatchObject({
    ...error,
    where: 'validation',
  });
});

test('an evaluation holds two batches of a stream, however long it is', async () => {
  const trainer = trainerOf();
  await trainer.evaluate(classData());
  const before = tf.memory().numTensors;
  let most = 0;
  const stream = function* (): Generator<StreamElement> {
    for (let i = 0; i < 50; i++) {
      most = Math.max(most, tf.memory().numTensors - before);
      const {x, y} = classData();
      yield [x, y];
    }
  };
  await trainer.evaluate(stream);
  // The batch that is looked at, the next one, and the sum so far.
  expect(most).toBeLessThanOrEqual(2 * 2 + 2);
  expect(tf.memory().numTensors).toBe(before);
});
