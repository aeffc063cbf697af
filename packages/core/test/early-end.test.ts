// Training that ends early: the signal, a plugin's stop, errors. The model is left plain, with finite weights.
import {
  adam,
  type Decision,
  defineRegularizer,
  type EpochReport,
  type Execution,
  type Regularizer,
  sgd,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {oneHot, waves} from './support/data.ts';
import {linear, mlp, normalizedMlp, numbersOf, withKnownWeights} from './support/models.ts';
import {average, several} from './support/plugins.ts';
import {classData, errorOf, timeless, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

function abortable(): {signal: AbortSignal; abort: () => void} {
  const controller = new AbortController();
  return {signal: controller.signal, abort: () => controller.abort()};
}

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
  expect(first.stopped).toMatchObject({by: 'signal', member: 1, step: 4});
  expect(new Set(first.history.map(({member}) => member))).toEqual(new Set([0, 1]));
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

/** Steps that are looked at one by one leave the weights before the bad one; others those at the epoch's start. */
function goodSteps(bad: number, execution: Execution): number {
  const isLookedAt = tf.getBackend() === 'cpu' || (tf.getBackend() === 'tensorflow' && execution === 'eager');
  return isLookedAt ? bad - 1 : Math.floor((bad - 1) / 3) * 3;
}

/** The weights after some steps of a trainer without plugins. */
async function weightsAfter(steps: number, execution: Execution): Promise<number[]> {
  const model = withKnownWeights(mlp());
  if (steps === 0) return numbersOf(model);
  const {signal, abort} = abortable();
  const stop = ({step}: {readonly step: number}): void => {
    if (step === steps) abort();
  };
  await trainerOf([], {model, execution}).fit(classData(), {...options, signal, onStep: stop});
  return numbersOf(model);
}

for (const execution of ['auto', 'eager'] as const) {
  test(`a loss that is not finite is named; the weights before it stay (${execution})`, async () => {
    const x = waves([10, 4]);
    const bad = tf.tidy(() => tf.concat([tf.slice(x, [0, 0], [8, 4]), tf.fill([2, 4], Number.NaN)]));
    const model = withKnownWeights(mlp());
    const trainer = trainerOf([], {model, execution});
    const error = await errorOf(() => trainer.fit({x: bad, y: oneHot(10, 3)}, options));
    expect(error).toMatchObject({code: 'not-finite', where: 'trainer'});
    const steps = goodSteps(3, execution);
    if (steps === 2)
      expect(error).toMatchObject({message: expect.stringContaining('at step 3: the data loss is NaN')});
    expectClose(numbersOf(model), await weightsAfter(steps, execution), 'same');
    expect((await trainer.save()).members[0]?.position.step).toBe(steps);
  });
}

test('a penalty that is not finite is named', async () => {
  const bad = defineRegularizer({
    name: 'bad',
    penalty: ({weights}) => ({
      value: tf.scalar(Number.POSITIVE_INFINITY),
      gradients: {'hidden/bias': tf.zerosLike(weights['hidden/bias']!)},
    }),
  });
  const error = await errorOf(() => trainerOf([bad]).fit(classData(), options));
  expect(error).toMatchObject({
    code: 'not-finite',
    message: expect.stringContaining('the penalty is Infinity'),
  });
});

/** Divides one gradient by zero at one step. (Not 0/0, which is 1 in tfjs on WebGL.) */
function spoil(at: number): Regularizer {
  return defineRegularizer({
    name: 'spoil',
    scalars: ({step}) => ({bad: step === at ? 1 : 0}),
    gradients: (gradients, {scalars}) => ({
      ...gradients,
      'hidden/kernel': tf.mul(gradients['hidden/kernel']!, tf.div(1, tf.sub(1, scalars['bad']!))),
    }),
  });
}

for (const at of [2, 3, 9]) {
  for (const execution of ['auto', 'eager'] as const) {
    test(`a gradient that is not finite at step ${at} leaves the weights before it (${execution})`, async () => {
      const model = withKnownWeights(mlp());
      const trainer = trainerOf([spoil(at)], {model, execution});
      const error = await errorOf(() => trainer.fit(classData(), options));
      const steps = goodSteps(at, execution);
      expect(error).toMatchObject({code: 'not-finite'});
      if (steps === at - 1) expect(error).toMatchObject({message: expect.stringContaining('hidden/kernel')});
      expectClose(numbersOf(model), await weightsAfter(steps, execution), 'same');
      expect((await trainer.save()).members[0]?.position.step).toBe(steps);
    });
  }
}

test('weights that are not finite to begin with are said to be so', async () => {
  const model = linear();
  model.setWeights([tf.tensor2d([[Number.NaN], [1]])]);
  const trainer = trainerOf([], {model, loss: 'meanSquaredError'});
  const error = await errorOf(() => trainer.fit({x: waves([4, 2]), y: waves([4, 1])}));
  expect(error).toMatchObject({
    code: 'not-finite',
    message: expect.stringMatching(/linear\/kernel (of the model is not finite to begin with|.*)/),
  });
});

test('after a rate that was too high training can go on with a checkpoint of before', async () => {
  const model = withKnownWeights(linear());
  const data = {x: waves([8, 2]), y: waves([8, 1], 0.9)};
  const wild = trainerOf([], {model, loss: 'meanSquaredError', optimizer: sgd({learningRate: 1e20})});
  expect(await errorOf(() => wild.fit(data, {epochs: 20, batchSize: 4}))).toMatchObject({code: 'not-finite'});
  expect(numbersOf(model).every(Number.isFinite)).toBe(true);
});

test('a learning rate or scalar that is not finite is refused before the step', async () => {
  const schedule = () => Number.NaN;
  const byRate = trainerOf([], {optimizer: adam({learningRate: schedule})});
  expect(await errorOf(() => byRate.fit(classData()))).toMatchObject({
    message: expect.stringContaining('the learning rate is NaN at step 1'),
  });
  const plugin = defineRegularizer({name: 'odd', scalars: () => ({strength: Number.POSITIVE_INFINITY})});
  expect(await errorOf(() => trainerOf([plugin]).fit(classData()))).toMatchObject({
    where: 'odd',
    message: expect.stringContaining('the scalar strength is Infinity at step 1'),
  });
});

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
