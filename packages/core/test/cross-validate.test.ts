import {adam, type CrossValidateOptions, crossValidate, type Fold, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {describe, expect, test} from 'vitest';
import {classNumbers, oneHot, waves} from './support/data.ts';
import {linear, mlp, numbersOf, twoHeaded, withKnownWeights} from './support/models.ts';
import {keepBest, siteNoise} from './support/plugins.ts';
import {classData, errorOf, timeless, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

const base = () =>
  ({
    model: withKnownWeights(mlp()),
    loss: 'categoricalCrossentropy',
    optimizer: adam({learningRate: 0.05}),
    metrics: ['accuracy'],
    regularizers: [siteNoise('hidden')],
    seed: 5,
  }) as const;

const gathered = ({x, y}: ReturnType<typeof classData>, places: Int32Array) => {
  const at = tf.tensor1d(places, 'int32');
  return {x: tf.gather(x, at), y: tf.gather(y, at)};
};

test('each fold is an ordinary run on the others, scored on the examples that it has not seen', async () => {
  const data = classData(23);
  const seen: number[] = [];
  const {folds, scores} = await crossValidate(base, data, {
    folds: 4,
    stratify: true,
    epochs: 2,
    batchSize: 6,
    onFold: ({fold}) => void seen.push(fold),
  });
  expect(seen).toEqual([0, 1, 2, 3]);
  expect(folds.flatMap(({held}) => [...held]).toSorted((a, b) => a - b)).toEqual([...Array(23).keys()]);
  for (const {fold, train, held, history, score, model} of folds) {
    expect([...train, ...held].toSorted((a, b) => a - b)).toEqual([...Array(23).keys()]);
    const options = base();
    const trainer = trainerOf([], options);
    const alone = await trainer.fit(gathered(data, train), {epochs: 2, batchSize: 6});
    expect(timeless(history), `fold ${fold}`).toEqual(timeless(alone.history));
    expect(numbersOf(model)).toEqual(numbersOf(options.model));
    expect(score).toEqual(await trainer.evaluate(gathered(data, held)));
  }
  const values = folds.map(({score}) => score.loss);
  const mean = values.reduce((sum, value) => sum + value) / 4;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3);
  expect(scores['loss']!.values).toEqual(values);
  expectClose([scores['loss']!.mean, scores['loss']!.standardError], [mean, deviation / 2], 'same');
  expect(Object.keys(scores)).toEqual(['loss', 'accuracy']);
});

test('every class is dealt out evenly, and the seed says how', async () => {
  const data = classData(23);
  const classes = tf.argMax(data.y, -1).dataSync();
  const heldBy = async (seed: number) =>
    (await crossValidate(() => ({...base(), seed}), data, {folds: 3, stratify: 'output'})).folds;
  const folds = await heldBy(1);
  for (const label of [0, 1, 2]) {
    const counts = folds.map(({held}) => held.filter((at) => classes[at] === label).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  }
  const places = (found: readonly Fold[]) => found.map(({held}) => [...held]);
  expect(places(await heldBy(1))).toEqual(places(folds));
  expect(places(await heldBy(2))).not.toEqual(places(folds));
});

test('what decides within a fold is taken from its training examples', async () => {
  const data = classData(24);
  const {folds} = await crossValidate(() => ({...base(), regularizers: [keepBest(1)]}), data, {
    folds: 3,
    epochs: 4,
    validation: {split: 0.25, stratify: true},
  });
  for (const {train, history} of folds) {
    expect(train.length).toBe(16);
    expect(history[0]?.validation).toBeDefined();
  }
  const without = await crossValidate(base, data, {folds: 3});
  expect(without.folds[0]!.history[0]!.validation).toBeUndefined();
});

test('several outputs and weights of examples go along', async () => {
  const digits = classNumbers(20, 3);
  const data = {
    x: waves([20, 4]),
    y: {digit: digits, size: waves([20, 1])},
    sampleWeight: tf.ones([20]) as tf.Tensor1D,
  };
  const {scores} = await crossValidate(
    () => ({
      model: withKnownWeights(twoHeaded()),
      loss: ['sparseCategoricalCrossentropy', 'meanSquaredError'],
      optimizer: sgd(),
    }),
    data,
    {folds: 2, stratify: 'digit'},
  );
  expect(scores['loss']!.values).toHaveLength(2);
});

test('nothing is left but the models', async () => {
  const data = classData(12);
  const models: LayersModel[] = [];
  const make = () => {
    const options = base();
    models.push(options.model);
    return options;
  };
  const before = tf.memory().numTensors;
  await crossValidate(make, data, {folds: 2, validation: {split: 0.25}});
  for (const model of models) model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

describe('refused, before anything is trained', () => {
  const small = () => ({x: waves([20, 4]), y: tf.oneHot([0, 0, 2, 2, ...Array<number>(16).fill(1)], 3)});
  test.each<[string, CrossValidateOptions, () => ReturnType<typeof classData>, string, RegExp]>([
    ['one fold', {folds: 1}, classData, 'out-of-range', /folds/],
    ['more folds than examples', {folds: 11}, classData, 'too-few-examples', /11 folds .* there are 10/],
    [
      'more folds than examples of a class',
      {folds: 3, stratify: true},
      small,
      'too-few-examples',
      /class 0 has 2 examples, not 3/,
    ],
    [
      'a split of the training part that holds out nobody',
      {folds: 2, validation: {split: 0.05}},
      classData,
      'too-few-examples',
      /holds out 0 of 5/,
    ],
    [
      'data to validate on, which would be in every fold',
      {validation: {x: 1, y: 2} as never},
      classData,
      'unknown-option',
      /validation/,
    ],
    ['an option of fit that is out of range', {epochs: 0}, classData, 'out-of-range', /epochs/],
  ])('%s', async (_, options, data, code, message) => {
    let model: LayersModel | undefined;
    const make = () => {
      const made = base();
      model ??= made.model;
      return made;
    };
    const before = numbersOf(base().model);
    expect(await errorOf(() => crossValidate(make, data(), options))).toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    if (model) expect(numbersOf(model)).toEqual(before);
  });

  test('options in place of a function that makes them', async () => {
    expect(await errorOf(() => crossValidate(base() as never, classData()))).toMatchObject({
      code: 'not-a-factory',
      hint: expect.stringContaining('() => ({model: buildModel()'),
    });
  });

  test('classes of real values', async () => {
    const make = () =>
      ({model: withKnownWeights(linear()), loss: 'meanSquaredError', optimizer: sgd()}) as const;
    const data = {x: waves([10, 2]), y: waves([10, 1])};
    expect(await errorOf(() => crossValidate(make, data, {folds: 2, stratify: true}))).toMatchObject({
      code: 'no-classes',
    });
  });
});

test('a model that one fold has trained is refused to the next', async () => {
  const model = withKnownWeights(mlp());
  const make = () => ({...base(), model});
  expect(
    await errorOf(() => crossValidate(make, {x: waves([9, 4]), y: oneHot(9, 3)}, {folds: 3})),
  ).toMatchObject({
    code: 'same-model',
  });
});

test('the signal ends it, and no mean is made of some folds', async () => {
  const controller = new AbortController();
  const done: number[] = [];
  const call = () =>
    crossValidate(base, classData(12), {
      folds: 3,
      signal: controller.signal,
      onFold: ({fold}) => {
        done.push(fold);
        if (fold === 1) controller.abort();
      },
    });
  expect(await errorOf(call)).toMatchObject({code: 'aborted', message: expect.stringContaining('fold 2')});
  expect(done).toEqual([0, 1]);
});

describe('what goes wrong in a fold leaves no model that nobody has', () => {
  /** Two sets of weights, out of which fit makes a model of its own. */
  const pair = () => ({
    name: 'pair',
    owns: ['evaluation' as const],
    evaluation: ({weights}: {readonly weights: object}) => [weights as never, {}],
    assemble: ([one, ...others]: readonly LayersModel[]) => {
      for (const other of others) other.dispose();
      return one as LayersModel;
    },
  });
  const made: LayersModel[] = [];
  const options = () => {
    const given = base();
    made.push(given.model);
    return {...given, regularizers: [pair()]};
  };
  const left = async (run: () => Promise<unknown>, code: string) => {
    const before = tf.memory().numTensors;
    expect(await errorOf(run)).toMatchObject({code});
    for (const model of made.splice(0)) model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  };
  const data = classData(12);

  test('aborted in a fold', async () => {
    const controller = new AbortController();
    let folds = 0;
    const abortsLater = () => {
      folds += 1;
      if (folds === 3) controller.abort();
      return options();
    };
    await left(() => crossValidate(abortsLater, data, {folds: 3, signal: controller.signal}), 'aborted');
  });

  test('other metrics than before', async () => {
    let folds = 0;
    const fickle = () => {
      folds += 1;
      return {...options(), metrics: folds === 3 ? [] : (['accuracy'] as const)};
    };
    await left(() => crossValidate(fickle, data, {folds: 3}), 'different-metrics');
  });

  test('an ensemble that cannot be assembled', async () => {
    const broken = () => ({...options(), regularizers: [{...pair(), assemble: () => null as never}]});
    await left(() => crossValidate(broken, data, {folds: 2}), 'bad-answer');
  });
});
