// Data beyond the largest texture: a sentence that says what to do before anything is computed, and not tfjs's words in
// the middle.
import {createTrainer, crossValidate, sgd, type Trainer} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {errorOf} from './support/trainers.ts';

const largest = tf.env().getNumber('WEBGL_MAX_TEXTURE_SIZE');
beforeEach(() => {
  tf.engine().startScope();
  tf.env().set('WEBGL_MAX_TEXTURE_SIZE', 20); // 400 numbers
});
afterEach(() => {
  tf.env().set('WEBGL_MAX_TEXTURE_SIZE', largest);
  tf.engine().endScope();
});

const options = () => ({
  model: sequential({
    layers: [layers.dense({units: 2, inputShape: [10], activation: 'softmax' as const, name: 'out'})],
  }),
  loss: 'sparseCategoricalCrossentropy' as const,
  optimizer: sgd(),
});

const typed = (examples: number) => ({
  x: new Float32Array(10 * examples),
  y: new Uint8Array(examples),
});
const tensors = (examples: number) => ({x: tf.zeros([examples, 10]), y: tf.zeros([examples])});
const stream = (examples: number) =>
  function* () {
    yield typedRows(examples);
  };
const typedRows = (examples: number) => {
  const {x, y} = typed(examples);
  return {xs: {values: x, shape: [examples, 10]}, ys: {values: y, shape: [examples]}};
};

type Call = (trainer: Trainer) => unknown;

type Refused = readonly [what: string, call: Call, message: RegExp, hint: RegExp, data?: object];

const refused: readonly Refused[] = [
  [
    'a tensor of all examples',
    (trainer) => trainer.fit(tensors(41)),
    /\[fit\] the input .* is a tensor \[41, 10\] of 410 numbers, and the largest texture .* holds 400/,
    /typed array.*Another backend/,
    {received: 410, allowed: {type: 'integer', maximum: 400}},
  ],
  [
    'a batch of typed arrays',
    (trainer) => trainer.fit(typed(100), {batchSize: 41}),
    /\[fit\] a batch of 41 examples has 410 numbers in the input .* holds 400/,
    /at most 40 examples at once: batchSize: 40\./,
    {option: 'batchSize', received: 41, allowed: {type: 'integer', maximum: 40}},
  ],
  [
    'a batch of validation',
    (trainer) => trainer.fit(typed(8), {validation: typed(100)}),
    /\[validation\] a batch of 100 examples/,
    /evaluationBatchSize: 40/,
    {option: 'evaluationBatchSize'},
  ],
  [
    'a batch of what is held out',
    (trainer) => trainer.fit(typed(100), {batchSize: 10, validation: {split: 0.5}}),
    /a batch of 100 examples/,
    /evaluationBatchSize: 40/,
  ],
  [
    'an element of a stream',
    (trainer) => trainer.fit(stream(41)),
    /a batch of 41 examples/,
    /smaller batches/,
  ],
  ['a stream to evaluate on', (trainer) => trainer.evaluate(stream(41)), /a batch of 41/, /smaller batches/],
  ['an evaluation', (trainer) => trainer.evaluate(typed(41)), /\[evaluate\] a batch of 41/, /batchSize: 40/],
  ['a prediction', (trainer) => trainer.predict(typed(41).x), /\[predict\] a batch of 41/, /batchSize: 40/],
  [
    'predictions that are one tensor',
    (trainer) => trainer.predict(typed(201).x, {batchSize: 10}),
    /predictions of 201 examples have 402 numbers in out/,
    /at most 200 at once/,
  ],
  ['one by one', (trainer) => trainer.predictions(typed(201).x, {batchSize: 10}), /have 402 numbers/, /200/],
  ['what is out of bag', (trainer) => trainer.outOfBag(tensors(41)), /is a tensor \[41, 10\]/, /typed/],
  [
    'a fold',
    () => crossValidate(options, tensors(41), {folds: 2}),
    /\[crossValidate\] the input .* is a tensor \[41, 10\]/,
    /typed/,
  ],
];

describe('is refused before anything is computed', () => {
  test.each(refused.map((each) => [each[0], each] as const))(
    '%s',
    async (_, [, call, message, hint, data = {}]) => {
      const trainer = createTrainer(options());
      const error = (await errorOf(() => call(trainer))) as Error;
      expect(error).toMatchObject({
        name: 'RegularizerError',
        code: 'too-large',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
        ...data,
      });
      trainer.dispose();
    },
  );
});

test('targets that become one-hot count with their classes', async () => {
  const model = sequential({layers: [layers.dense({units: 50, inputShape: [1], activation: 'softmax'})]});
  const trainer = createTrainer({...options(), model});
  const data = {x: new Float32Array(20), y: new Uint8Array(20)};
  expect(await errorOf(() => trainer.fit(data))).toMatchObject({
    code: 'too-large',
    problem: expect.stringMatching(/a batch of 20 examples has 1000 numbers in the target/),
    hint: expect.stringContaining('batchSize: 8'),
  });
  trainer.dispose();
});

test('what was advised works', async () => {
  const trainer = createTrainer(options());
  const {history} = await trainer.fit(typed(100), {
    batchSize: 40,
    evaluationBatchSize: 40,
    validation: typed(60),
  });
  expect(history).toHaveLength(1);
  await trainer.evaluate(typed(100), {batchSize: 40});
  (trainer.predict(typed(200).x, {batchSize: 40}) as tf.Tensor).dispose();
  trainer.dispose();
});
