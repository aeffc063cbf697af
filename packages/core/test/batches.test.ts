// How batches become steps: accumulation, weights of examples and classes, the last, smaller batch.
import {defineRegularizer, type FitOptions, momentum, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {classNumbers, oneHot, waves} from './support/data.ts';
import {linear, mlp, numbersOf, twoHeaded, withKnownWeights} from './support/models.ts';
import {classData, errorOf, timeless, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

const inOrder = {shuffle: false} satisfies FitOptions;

async function trained(options: FitOptions, examples = 12) {
  const model = withKnownWeights(mlp());
  const trainer = trainerOf([], {model, optimizer: momentum({learningRate: 0.1}), metrics: ['accuracy']});
  const {history} = await trainer.fit(classData(examples), {...inOrder, ...options});
  return {history, weights: numbersOf(model)};
}

test('accumulating three batches is one batch three times as large', async () => {
  const whole = await trained({epochs: 2, batchSize: 6});
  const parts = await trained({epochs: 2, batchSize: 2, accumulate: 3});
  expectClose(parts.weights, whole.weights, 'step');
  expect(parts.history.map(({step}) => step)).toEqual([2, 4]);
  for (const [i, {train}] of parts.history.entries()) {
    expectClose(Object.values(train), Object.values(whole.history[i]!.train), 'step');
  }
});

test('accumulated batches of unequal size weigh by their examples', async () => {
  // 11 examples: 3 + 3 and 3 + 2.
  const whole = await trained({epochs: 2, batchSize: 6}, 11);
  const parts = await trained({epochs: 2, batchSize: 3, accumulate: 2}, 11);
  expectClose(parts.weights, whole.weights, 'step');
});

test("an epoch's loss is the mean over its examples, the last, smaller batch included", async () => {
  const trainer = trainerOf([], {optimizer: sgd({learningRate: 0}), metrics: ['accuracy']});
  const data = classData(11);
  const {history} = await trainer.fit(data, {batchSize: 4});
  const report = await trainer.evaluate(data);
  expectClose(
    [history[0]!.train.loss, history[0]!.train['accuracy']!],
    [report.loss, report['accuracy']!],
    'step',
  );
});

test('dropLast leaves out a smaller last batch, but never the only one', async () => {
  expect((await trained({batchSize: 5, dropLast: true})).history[0]?.step).toBe(2);
  expect((await trained({batchSize: 6, dropLast: true})).history[0]?.step).toBe(2);
  expect((await trained({batchSize: 20, dropLast: true})).history[0]?.step).toBe(1);
  const first = await trained({batchSize: 10, dropLast: true});
  const only = await trained({batchSize: 10}, 10);
  expectClose(first.weights, only.weights, 'same');
});

test('shuffling visits every example once, in another order each epoch and each seed', async () => {
  const order = async (seed: number): Promise<number[]> => {
    const seen: number[] = [];
    const look = defineRegularizer({
      name: 'look',
      batch: (batch) => {
        seen.push(...batch.inputs[0]!.dataSync());
        return batch;
      },
    });
    const data = {x: tf.reshape(tf.range(0, 10), [10, 1]), y: tf.zeros([10, 1])};
    await trainerOf([look], {
      model: withKnownWeights(linear(1)),
      loss: 'meanSquaredError',
      optimizer: sgd({learningRate: 0}),
      seed,
      execution: 'eager', // the test reads a tensor within the step
    }).fit(data, {epochs: 2, batchSize: 3});
    return seen;
  };
  const [one, again, other] = [await order(1), await order(1), await order(2)];
  const numbers = Array.from({length: 10}, (_, i) => i);
  const sorted = (list: number[]): number[] => [...list].sort((a, b) => a - b);
  expect(sorted(one.slice(0, 10))).toEqual(numbers);
  expect(sorted(one.slice(10))).toEqual(numbers);
  expect(one.slice(0, 10)).not.toEqual(one.slice(10));
  expect(one).toEqual(again);
  expect(one).not.toEqual(other);
});

test('sampleWeight: the loss is (1/n) Σ wᵢ·lossᵢ, its gradient too; metrics are not weighted', async () => {
  // y = w·x with w = 0: losses tᵢ², gradients −2·tᵢ·xᵢ.
  const model = linear(1);
  model.setWeights([tf.zeros([1, 1])]);
  const x = [1, 2, 3];
  const t = [2, -1, 0.5];
  const weight = [0.5, 2, 0];
  const data = {
    x: tf.tensor2d(x, [3, 1]),
    y: tf.tensor2d(t, [3, 1]),
    sampleWeight: tf.tensor1d(weight),
  };
  const trainer = trainerOf([], {
    model,
    loss: 'meanSquaredError',
    optimizer: sgd({learningRate: 0.1}),
    metrics: ['meanAbsoluteError'],
  });
  const before = await trainer.evaluate(data);
  const {history} = await trainer.fit(data, {batchSize: 3});
  const loss = weight.reduce((sum, w, i) => sum + w * t[i]! ** 2, 0) / 3;
  const gradient = weight.reduce((sum, w, i) => sum - 2 * w * t[i]! * x[i]!, 0) / 3;
  expectClose([history[0]!.train.loss, before.loss], [loss, loss], 'step');
  expectClose(
    [history[0]!.train['meanAbsoluteError']!, before['meanAbsoluteError']!],
    [3.5 / 3, 3.5 / 3],
    'step',
  );
  expectClose(numbersOf(model), [-0.1 * gradient], 'step');
});

test('accuracy is that of the classes whatever the weights of examples', async () => {
  const data = {...classData(), sampleWeight: tf.tensor1d([0, 0.1, 0.2, 0, 1, 2, 3, 0, 0.4, 0.1])};
  const trainer = trainerOf([], {optimizer: sgd({learningRate: 0}), metrics: ['accuracy']});
  const {history} = await trainer.fit(data, {batchSize: 4});
  const {accuracy} = await trainer.evaluate(classData());
  expectClose([history[0]!.train['accuracy']!], [accuracy!], 'step');
});

test('classWeight is the sampleWeight of each class', async () => {
  const classWeight = [0.5, 1, 3];
  const numbers = Array.from(classNumbers(10, 3).dataSync());
  const sampleWeight = tf.tensor1d(numbers.map((c) => classWeight[c]!));
  const fit = async (extra: object, options: FitOptions) => {
    const model = withKnownWeights(mlp());
    await trainerOf([], {model}).fit({...classData(), ...extra}, {...inOrder, batchSize: 4, ...options});
    return numbersOf(model);
  };
  const byClass = await fit({}, {classWeight});
  expectClose(byClass, await fit({sampleWeight}, {}), 'step');
  const both = await fit({sampleWeight}, {classWeight});
  const squared = tf.tensor1d(numbers.map((c) => classWeight[c]! ** 2));
  expectClose(both, await fit({sampleWeight: squared}, {}), 'step');
});

test('classWeight of a binary output is that of 0 and 1', async () => {
  const make = () =>
    withKnownWeights(
      sequential({
        layers: [layers.dense({units: 1, activation: 'sigmoid', inputShape: [4], name: 'output'})],
      }),
    );
  const y = [0, 1, 1, 0, 1];
  const data = {x: waves([5, 4]), y: tf.tensor2d(y, [5, 1])};
  const [byClass, byExample] = [make(), make()];
  await trainerOf([], {model: byClass, loss: 'binaryCrossentropy'}).fit(data, {
    ...inOrder,
    classWeight: [0.5, 2],
  });
  const sampleWeight = tf.tensor1d(y.map((t) => (t === 1 ? 2 : 0.5)));
  await trainerOf([], {model: byExample, loss: 'binaryCrossentropy'}).fit({...data, sampleWeight}, inOrder);
  expectClose(numbersOf(byClass), numbersOf(byExample), 'step');
});

test('classWeight that means nothing is refused', async () => {
  const real = trainerOf([], {model: linear(), loss: 'meanSquaredError'});
  const data = {x: waves([4, 2]), y: waves([4, 1])};
  expect(await errorOf(() => real.fit(data, {classWeight: [1]}))).toMatchObject({code: 'class-weight'});
  expect(await errorOf(() => trainerOf().fit(classData(), {classWeight: [1, 2]}))).toMatchObject({
    code: 'class-weight',
    message: expect.stringContaining('it holds 2 numbers, but there are 3 classes'),
  });
  const two = trainerOf([], {model: twoHeaded(), loss: ['categoricalCrossentropy', 'meanSquaredError']});
  const heads = {x: waves([4, 4]), y: [oneHot(4, 3), waves([4, 1])]};
  expect(await errorOf(() => two.fit(heads, {classWeight: [1, 2, 3]}))).toMatchObject({code: 'class-weight'});
  expect(await errorOf(() => trainerOf().fit(classData(), {classWeight: [1, -2, 3]}))).toMatchObject({
    code: 'out-of-range',
  });
});

test('accumulation with a batch that is left over counts its steps', async () => {
  // 12 examples in batches of 5: 5 + 5 and 2.
  const {history} = await trained({epochs: 2, batchSize: 5, accumulate: 2});
  expect(timeless(history).map(({step}) => step)).toEqual([2, 4]);
});

test('a batch that grows on its way is reported as the mean over what it has become', async () => {
  const twice = defineRegularizer({
    name: 'twice',
    batch: ({inputs, targets, size}) => ({
      inputs: inputs.map((value) => tf.concat([value, value])),
      targets: targets.map((list) =>
        list.map(({target, weight}) => ({target: tf.concat([target, target]), weight})),
      ),
      size: 2 * size,
    }),
  });
  const run = async (grows: boolean) => {
    const model = withKnownWeights(mlp());
    const trainer = trainerOf(grows ? [twice] : [], {model, metrics: ['accuracy']});
    const {history} = await trainer.fit(classData(11), {...inOrder, epochs: 2, batchSize: 3, accumulate: 2});
    return [...history.flatMap(({train}) => Object.values(train)), ...numbersOf(model)];
  };
  expectClose(await run(true), await run(false), 'step');
});
