// Whatever a caller hands over, what is wrong with it is said by a RegularizerError, before anything is trained.
import {
  adam,
  createTrainer,
  type Dataset,
  describeValue,
  type FitOptions,
  RegularizerError,
  type Trainer,
  type TrainerOptions,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {classNumbers, waves} from './support/data.ts';
import {garbage, specialValues} from './support/garbage.ts';
import {mlp, twoHeaded, withKnownWeights} from './support/models.ts';
import {classData, trainerOf} from './support/trainers.ts';

const runs = {numRuns: 60, seed: 11};

beforeEach(() => {
  tf.engine().startScope();
});
afterEach(() => {
  tf.engine().endScope();
});

/** Calls with every kind of value; what it throws or rejects with is a RegularizerError, or nothing is wrong. */
async function holds(call: (value: unknown) => unknown, callsTheCaller = false): Promise<void> {
  const attempt = async (value: unknown): Promise<void> => {
    try {
      await call(value);
    } catch (error) {
      if (RegularizerError.isInstance(error) || (callsTheCaller && isTheCallers(error))) return;
      throw new Error(`${describeValue(value)}: ${String(error)}`, {cause: error});
    }
  };
  for (const [, make] of specialValues) await attempt(make());
  await fc.assert(
    fc.asyncProperty(garbage, async (make) => attempt(make())),
    runs,
  );
}

/** What a caller's own stream or callback throws is the caller's, and passes through as it is. */
function isTheCallers(error: unknown): boolean {
  const {message} = error as Error;
  return /^not for you$|proxy that has been revoked|^Class constructor/.test(message);
}

/** A stream whose parts are given. */
const streamOf = (next: () => unknown): Dataset => ({
  iterator: async () => ({next: async () => next() as never}),
});

const good = () => classData();
const weighted = () => ({...good(), sampleWeight: tf.ones([10]) as tf.Tensor1D});
const element = () => ({xs: good().x, ys: good().y});

const optionKeys: readonly (keyof FitOptions)[] = [
  'epochs',
  'batchSize',
  'accumulate',
  'shuffle',
  'dropLast',
  'stepsPerEpoch',
  'classWeight',
  'validation',
  'evaluationBatchSize',
  'signal',
  'onEpoch',
  'onStep',
];

type Call = (trainer: Trainer, value: never) => unknown;

const calls: Readonly<Record<string, Call>> = {
  'fit(_)': (trainer, value) => trainer.fit(value),
  'fit({x: _, y})': (trainer, x) => trainer.fit({...good(), x}),
  'fit({x, y: _})': (trainer, y) => trainer.fit({...good(), y}),
  'fit({x, y, sampleWeight: _})': (trainer, sampleWeight: never) => trainer.fit({...good(), sampleWeight}),
  'fit(data, _)': (trainer, value) => trainer.fit(good(), value),
  'fit(data, {validation: {x: _, y}})': (trainer, x) => trainer.fit(good(), {validation: {...good(), x}}),
  'fit(data, {classWeight: [_]})': (trainer, value) => trainer.fit(good(), {classWeight: [value, 1, 1]}),
  'fit({iterator: _})': (trainer, iterator) => trainer.fit({iterator}),
  'fit({iterator: () => _})': (trainer, value) => trainer.fit({iterator: async () => value}),
  'fit of a stream that gives _': (trainer, value) => trainer.fit(streamOf(() => value)),
  'fit of a stream with the element _': (trainer, value) =>
    trainer.fit(
      streamOf(() => ({done: false, value})),
      {stepsPerEpoch: 1},
    ),
  'fit of a stream with xs: _': (trainer, xs) =>
    trainer.fit(
      streamOf(() => ({done: false, value: {...element(), xs}})),
      {stepsPerEpoch: 1},
    ),
  'fit of a stream with ys: _': (trainer, ys) =>
    trainer.fit(
      streamOf(() => ({done: false, value: {...element(), ys}})),
      {stepsPerEpoch: 1},
    ),
  'evaluate(_)': (trainer, value) => trainer.evaluate(value),
  'evaluate({x: _, y})': (trainer, x) => trainer.evaluate({...good(), x}),
  'evaluate({x, y: _})': (trainer, y) => trainer.evaluate({...good(), y}),
  'evaluate(data, _)': (trainer, value) => trainer.evaluate(good(), value),
  'evaluate(data, {batchSize: _})': (trainer, batchSize) => trainer.evaluate(good(), {batchSize}),
  'predict(_)': (trainer, value) => trainer.predict(value),
  'predict([_])': (trainer, value) => trainer.predict([value]),
  'predict(x, _)': (trainer, value) => trainer.predict(good().x, value),
  'predict(x, {batchSize: _})': (trainer, batchSize) => trainer.predict(good().x, {batchSize}),
  'restore(_)': (trainer, value) => trainer.restore(value),
  ...Object.fromEntries(
    optionKeys.map((key): [string, Call] => [
      `fit(data, {${key}: _})`,
      (trainer, value) => trainer.fit(weighted(), {[key]: value}),
    ]),
  ),
};

describe.each(Object.entries(calls))('%s', (what, call) => {
  test('is refused with a RegularizerError, or works', async () => {
    await holds(
      (value) => {
        const trainer = trainerOf();
        const calling = async () => call(trainer, value as never);
        return calling().finally(() => trainer.dispose());
      },
      /iterator|stream|onEpoch|onStep/.test(what),
    );
  });
});

test('data by name holds nothing but what the model has', async () => {
  const trainer = trainerOf([], {
    model: withKnownWeights(twoHeaded()),
    loss: ['categoricalCrossentropy', 'meanSquaredError'],
  });
  const y = {digit: classData().y, size: waves([10, 1])};
  await trainer.fit({x: classData().x, y});
  for (const wrong of [{...y, sizes: y.size}, {digit: y.digit}, {...y, size: undefined}]) {
    await expect(trainer.fit({x: classData().x, y: wrong as never})).rejects.toSatisfy(
      RegularizerError.isInstance,
    );
  }
  await holds((digit) => trainer.evaluate({x: classData().x, y: {...y, digit: digit as tf.Tensor}}));
});

const trainerParts: Readonly<Record<string, (value: never) => Partial<TrainerOptions>>> = {
  model: (model) => ({model}),
  'weights of a pure model': (weights) => ({
    model: {weights, inputShapes: [[4]], apply: () => tf.zeros([1, 3])},
  }),
  'shapes of a pure model': (inputShapes) => ({
    model: {weights: {w: tf.zeros([4, 3])}, inputShapes, apply: () => tf.zeros([1, 3])},
  }),
  'what a pure model gives': (value) => ({
    model: {weights: {w: tf.zeros([4, 3])}, inputShapes: [[4]], apply: () => value},
  }),
  loss: (loss) => ({loss}),
  'name of a loss': (name) => ({
    loss: {name, kind: 'classes', outputs: 'values', linear: false, perExample: () => tf.zeros([1])},
  }),
  metrics: (metric) => ({metrics: [metric]}),
  'name of a metric': (name) => ({metrics: [{name, perExample: () => tf.zeros([1])}]}),
};

describe.each(Object.entries(trainerParts))('createTrainer, the %s', (_, part) => {
  test('is refused with a RegularizerError, or works', async () => {
    await holds((value) => {
      const options = {loss: 'categoricalCrossentropy', optimizer: adam(), ...part(value as never)} as const;
      createTrainer({model: mlp(), ...options} as TrainerOptions).dispose();
    });
  });
});

const refused: Readonly<Record<string, [() => unknown, FitOptions | undefined, object]>> = {
  'a key that is unknown': [
    () => ({...good(), sampleWeights: tf.ones([10])}),
    undefined,
    {code: 'unknown-option'},
  ],
  'a key of validation that is unknown': [
    good,
    {validation: {x: [[1, 2, 3, 4]], y: [[1, 0, 0]], weight: 1} as never},
    {code: 'unknown-option', where: 'validation'},
  ],
  'a controller for its signal': [good, {signal: new AbortController() as never}, {code: 'bad-option'}],
  'a negative weight of a class': [good, {classWeight: [1, -1, 1]}, {code: 'out-of-range'}],
  'a weight of a class that is no number': [good, {classWeight: [1, Number.NaN, 1]}, {code: 'out-of-range'}],
  'a negative weight of an example': [
    () => ({...good(), sampleWeight: tf.tensor1d([1, 1, 1, -1, 1, 1, 1, 1, 1, 1])}),
    undefined,
    {code: 'data-range', message: expect.stringContaining('-1 at example 3')},
  ],
  'a weight of an example that is not finite': [
    () => ({...good(), sampleWeight: tf.fill([10], Number.NaN)}),
    undefined,
    {code: 'data-range'},
  ],
  'a disposed tensor': [
    () => {
      const data = good();
      data.y.dispose();
      return data;
    },
    undefined,
    {code: 'disposed-tensor', message: expect.stringContaining('y is disposed')},
  ],
  'an empty stream to validate on': [
    good,
    {validation: streamOf(() => ({done: true}))},
    {code: 'bad-stream', where: 'validation'},
  ],
};

test.each(Object.entries(refused))('fit with %s says what is wrong', async (_, [data, options, error]) => {
  const trainer = trainerOf();
  const before = (trainer.predict(good().x) as tf.Tensor).dataSync();
  await expect(trainer.fit(data() as never, options)).rejects.toMatchObject({
    name: 'RegularizerError',
    ...error,
  });
  expect((trainer.predict(good().x) as tf.Tensor).dataSync()).toEqual(before);
});

test.each([1.5, -1, 3, Number.NaN])('%d is no class number', async (number) => {
  const trainer = trainerOf([], {loss: 'sparseCategoricalCrossentropy'});
  const numbers = [...classNumbers(10, 3).dataSync()];
  const y = tf.tensor1d([...numbers.slice(0, 7), number, ...numbers.slice(8)]);
  const error = {code: 'data-range', message: expect.stringContaining('at example 7')};
  const {x} = classData();
  await expect(trainer.fit({x, y})).rejects.toMatchObject({...error, where: 'fit'});
  await expect(trainer.fit({x, y: classNumbers(10, 3)}, {validation: {x, y}})).rejects.toMatchObject({
    ...error,
    where: 'validation',
  });
  await expect(trainer.evaluate({x, y})).rejects.toMatchObject({...error, where: 'evaluate'});
  const stream = streamOf(() => ({done: false, value: {xs: tf.clone(x), ys: tf.clone(y)}}));
  await expect(trainer.fit(stream, {stepsPerEpoch: 1})).rejects.toMatchObject({...error, where: 'fit'});
});

test('data that is disposed of while training waits ends it with a RegularizerError', async () => {
  for (const which of ['data', 'validation'] as const) {
    const trainer = trainerOf();
    const given = {data: classData(), validation: classData()};
    const fit = trainer.fit(given.data, {
      epochs: 3,
      batchSize: 5,
      validation: given.validation,
      onStep: ({step}) => {
        if (step === 3) tf.dispose(given[which]);
      },
    });
    await expect(fit).rejects.toMatchObject({code: 'disposed-tensor'});
  }
});

test('restore of a checkpoint with any part replaced is refused with a RegularizerError, or works', async () => {
  const trainer = trainerOf();
  await trainer.fit(classData());
  const checkpoint = (await trainer.save()) as unknown as Readonly<Record<string, unknown>>;
  const [member] = checkpoint['members'] as readonly Readonly<Record<string, unknown>>[];
  for (const key of Object.keys(checkpoint)) {
    await holds((value) => trainer.restore({...checkpoint, [key]: value} as never));
  }
  for (const key of Object.keys(member!)) {
    await holds((value) => trainer.restore({...checkpoint, members: [{...member, [key]: value}]} as never));
  }
});

test('any value at all can be shown in a message, briefly', async () => {
  fc.assert(
    fc.property(garbage, (make) => {
      expect(describeValue(make()).length).toBeLessThanOrEqual(200);
    }),
    {numRuns: 500, seed: 3},
  );
  for (const [, make] of specialValues) expect(describeValue(make()).length).toBeLessThanOrEqual(200);
});
