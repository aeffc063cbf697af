// Training that ends early: the signal, a plugin's stop, errors. The model is left plain, with finite weights.
import {type Decision, defineRegularizer, type EpochReport, type Regularizer} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {mlp, normalizedMlp, numbersOf, withKnownWeights} from './support/models.ts';
import {average, several} from './support/plugins.ts';
import {classData, errorOf, timeless, trainerOf} from './support/trainers.ts';

const options = {epochs: 3, batchSize: 4, shuffle: false}; // 3 steps per epoch

test('an aborted signal ends training after the running step, with the row so far', async () => {
  const controller = new AbortController();
  const model = withKnownWeights(mlp());
  const trainer = trainerOf([], {model});
  const result = await trainer.fit(classData(), {
    ...options,
    validation: classData(7),
    signal: controller.signal,
    onStep: ({step}) => {
      if (step === 5) controller.abort();
    },
  });
  expect(result.stopped).toEqual({by: 'signal', why: 'aborted', member: 0, epoch: 2, step: 5});
  expect(result.history.map(({epoch, step, partial}) => [epoch, step, partial])).toEqual([
    [1, 3, undefined],
    [2, 5, true],
  ]);
  expect(result.history[1]?.validation).toBeUndefined();
  // The model has the weights after five steps.
  const other = withKnownWeights(mlp());
  const stepwise = trainerOf([], {model: other});
  const five = new AbortController();
  await stepwise.fit(classData(), {
    ...options,
    signal: five.signal,
    onStep: ({step}) => {
      if (step === 5) five.abort();
    },
  });
  expect(numbersOf(model)).toEqual(numbersOf(other));
  expect(numbersOf(model)).not.toEqual(numbersOf(withKnownWeights(mlp())));
});

test('a signal that is aborted beforehand trains nothing', async () => {
  const model = withKnownWeights(mlp());
  const before = numbersOf(model);
  const result = await trainerOf([], {model}).fit(classData(), {...options, signal: AbortSignal.abort()});
  expect(result.stopped).toMatchObject({by: 'signal', epoch: 0, step: 0});
  expect(result.history).toEqual([]);
  expect(numbersOf(model)).toEqual(before);
});

test('a signal between epochs leaves no row of an epoch that has not begun', async () => {
  const controller = new AbortController();
  const result = await trainerOf().fit(classData(), {
    ...options,
    signal: controller.signal,
    onEpoch: () => controller.abort(),
  });
  expect(result.stopped).toMatchObject({by: 'signal', epoch: 1, step: 3});
  expect(result.history).toHaveLength(1);
});

test('a signal ends the members that are left, too; a further fit goes on with them', async () => {
  const whole = trainerOf([several(3)]);
  const {history} = await whole.fit(classData(), options);
  const controller = new AbortController();
  const trainer = trainerOf([several(3)]);
  const first = await trainer.fit(classData(), {
    ...options,
    signal: controller.signal,
    onStep: ({member, step}) => {
      if (member === 1 && step === 4) controller.abort();
    },
  });
  // On native the members take their steps together; elsewhere the first has ended, and the third not begun.
  const isTogether = tf.getBackend() === 'tensorflow';
  expect(first.stopped).toMatchObject({by: 'signal', member: isTogether ? 0 : 1, step: 4});
  expect(new Set(first.history.map(({member}) => member))).toEqual(new Set(isTogether ? [0, 1, 2] : [0, 1]));
  const second = await trainer.fit(classData(), options);
  expect(second.stopped).toBeUndefined();
  expect(timeless(second.history)).toEqual(timeless(history));
});

/** Stops at a step that it is asked at, or at an epoch's end. */
function stopper(at: number, asks: Partial<Regularizer> = {}): Regularizer {
  const decide = ({step}: EpochReport): Decision => (step >= at ? {stop: `at ${at}`} : {});
  return defineRegularizer({name: 'stopper', evaluated: decide, ...asks});
}

test("a plugin's stop ends training at the end of an epoch", async () => {
  const result = await trainerOf([stopper(4)]).fit(classData(), options);
  expect(result.stopped).toEqual({by: 'stopper', why: 'at 4', member: 0, epoch: 2, step: 6});
  expect(result.history).toHaveLength(2);
});

