// A loss, a penalty, a weight or a number that is not finite ends training with an error that says which, and the
// model keeps the last good weights.
import {adam, defineRegularizer, type Execution, type Regularizer, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {oneHot, waves} from './support/data.ts';
import {linear, mlp, numbersOf, withKnownWeights} from './support/models.ts';
import {classData, errorOf, timeless, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

const options = {epochs: 3, batchSize: 4, shuffle: false}; // 3 steps per epoch

function abortable(): {signal: AbortSignal; abort: () => void} {
  const controller = new AbortController();
  return {signal: controller.signal, abort: () => controller.abort()};
}

/** Steps that are looked at one by one leave the weights before the bad one; others those at the epoch's start. */
function goodSteps(bad: number, execution: Execution): number {
  const isLookedAt =
    ['cpu', 'wasm'].includes(tf.getBackend()) || (tf.getBackend() === 'tensorflow' && execution === 'eager');
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
    message: expect.stringMatching(/\[adam\] learningRate must .* at step 1; received NaN/),
  });
  const plugin = defineRegularizer({name: 'odd', scalars: () => ({strength: Number.POSITIVE_INFINITY})});
  expect(await errorOf(() => trainerOf([plugin]).fit(classData()))).toMatchObject({
    where: 'odd',
    message: expect.stringMatching(/at step 1; received .*: strength is Infinity/),
  });
});

test.each([
  ['at the end of an epoch', undefined, [1, 3]],
  ['within one', 2, [1, 2]],
] as const)(
  'a loss on validation data that is not finite is an error: %s',
  async (_, evaluateEvery, [epoch, step]) => {
    const look = defineRegularizer({
      name: 'look',
      setup: () => (evaluateEvery === undefined ? {} : {evaluateEvery}),
      evaluated: () => ({mark: true}),
      finish: ({marked}) => ({restore: marked}),
    });
    const model = withKnownWeights(mlp());
    const trainer = trainerOf([look], {model});
    const {x, y} = classData(7);
    const bad = tf.tidy(() => tf.concat([tf.slice(x, [0, 0], [6, 4]), tf.fill([1, 4], Number.NaN)]));
    const error = await errorOf(() => trainer.fit(classData(), {...options, validation: {x: bad, y}}));
    expect(error).toMatchObject({
      code: 'not-finite',
      where: 'trainer',
      message: `[trainer] training stopped in epoch ${epoch}, by step ${step}: the loss on the validation data is NaN\n  The trained weights are finite, so look at the validation data: values that are not finite, or not scaled as those that are trained on.`,
    });
    expect(numbersOf(model)).not.toEqual(numbersOf(withKnownWeights(mlp())));
    // With other data it goes on from there, as if it had been given them at once.
    const {history} = await trainer.fit(classData(), {...options, validation: {x, y}});
    const whole = await trainerOf([look]).fit(classData(), {...options, validation: {x, y}});
    expect(timeless(history)).toEqual(timeless(whole.history));
  },
);
