// Examples held out of the training data: which, how many of each class, and that nothing leaks.
import {
  adam,
  decodeCheckpoint,
  encodeCheckpoint,
  type FitOptions,
  RegularizerError,
  type Split,
  type ValidationSplit,
} from '@regularizers/core';
import {deriveKey} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {dealFolds, holdOut} from '../src/data/split.ts';
import {classNumbers, oneHot, waves} from './support/data.ts';
import {linear, mlp, numbersOf, twoHeaded, withKnownWeights} from './support/models.ts';
import {keepBest, siteNoise} from './support/plugins.ts';
import {classData, errorOf, timeless, trainerOf} from './support/trainers.ts';

const strataOf = (sizes: readonly number[]) => ({
  of: Int32Array.from(sizes.flatMap((size, stratum) => Array<number>(size).fill(stratum))),
  names: sizes.map(String),
});

const counts = (strata: Int32Array, places: Int32Array, classes: number): number[] =>
  Array.from({length: classes}, (_, stratum) => places.filter((at) => strata[at] === stratum).length);

const foldCounts = (sizes: readonly number[], folds: number): number[][] => {
  const strata = strataOf(sizes);
  const foldOf = dealFolds(strata.of.length, folds, strata, deriveKey(3, 'folds'));
  const places = Int32Array.from(foldOf, (_, i) => i);
  return Array.from({length: folds}, (_, fold) =>
    counts(
      strata.of,
      places.filter((i) => foldOf[i] === fold),
      sizes.length,
    ),
  );
};

describe("as many of each class as scikit-learn's", () => {
  // scikit-learn 1.9.1: y = np.repeat(np.arange(len(sizes)), sizes);
  // [np.bincount(y[test]) for _, test in StratifiedKFold(k).split(y, y)]
  test.each([
    [
      [7, 11, 5],
      3,
      [
        [3, 3, 2],
        [2, 4, 2],
        [2, 4, 1],
      ],
    ],
    [
      [13, 4, 9, 6],
      4,
      [
        [4, 1, 2, 1],
        [3, 1, 3, 1],
        [3, 1, 2, 2],
        [3, 1, 2, 2],
      ],
    ],
    [
      [5, 5, 5],
      5,
      [
        [1, 1, 1],
        [1, 1, 1],
        [1, 1, 1],
        [1, 1, 1],
        [1, 1, 1],
      ],
    ],
    [
      [23, 8],
      5,
      [
        [5, 2],
        [5, 1],
        [5, 1],
        [4, 2],
        [4, 2],
      ],
    ],
  ])('StratifiedKFold of %j in %i', (sizes, folds, expected) => {
    expect(foldCounts(sizes, folds)).toEqual(expected);
  });

  // np.bincount(y[test]) of StratifiedShuffleSplit(1, test_size=m).split(y, y)
  test.each([
    [[7, 11, 5], 6, [2, 3, 1]],
    [[13, 4, 9, 6], 8, [3, 1, 2, 2]],
    [[50, 30, 20], 20, [10, 6, 4]],
    [[23, 8], 6, [4, 2]],
  ])('StratifiedShuffleSplit of %j, %i held out', (sizes, held, expected) => {
    const strata = strataOf(sizes);
    const {validation} = holdOut(strata.of.length, held, strata, deriveKey(3, 'split'));
    expect(counts(strata.of, validation, sizes.length)).toEqual(expected);
  });
});

const strata = fc.array(fc.integer({min: 1, max: 30}), {minLength: 1, maxLength: 6});

test('whatever the classes, folds are a partition and differ by one example at the most, in all and of each class', () => {
  fc.assert(
    fc.property(strata, fc.integer({min: 2, max: 9}), fc.integer(), (sizes, folds, seed) => {
      const given = strataOf(sizes);
      const foldOf = dealFolds(given.of.length, folds, given, deriveKey(seed, 'folds'));
      for (const stratum of [undefined, ...sizes.keys()]) {
        const perFold = Array.from(
          {length: folds},
          (_, fold) =>
            foldOf.filter((f, i) => f === fold && (stratum === undefined || given.of[i] === stratum)).length,
        );
        expect(Math.max(...perFold) - Math.min(...perFold)).toBeLessThanOrEqual(1);
      }
      expect(foldOf.every((fold) => fold >= 0 && fold < folds)).toBe(true);
    }),
  );
});

