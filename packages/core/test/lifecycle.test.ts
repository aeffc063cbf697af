// A run that was stopped within an epoch goes on as it was cut, or not at all; options without effect are refused.
import type {FitOptions, Regularizer, Trainer} from '@regularizers/core';
import type * as tf from '@tensorflow/tfjs-core';
import {afterEach, describe, expect, test, vi} from 'vitest';
import {toPredicate} from '../src/description/selector.ts';
import {several} from './support/plugins.ts';
import {streamOf} from './support/streams.ts';
import {classData, errorOf, timeless, trainerOf} from './support/trainers.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const sizes = [4, 4, 2, 4, 4, 2];

/** A trainer that goes on from a checkpoint within the first epoch. */
async function interrupted(fit: (trainer: Trainer, options: FitOptions) => unknown): Promise<Trainer> {
  const controller = new AbortController();
  const first = trainerOf();
  await fit(first, {signal: controller.signal, onStep: () => controller.abort()});
  const trainer = trainerOf();
  await trainer.restore(await first.save());
  return trainer;
}

const options = {batchSize: 3, accumulate: 1, shuffle: true, dropLast: false};

describe('within an epoch, training goes on with the batches of that epoch', () => {
  test.each([
    ['batchSize', {...options, batchSize: 4}, 10, /batchSize was 3, and is 4/],
    ['accumulate', {...options, accumulate: 2}, 10, /accumulate was 1, and is 2/],
    ['shuffle', {...options, shuffle: false}, 10, /shuffle was true, and is false/],
    ['dropLast', {...options, dropLast: true}, 10, /dropLast was false, and is true/],
    ['the data', options, 12, /examples was 10, and is 12/],
  ] as const)('another %s is refused', async (_, other, examples, message) => {
    const trainer = await interrupted((first, more) => first.fit(classData(), {...options, ...more}));
    const before = (trainer.predict(classData().x) as tf.Tensor).dataSync();
    expect(await errorOf(() => trainer.fit(classData(examples), other))).toMatchObject({
      code: 'cut-otherwise',
      message: expect.stringMatching(message),
    });
    expect((trainer.predict(classData().x) as tf.Tensor).dataSync()).toEqual(before);
    const whole = await trainerOf().fit(classData(), options);
    expect(timeless((await trainer.fit(classData(), options)).history)).toEqual(timeless(whole.history));
    // At the end of an epoch anything may change.
    await trainer.fit(classData(examples), {...other, epochs: 2});
  });

  test('another stepsPerEpoch is refused', async () => {
    const trainer = await interrupted((first, more) =>
      first.fit(streamOf(sizes), {stepsPerEpoch: 3, ...more}),
    );
    for (const [stepsPerEpoch, given] of [
      [2, '2'],
      [undefined, 'not given'],
    ] as const) {
      const other = stepsPerEpoch === undefined ? {} : {stepsPerEpoch};
      expect(await errorOf(() => trainer.fit(streamOf(sizes), other))).toMatchObject({
        message: expect.stringContaining(`stepsPerEpoch was 3, and is ${given}`),
      });
    }
    await trainer.fit(streamOf(sizes), {stepsPerEpoch: 3});
  });

  test('another seed is refused, as ever', async () => {
    const trainer = await interrupted((first, more) => first.fit(classData(), {...options, ...more}));
    const other = trainerOf([], {seed: 9});
    expect(await errorOf(async () => other.restore(await trainer.save()))).toMatchObject({
      message: expect.stringContaining('seed'),
    });
  });
});

test('an epoch that was stopped and gone on with counts all of its time', async () => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const controller = new AbortController();
  const trainer = trainerOf();
  const stopped = await trainer.fit(classData(), {
    ...options,
    signal: controller.signal,
    onStep: () => {
      now += 5000;
      controller.abort();
    },
  });
  expect(stopped.history.map(({seconds}) => seconds)).toEqual([5]);
  const other = trainerOf();
  await other.restore(await trainer.save());
  const whole = await other.fit(classData(), {
    ...options,
    epochs: 2,
    onStep: () => {
      now += 1000;
    },
  });
  expect(whole.history.map(({seconds}) => seconds)).toEqual([5 + 3, 4]);
});

test('an abort is what a run was stopped by, whoever stopped before', async () => {
  const controller = new AbortController();
  const early: Regularizer = {name: 'early', evaluated: ({member}) => (member === 0 ? {stop: 'enough'} : {})};
  const {stopped} = await trainerOf([several(2), early]).fit(classData(), {
    epochs: 3,
    signal: controller.signal,
    onStep: ({member}) => {
      if (member === 1) controller.abort();
    },
  });
  expect(stopped).toMatchObject({by: 'signal', member: 1});
});

test('what has no effect on the data that is given is refused by name', async () => {
  const stream = () => streamOf(sizes);
  for (const [key, value] of [
    ['shuffle', false],
    ['dropLast', true],
  ] as const) {
    expect(await errorOf(() => trainerOf().fit(stream(), {[key]: value}))).toMatchObject({
      code: 'no-effect',
      message: expect.stringContaining(`${key} has no effect on a stream`),
    });
  }
  expect(await errorOf(() => trainerOf().fit(classData(), {stepsPerEpoch: 2}))).toMatchObject({
    code: 'no-effect',
    message: expect.stringContaining('stepsPerEpoch has no effect on examples in memory'),
  });
});

test('a predicate that gives anything but true or false is refused', () => {
  for (const answer of [Promise.resolve(false), 1, '', null, undefined]) {
    const select = () => toPredicate((() => answer) as never, 'one', 'include')({name: 'a'}, []);
    expect(select).toThrow(/\[one\] the predicate of include must return true or false/);
  }
  const failing = async () => {
    throw new Error('nobody waits for this');
  };
  expect(() => toPredicate(['b', failing as never], 'one', 'include')({name: 'a'}, [])).toThrow(
    /a Promise for a/,
  );
});
