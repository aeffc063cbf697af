// A signal ends a run wherever it is, also where it waits for a stream that never gives anything; every pass that was
// opened is ended, nothing is left on the backend, and the run goes on as if it had not been ended.
import {defineRegularizer, type FitOptions, type StreamElement} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, test} from 'vitest';
import {normalizedMlp, numbersOf, withKnownWeights} from './support/models.ts';
import {classData, timeless, trainerOf} from './support/trainers.ts';

/** Where a stream waits until it is let go: in its pass of this number, before this element, or before it opens. */
interface Place {
  readonly pass: number;
  readonly at: number | 'open';
}

/** A stream of three batches, and what becomes of its passes. */
function waiting(place?: Place) {
  const open = new Set<number>();
  let arrived = (): void => undefined;
  let release = (): void => undefined;
  const isThere = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const go = new Promise<void>((resolve) => {
    release = resolve;
  });
  const wait = async (pass: number, at: Place['at']): Promise<void> => {
    if (place?.pass !== pass || place.at !== at) return;
    arrived();
    await go;
  };
  async function* elements(pass: number): AsyncGenerator<StreamElement> {
    open.add(pass);
    try {
      for (const at of [1, 2, 3]) {
        await wait(pass, at);
        const {x, y} = tf.tidy(() => classData());
        yield {xs: x, ys: y};
      }
    } finally {
      open.delete(pass);
    }
  }
  let pass = 0;
  const begin = async () => {
    pass += 1;
    const mine = pass;
    await wait(mine, 'open');
    return elements(mine);
  };
  return {begin, open, isThere, release: () => release()};
}

/** Wants batch statistics anew for the weights that it evaluates with. */
const halved = defineRegularizer({
  name: 'halved',
  owns: ['evaluation'],
  setup: () => ({recalibrate: true}),
  evaluation: ({weights}) => ({'hidden/kernel': tf.mul(weights['hidden/kernel']!, 0.5)}),
});

const places: readonly (readonly [what: string, train: Place | undefined, validation: Place | undefined])[] =
  [
    ['opening the first pass', {pass: 1, at: 'open'}, undefined],
    ['the first batch', {pass: 1, at: 1}, undefined],
    ['a later batch', {pass: 1, at: 2}, undefined],
    ['opening the pass for batch statistics', {pass: 2, at: 'open'}, undefined],
    ['a batch for batch statistics', {pass: 2, at: 2}, undefined],
    ['opening the second epoch', {pass: 3, at: 'open'}, undefined],
    ['the first batch of the second epoch', {pass: 3, at: 1}, undefined],
    ['opening the validation data', undefined, {pass: 1, at: 'open'}],
    ['the first batch of the validation data', undefined, {pass: 1, at: 1}],
    ['a later batch of the validation data', undefined, {pass: 1, at: 3}],
    ['a batch of the second validation', undefined, {pass: 2, at: 2}],
  ];

const isSettled = (promise: Promise<unknown>): Promise<boolean> =>
  Promise.race([
    promise.then(
      () => true,
      () => true,
    ),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 2000)),
  ]);

async function whole(): Promise<readonly [weights: number[], history: unknown]> {
  const model = withKnownWeights(normalizedMlp());
  const trainer = trainerOf([halved], {model});
  const {history} = await trainer.fit(waiting().begin, {epochs: 2, validation: waiting().begin});
  const weights = numbersOf(model);
  trainer.dispose();
  model.dispose();
  return [weights, timeless(history)];
}

describe.each(places)('aborted while it waits for %s', (_, ofTrain, ofValidation) => {
  test('a run ends at once, ends every pass, leaves no tensor, and goes on to the same end', async () => {
    const expected = await whole();
    const before = tf.memory().numTensors;
    const model = withKnownWeights(normalizedMlp());
    const trainer = trainerOf([halved], {model});
    const [train, validation] = [waiting(ofTrain), waiting(ofValidation)];
    const controller = new AbortController();
    const options: FitOptions = {epochs: 2, validation: validation.begin};
    const running = trainer.fit(train.begin, {...options, signal: controller.signal});
    await Promise.race([ofTrain ? train.isThere : validation.isThere, running]);
    controller.abort();
    expect(await isSettled(running)).toBe(true);
    expect((await running).stopped).toMatchObject({by: 'signal', why: 'aborted'});
    train.release();
    validation.release();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([...train.open, ...validation.open]).toEqual([]);

    const {history} = await trainer.fit(waiting().begin, {epochs: 2, validation: waiting().begin});
    expect([numbersOf(model), timeless(history)]).toEqual(expected);
    trainer.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('an evaluation of examples in memory ends at the signal, too, and is made again', async () => {
  const before = tf.memory().numTensors;
  const run = async (abortAt: number | undefined) => {
    const model = withKnownWeights(normalizedMlp());
    const controller = new AbortController();
    let passes = 0;
    const counting = {
      name: 'counting',
      perExample: (y: tf.Tensor) => {
        passes += 1;
        if (passes === abortAt) controller.abort();
        return tf.zeros([y.shape[0] ?? 0]);
      },
    };
    const trainer = trainerOf([], {model, metrics: [counting], execution: 'eager'});
    const [data, held] = [classData(), classData(8)];
    const options: FitOptions = {batchSize: 5, epochs: 2, validation: held, evaluationBatchSize: 1};
    const first = await trainer.fit(data, {...options, signal: controller.signal});
    const until = passes;
    const {history} = first.stopped ? await trainer.fit(data, options) : first;
    const weights = numbersOf(model);
    trainer.dispose();
    model.dispose();
    tf.dispose([data, held]);
    return {first, until, end: [weights, timeless(history)]};
  };
  const undisturbed = await run(undefined);
  // Two steps of training, then the third example of the evaluation.
  const disturbed = await run(5);
  expect(disturbed.first.stopped).toMatchObject({by: 'signal'});
  expect(disturbed.first.history).toMatchObject([{epoch: 1, partial: true}]);
  expect(disturbed.until).toBe(5);
  expect(disturbed.end).toEqual(undisturbed.end);
  expect(tf.memory().numTensors).toBe(before);
});