test('whatever the classes, a split is a partition, and of each class less than one example from its share', () => {
  fc.assert(
    fc.property(
      strata,
      fc.double({min: 0.01, max: 0.99, noNaN: true}),
      fc.integer(),
      (sizes, share, seed) => {
        const given = strataOf(sizes);
        const total = given.of.length;
        const held = Math.round(share * total);
        const {train, validation} = holdOut(total, held, given, deriveKey(seed, 'split'));
        expect([...train, ...validation].toSorted((a, b) => a - b)).toEqual([...given.of.keys()]);
        expect(validation.length).toBe(held);
        for (const [stratum, count] of counts(given.of, validation, sizes.length).entries()) {
          expect(Math.abs(count - (sizes[stratum]! * held) / total)).toBeLessThan(1);
        }
      },
    ),
  );
});

const fitOptions: FitOptions = {epochs: 3, batchSize: 5, validation: {split: 0.3, stratify: true}};
const options = {optimizer: adam({learningRate: 0.05}), metrics: ['accuracy'] as const, seed: 5};

const picked = ({x, y}: {x: tf.Tensor; y: tf.Tensor}, places: Int32Array) => ({
  x: tf.gather(x, tf.tensor1d(places, 'int32')),
  y: tf.gather(y, tf.tensor1d(places, 'int32')),
});

test('a run with a split is the run on its training part alone, and the held out part is never trained on', async () => {
  const data = classData(20);
  const model = withKnownWeights(mlp());
  const plugins = () => [siteNoise('hidden'), keepBest()];
  const {split, history} = await trainerOf(plugins(), {...options, model}).fit(data, fitOptions);
  const {train, validation} = split as Split;
  expect([...train, ...validation].toSorted((a, b) => a - b)).toEqual([...Array(20).keys()]);
  const again = withKnownWeights(mlp());
  const alone = await trainerOf(plugins(), {...options, model: again}).fit(picked(data, train), {
    ...fitOptions,
    validation: picked(data, validation),
  });
  expect(timeless(history)).toEqual(timeless(alone.history));
  expect(numbersOf(model)).toEqual(numbersOf(again));
  expect(alone.split).toBeUndefined();
});

test('bytes are held out as tensors are', async () => {
  const values = Uint8Array.from({length: 80}, (_, i) => (i * 37) % 5);
  const y = oneHot(20, 3);
  const run = (x: Uint8Array | tf.Tensor) => trainerOf([], options).fit({x, y}, fitOptions);
  const ofBytes = await run(values);
  const ofTensors = await run(tf.tensor2d(values, [20, 4], 'float32'));
  expect(ofBytes.split).toEqual(ofTensors.split);
  expect(timeless(ofBytes.history)).toEqual(timeless(ofTensors.history));
});

test('the split follows from the seed, not from the run', async () => {
  const splitFor = async (seed: number, epochs: number) =>
    (await trainerOf([], {...options, seed}).fit(classData(20), {...fitOptions, epochs})).split;
  expect(await splitFor(1, 1)).toEqual(await splitFor(1, 2));
  expect(await splitFor(1, 1)).not.toEqual(await splitFor(2, 1));
});