test("a plugin's stop in the middle of an epoch leaves that epoch's row", async () => {
  const seen: EpochReport[] = [];
  const asking = stopper(5, {setup: () => ({evaluateEvery: 1})});
  const trainer = trainerOf([asking]);
  const result = await trainer.fit(classData(), {
    ...options,
    validation: classData(7),
    onEpoch: (row) => void seen.push(row),
  });
  expect(result.stopped).toEqual({by: 'stopper', why: 'at 5', member: 0, epoch: 2, step: 5});
  expect(result.history.map(({epoch, step, partial}) => [epoch, step, partial])).toEqual([
    [1, 3, undefined],
    [2, 5, true],
  ]);
  expect(result.history[1]?.validation?.loss).toBeGreaterThan(0);
  expect(seen).toHaveLength(1);
});

test('evaluated runs as often as it asks, and once at the end of each epoch', async () => {
  const steps: number[] = [];
  const look = (evaluateEvery: number) =>
    defineRegularizer({
      name: 'look',
      setup: () => ({evaluateEvery}),
      evaluated: ({step}) => {
        steps.push(step);
        return {};
      },
    });
  await trainerOf([look(2)]).fit(classData(), options);
  expect(steps).toEqual([2, 3, 4, 6, 8, 9]);
  steps.length = 0;
  // A plugin that makes epochs longer: 20 examples are 5 steps, not 3.
  const twice = defineRegularizer({
    name: 'twice',
    sample: (indices) => Int32Array.from([...indices, ...indices]),
  });
  await trainerOf([look(3), twice]).fit(classData(), {...options, epochs: 2});
  expect(steps).toEqual([3, 5, 6, 9, 10]);
});

test('the first plugin that stops is the one that is named; the others decide all the same', async () => {
  const marks: string[] = [];
  const other = defineRegularizer({
    name: 'other',
    epochEnd: () => {
      marks.push('asked');
      return {stop: 'later'};
    },
  });
  const result = await trainerOf([other, stopper(1)]).fit(classData(), options);
  expect(result.stopped).toMatchObject({by: 'stopper'});
  expect(marks).toEqual(['asked']);
});

for (const callback of ['onStep', 'onEpoch'] as const) {
  test(`an error in ${callback} rejects, and a further fit goes on`, async () => {
    const model = withKnownWeights(mlp());
    const trainer = trainerOf([average()], {model});
    const before = numbersOf(model);
    const error = await errorOf(() =>
      trainer.fit(classData(), {
        ...options,
        [callback]: () => {
          throw new Error('from the callback');
        },
      }),
    );
    expect(error).toMatchObject({message: 'from the callback'});
    expect(numbersOf(model)).not.toEqual(before);
    for (const layer of model.layers) expect(Object.hasOwn(layer, 'call')).toBe(false);
    const {history} = await trainer.fit(classData(), options);
    expect(history.map(({epoch}) => epoch)).toEqual([1, 2, 3]);
  });
}

for (const hook of [
  'batch',
  'weights',
  'penalty',
  'gradients',
  'project',
  'track',
  'evaluation',
  'finish',
] as const) {
  test(`an error in ${hook} rejects with it, and leaves the model plain`, async () => {
    const failing = defineRegularizer({
      name: 'failing',
      [hook]: () => {
        throw new Error(`from ${hook}`);
      },
    });
    const model = withKnownWeights(normalizedMlp());
    const trainer = trainerOf([failing], {model});
    const error = await errorOf(() => trainer.fit(classData(), options));
    expect(error).toMatchObject({message: `from ${hook}`});
    for (const layer of model.layers) {
      expect(Object.hasOwn(layer, 'call')).toBe(false);
      for (const weight of layer.weights) expect(Object.hasOwn(weight, 'read')).toBe(false);
    }
    expect(numbersOf(model).every(Number.isFinite)).toBe(true);
  });
}

test('two fits at once are refused, and so is disposing of a trainer that trains', async () => {
  const trainer = trainerOf();
  const running = trainer.fit(classData(), options);
  expect(await errorOf(() => trainer.fit(classData()))).toMatchObject({code: 'busy'});
  expect(await errorOf(() => trainer.dispose())).toMatchObject({code: 'busy'});
  await running;
  expect(await errorOf(() => trainer.fit(classData(), options))).toMatchObject({code: 'already-trained'});
  trainer.dispose();
  for (const call of [
    () => trainer.fit(classData()),
    () => trainer.evaluate(classData()),
    () => trainer.predict(classData().x),
    () => trainer.save(),
    () => trainer.explain(),
    () => trainer.members(),
  ]) {
    expect(await errorOf(call)).toMatchObject({code: 'disposed'});
  }
});
