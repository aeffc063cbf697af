// Weights have identity: a derived one is a function of others, is never trained, and is written out at the end.
import {type AnalyticPenalty, adam, defineRegularizer, type Regularizer, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {waves} from './support/data.ts';
import {numbersOf, withKnownWeights} from './support/models.ts';
import {derive, squares} from './support/plugins.ts';
import {errorOf, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

/** y = x·A·B·C with matrices 2 × 2. */
function chain(): LayersModel {
  const matrix = (name: string) => layers.dense({units: 2, useBias: false, name, inputShape: [2]});
  return withKnownWeights(sequential({layers: [matrix('a'), matrix('b'), matrix('c')]}));
}

const data = () => ({x: waves([6, 2]), y: waves([6, 2], 0.9)});
const doubled = (weight: tf.Tensor): tf.Tensor => tf.mul(weight, 2);

function trainerWith(regularizers: readonly Regularizer[], model = chain()) {
  return trainerOf(regularizers, {model, loss: 'meanSquaredError', optimizer: sgd({learningRate: 0.1})});
}

/** The kernel of one layer, as numbers. */
function kernel(model: LayersModel, layer: string): number[] {
  return Array.from(model.getLayer(layer).getWeights()[0]?.dataSync() ?? []);
}

test('a derived weight is read by the model, trains what it derives from, and is written out', async () => {
  const model = chain();
  const trainer = trainerWith([derive('tie', 'c/kernel', 'a/kernel', tf.transpose)], model);
  await trainer.fit(data(), {epochs: 1, batchSize: 6, shuffle: false});
  // By hand: the gradient in A of mean((x·A·B·Aᵀ − y)²), by tfjs's own grad of that formula.
  const [a, b] = tf.tidy(() => {
    const {x, y} = data();
    const [first, second] = chain()
      .getWeights()
      .map((weight) => tf.clone(weight));
    const loss = (wa: tf.Tensor, wb: tf.Tensor) =>
      tf.mean(
        tf.squaredDifference(
          tf.matMul(tf.matMul(tf.matMul(x, wa as tf.Tensor2D), wb as tf.Tensor2D), tf.transpose(wa)),
          y,
        ),
      ) as tf.Scalar;
    const [ga, gb] = tf.grads(loss)([first!, second!]);
    return [tf.sub(first!, tf.mul(ga!, 0.1)).dataSync(), tf.sub(second!, tf.mul(gb!, 0.1)).dataSync()];
  });
  expectClose(kernel(model, 'a'), a!, 'step');
  expectClose(kernel(model, 'b'), b!, 'step');
  const [w00, w01, w10, w11] = kernel(model, 'a');
  expect(kernel(model, 'c')).toEqual([w00, w10, w01, w11]);
});

test('it is no weight of the state: no optimizer moments, no penalty by default', async () => {
  const trainer = trainerOf([derive('tie', 'c/kernel', 'a/kernel'), squares(2)], {
    model: chain(),
    loss: 'meanSquaredError',
    optimizer: adam(),
  });
  const {tensors} = await trainer.save();
  expect(Object.keys(tensors).filter((name) => name.includes('c/kernel'))).toEqual([]);
  const {history} = await trainer.fit(data(), {epochs: 1, batchSize: 6});
  const model = chain();
  const sum = (values: number[]): number => values.reduce((so, value) => so + value * value, 0);
  // Strength 2 is a factor of 1 before the sum of squares of A and B alone.
  expectClose([history[0]!.train.penalty], [sum(kernel(model, 'a')) + sum(kernel(model, 'b'))], 'step');
});

test('derivers run after those that derive what they read, whatever the list says', async () => {
  const model = chain();
  const fromB = derive('third', 'c/kernel', 'b/kernel', doubled);
  const fromA = derive('second', 'b/kernel', 'a/kernel', doubled);
  const trainer = trainerWith([fromB, fromA], model);
  await trainer.fit(data(), {epochs: 1});
  const a = kernel(model, 'a');
  expectClose(
    kernel(model, 'b'),
    a.map((value) => 2 * value),
    'same',
  );
  expectClose(
    kernel(model, 'c'),
    a.map((value) => 4 * value),
    'same',
  );
});

test('an analytic penalty on a derived weight reaches its source, as the taped one does', async () => {
  const penalty = (form: 'taped' | 'analytic'): Regularizer =>
    defineRegularizer({
      name: 'cubes',
      penalty({weights}): tf.Scalar | AnalyticPenalty {
        const sum = (name: string) => tf.sum(tf.pow(weights[name]!, 3)) as tf.Scalar;
        const value = tf.add(sum('b/kernel'), tf.add(sum('c/kernel'), sum('a/kernel'))) as tf.Scalar;
        if (form === 'taped') return value;
        const gradient = (name: string) => tf.mul(tf.square(weights[name]!), 3);
        return {
          value,
          gradients: {
            'a/kernel': gradient('a/kernel'),
            'b/kernel': gradient('b/kernel'),
            'c/kernel': gradient('c/kernel'),
          },
        };
      },
    });
  const trained: number[][] = [];
  for (const form of ['taped', 'analytic'] as const) {
    const model = chain();
    const derivers = [
      derive('second', 'b/kernel', 'a/kernel', tf.square),
      derive('third', 'c/kernel', 'b/kernel', doubled),
    ];
    await trainerWith([...derivers, penalty(form)], model).fit(data(), {epochs: 2, batchSize: 6});
    trained.push(numbersOf(model));
  }
  expectClose(trained[1]!, trained[0]!, 'step');
});

test("an analytic gradient of a weight that isn't trained is passed over", async () => {
  const model = chain();
  model.getLayer('b').trainable = false;
  const onFrozen = defineRegularizer({
    name: 'on-frozen',
    penalty: ({weights}) => ({
      value: tf.scalar(1),
      gradients: {'b/kernel': tf.onesLike(weights['b/kernel']!)},
    }),
  });
  const before = kernel(model, 'b');
  await trainerWith([onFrozen], model).fit(data(), {epochs: 1});
  expect(kernel(model, 'b')).toEqual(before);
});

test('a derived weight may come of frozen weights alone', async () => {
  const model = chain();
  model.getLayer('a').trainable = false;
  const onDerived = defineRegularizer({
    name: 'on-derived',
    penalty: ({weights}) => ({
      value: tf.scalar(1),
      gradients: {'b/kernel': tf.onesLike(weights['b/kernel']!)},
    }),
  });
  await trainerWith([derive('tie', 'b/kernel', 'a/kernel'), onDerived], model).fit(data(), {epochs: 1});
  expect(kernel(model, 'b')).toEqual(kernel(model, 'a'));
});

const refused: Readonly<Record<string, [readonly Regularizer[], string, RegExp]>> = {
  'a weight that two plugins derive': [
    [derive('one', 'c/kernel', 'a/kernel'), derive('two', 'c/kernel', 'b/kernel')],
    'derived-twice',
    /one and two both derive the weight c\/kernel/,
  ],
  'a circle of two plugins': [
    [derive('one', 'a/kernel', 'b/kernel'), derive('two', 'b/kernel', 'a/kernel')],
    'derivation-cycle',
    /in a circle: a\/kernel from b\/kernel from a\/kernel/,
  ],
  'a weight that derives from itself': [
    [derive('one', 'a/kernel', 'a/kernel')],
    'derivation-cycle',
    /a\/kernel from a\/kernel/,
  ],
  'an unknown weight': [
    [derive('one', 'a/kernel', 'z/kernel')],
    'unknown-weight',
    /one names the weight z\/kernel, which is not there/,
  ],
  'another shape than the weight has': [
    [derive('one', 'a/kernel', 'b/kernel', (weight) => tf.reshape(weight, [4]))],
    'bad-answer',
    /\[one\] derive .* at a\/kernel a float32 tensor \[4\] stands where a float32 tensor \[2, 2\] belongs/,
  ],
  'a promise that is not kept': [
    [{...derive('one', 'a/kernel', 'b/kernel'), derive: () => ({})}],
    'bad-answer',
    /\[one\] derive .*: a\/kernel is missing/,
  ],
};

for (const [what, [plugins, code, message]] of Object.entries(refused)) {
  test(`${what} is refused, and leaves no tensors behind`, async () => {
    const model = chain();
    const before = tf.memory().numTensors;
    const error = await errorOf(() => trainerWith(plugins, model));
    expect(error).toMatchObject({code, message: expect.stringMatching(message)});
    expect(tf.memory().numTensors).toBe(before);
  });
}