test('a run that is saved and goes on holds out the same examples, to the bit', async () => {
  const data = classData(20);
  const whole = withKnownWeights(mlp());
  const saved: Uint8Array[] = [];
  const trainer = trainerOf([siteNoise('hidden')], {...options, model: whole});
  const result = await trainer.fit(data, {
    ...fitOptions,
    onStep: async ({step}) => {
      if (step === 4) saved.push(encodeCheckpoint(await trainer.save()));
    },
  });
  const model = withKnownWeights(mlp());
  const next = trainerOf([siteNoise('hidden')], {...options, model});
  await next.restore(decodeCheckpoint(saved[0]!));
  expect(next.explain()).toBe(trainer.explain());
  const rest = await next.fit(data, fitOptions);
  expect(rest.split).toEqual(result.split);
  expect(timeless(rest.history)).toEqual(timeless(result.history));
  expect(numbersOf(model)).toEqual(numbersOf(whole));
});

test.each<[string, FitOptions, number, RegExp]>([
  ['another share', {validation: {split: 0.4}}, 20, /8 of 20 .* 6 of 20 examples by the classes/],
  ['a split that is not stratified', {validation: {split: 0.3}}, 20, /6 of 20/],
  ['other data', {validation: {split: 0.3, stratify: true}}, 25, /8 of 25/],
])(
  '%s is refused once the model has been trained: what was trained on would be evaluated on',
  async (_, other, examples, message) => {
    const trainer = trainerOf([], options);
    await trainer.fit(classData(20), {...fitOptions, epochs: 1});
    expect(
      await errorOf(() => trainer.fit(classData(examples), {...fitOptions, ...other, epochs: 2})),
    ).toMatchObject({
      code: 'split-otherwise',
      message: expect.stringMatching(message),
    });
    // The same goes on, and data of its own leaks nothing.
    await trainer.fit(classData(20), {...fitOptions, epochs: 2});
    await trainer.fit(classData(20), {...fitOptions, validation: classData(7), epochs: 3});
  },
);

test('a split after training without one is refused, and one that is left out within an epoch', async () => {
  const trainer = trainerOf([], options);
  await trainer.fit(classData(20), {batchSize: 5});
  expect(await errorOf(() => trainer.fit(classData(20), {...fitOptions}))).toMatchObject({
    code: 'split-otherwise',
    message: expect.stringContaining('with none held out'),
  });
  const stopped = trainerOf([], options);
  const controller = new AbortController();
  await stopped.fit(classData(20), {
    ...fitOptions,
    signal: controller.signal,
    onStep: () => controller.abort(),
  });
  const {x, y} = classData(14);
  expect(await errorOf(() => stopped.fit({x, y}, {epochs: 3, batchSize: 5}))).toMatchObject({
    code: 'cut-otherwise',
  });
});

test('explain says what is held out', async () => {
  const trainer = trainerOf([], options);
  expect(trainer.explain()).not.toContain('held out');
  await trainer.fit(classData(20), fitOptions);
  expect(trainer.explain()).toContain(
    'held out: 6 of 20 examples, drawn from the seed, as large a share of each class of output',
  );
  expect(trainer.explanation().split).toEqual({share: 0.3, by: ['output'], held: 6, of: 20});
});

test('nothing is left of a split but its places', async () => {
  const data = classData(20);
  const trainer = trainerOf([], options);
  const before = tf.memory().numTensors;
  await trainer.fit(data, {...fitOptions, epochs: 1});
  const after = tf.memory().numTensors;
  await trainer.fit(data, {...fitOptions, epochs: 2});
  expect(tf.memory().numTensors).toBe(after);
  // The first fit holds the final weights besides.
  expect(after - before).toBeLessThanOrEqual(4);
});

const heads = (digits: tf.Tensor) => ({x: waves([20, 4]), y: [digits, waves([20, 1])]});
const losses = ['sparseCategoricalCrossentropy', 'meanSquaredError'] as const;

test('with several outputs, those that have classes count, or those that are named', async () => {
  const trainer = () => trainerOf([], {model: withKnownWeights(twoHeaded()), loss: losses});
  const digits = classNumbers(20, 3);
  for (const stratify of [true, 'digit', ['digit']]) {
    const made = trainer();
    const {split} = await made.fit(heads(digits), {validation: {split: 0.25, stratify}});
    const held = counts(digits.dataSync() as Int32Array, split!.validation, 3);
    const all = counts(digits.dataSync() as Int32Array, Int32Array.from(Array(20).keys()), 3);
    for (const [i, count] of held.entries()) expect(Math.abs(count - all[i]! / 4)).toBeLessThan(1);
    expect(made.explanation().split?.by).toEqual(['digit']);
  }
  expect(
    await errorOf(() => trainer().fit(heads(digits), {validation: {split: 0.25, stratify: 'size'}})),
  ).toMatchObject({
    code: 'no-classes',
    message: expect.stringContaining('size under the loss meanSquaredError'),
  });
  expect(
    await errorOf(() => trainer().fit(heads(digits), {validation: {split: 0.25, stratify: 'weight'}})),
  ).toMatchObject({code: 'unknown-output', allowed: {enum: ['digit', 'size']}});
});

test('one-hot targets, class numbers and those in a column are stratified alike', async () => {
  const numbers = classNumbers(20, 3);
  const x = waves([20, 4]);
  const validation = {split: 0.3, stratify: true};
  const sparse = {loss: 'sparseCategoricalCrossentropy'} as const;
  const hot = await trainerOf([], options).fit({x, y: oneHot(20, 3)}, {validation});
  const flat = await trainerOf([], {...options, ...sparse, metrics: []}).fit({x, y: numbers}, {validation});
  const column = tf.reshape(numbers, [20, 1]);
  const deep = await trainerOf([], {...options, ...sparse, metrics: []}).fit({x, y: column}, {validation});
  expect(flat.split).toEqual(hot.split);
  expect(deep.split).toEqual(hot.split);
});

describe('refused, before anything is trained', () => {
  const rare = () => ({x: waves([20, 4]), y: tf.oneHot([0, ...Array<number>(19).fill(1)], 3)});
  test.each<[string, unknown, () => {x: tf.Tensor; y: tf.Tensor}, string, RegExp]>([
    ['a share of all', {split: 1}, classData, 'out-of-range', /validation.split/],
    ['a share of none', {split: 0}, classData, 'out-of-range', /validation.split/],
    ['a share that holds out nobody', {split: 0.04}, classData, 'too-few-examples', /holds out 0 of 10/],
    ['a share that leaves nobody', {split: 0.96}, classData, 'too-few-examples', /holds out 10 of 10/],
    [
      'a class with one example',
      {split: 0.5, stratify: true},
      rare,
      'too-few-examples',
      /class 0 has 1 example/,
    ],
    ['a word that is none', {split: 0.5, stratify: 3}, classData, 'bad-option', /validation.stratify/],
    ['an unknown key', {split: 0.5, stratified: true}, classData, 'unknown-option', /validation.stratified/],
    ['no share', {stratify: true}, classData, 'missing-option', /validation.split/],
  ])('%s', async (_, validation, data, code, message) => {
    const model = withKnownWeights(mlp());
    const before = numbersOf(model);
    const trainer = trainerOf([], {model});
    const error = await errorOf(() => trainer.fit(data(), {validation: validation as ValidationSplit}));
    expect(error).toBeInstanceOf(RegularizerError);
    expect(error).toMatchObject({code, message: expect.stringMatching(message)});
    expect(numbersOf(model)).toEqual(before);
  });

  test('classes where there are none', async () => {
    const trainer = trainerOf([], {model: withKnownWeights(linear(2)), loss: 'meanSquaredError'});
    const data = {x: waves([10, 2]), y: waves([10, 1])};
    expect(await errorOf(() => trainer.fit(data, {validation: {split: 0.2, stratify: true}}))).toMatchObject({
      code: 'no-classes',
      hint: 'Leave stratify out.',
    });
  });

  test('a stream, of which nobody knows the length', async () => {
    const stream = {iterator: async () => ({next: async () => ({done: true as const, value: undefined})})};
    expect(await errorOf(() => trainerOf([]).fit(stream as never, {validation: {split: 0.2}}))).toMatchObject(
      {code: 'needs-arrays', option: 'validation'},
    );
  });
});
