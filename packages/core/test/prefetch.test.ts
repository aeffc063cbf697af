// While a step runs, the next batch is on its way. Nothing else is to be seen of it.
import {defineRegularizer, type StreamElement} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {mlp, numbersOf, withKnownWeights} from './support/models.ts';
import {streamOf} from './support/streams.ts';
import {classData, errorOf, trainerOf} from './support/trainers.ts';

/** Batches of ten, and what happens to them, in order. */
function logged(log: string[], count: number, before?: (i: number) => Promise<void> | void) {
  return async function* (): AsyncGenerator<StreamElement> {
    try {
      for (let i = 1; i <= count; i++) {
        log.push(`read ${i}`);
        await before?.(i);
        const {x, y} = classData();
        yield [x, y];
      }
    } finally {
      log.push('closed');
    }
  };
}

/** Notes when a step begins, which is when its plugins' numbers are asked for. */
const noting = (log: string[]) =>
  defineRegularizer({
    name: 'noting',
    scalars: ({step}) => {
      log.push(`step ${step}`);
      return {};
    },
  });

test('a batch is read while the step before it runs, and none that no step takes', async () => {
  const log: string[] = [];
  await trainerOf([noting(log)]).fit(logged(log, 9), {epochs: 2, stepsPerEpoch: 2});
  expect(log.filter((line) => line.startsWith('read'))).toEqual([1, 2, 3, 4].map((i) => `read ${i}`));
  expect(log.indexOf('read 2')).toBeLessThan(log.indexOf('step 1'));
  expect(log.at(-1)).toBe('closed');
});

test('a batch that takes long is waited for from when the step before it began', async () => {
  // It comes when the step has begun, and would never, were it asked for only after the step.
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  let isAsked = false;
  const plugin = defineRegularizer({
    name: 'looks',
    scalars: ({step}) => {
      if (step === 1) {
        expect(isAsked).toBe(true);
        begin();
      }
      return {};
    },
  });
  const stream = logged([], 2, (i) => {
    if (i < 2) return undefined;
    isAsked = true;
    return begun;
  });
  const {history} = await trainerOf([plugin]).fit(stream);
  expect(history[0]!.step).toBe(2);
});

test('an error in the batch ahead is thrown where the batch is taken', async () => {
  for (const wait of [undefined, 1]) {
    const steps: number[] = [];
    const model = withKnownWeights(mlp());
    const stream = logged([], 5, async (i) => {
      if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
      if (i === 3) throw new Error('the disk is gone');
    });
    const error = await errorOf(() =>
      trainerOf([], {model}).fit(stream, {
        onStep: ({step}) => {
          steps.push(step);
        },
      }),
    );
    expect(error).toMatchObject({message: 'the disk is gone'});
    expect(steps).toEqual([1, 2]);
    // Both steps count: the model is left with what they came to.
    const two = withKnownWeights(mlp());
    await trainerOf([], {model: two}).fit(streamOf([10]), {epochs: 2});
    expect(numbersOf(model)).toEqual(numbersOf(two));
  }
});

test('an error in a batch that is never taken does not matter', async () => {
  const controller = new AbortController();
  const stream = logged([], 5, (i) => {
    if (i === 2) throw new Error('never seen');
  });
  const {stopped} = await trainerOf().fit(stream, {
    signal: controller.signal,
    onStep: () => controller.abort(),
  });
  expect(stopped).toMatchObject({by: 'signal'});
});

test('aborting lets go of the batch ahead, whenever it comes', async () => {
  for (const pending of [false, true]) {
    const log: string[] = [];
    const trainer = trainerOf();
    await trainer.fit(classData());
    const before = tf.memory().numTensors;
    let come = (): void => undefined;
    const coming = new Promise<void>((resolve) => {
      come = resolve;
    });
    const controller = new AbortController();
    const {stopped, history} = await trainer.fit(
      logged(log, 5, (i) => (pending && i === 3 ? coming : undefined)),
      {
        epochs: 3,
        signal: controller.signal,
        onStep: ({stepInEpoch}) => {
          if (stepInEpoch === 2) controller.abort();
        },
      },
    );
    expect(stopped).toMatchObject({by: 'signal'});
    expect(history.at(-1)).toMatchObject({partial: true});
    come();
    await new Promise((resolve) => setTimeout(resolve, 0));
    trainer.dispose();
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
    expect(log.at(-1)).toBe('closed');
  }
});

test('aborting does not wait for a batch that never comes', async () => {
  const controller = new AbortController();
  const stream = logged([], 3, (i) => {
    if (i < 2) return undefined;
    setTimeout(() => controller.abort(), 1);
    return new Promise<void>(() => undefined);
  });
  const model = withKnownWeights(mlp());
  const {stopped, history} = await trainerOf([], {model}).fit(stream, {signal: controller.signal});
  expect(stopped).toMatchObject({by: 'signal'});
  expect(history).toMatchObject([{partial: true, step: 1}]);
  const one = withKnownWeights(mlp());
  await trainerOf([], {model: one}).fit(streamOf([10]));
  expect(numbersOf(model)).toEqual(numbersOf(one));
});

test('a run that is stopped goes on as if it had not been', async () => {
  const sizes = [4, 4, 2];
  for (const options of [{epochs: 2}, {epochs: 3, stepsPerEpoch: 2}, {epochs: 2, accumulate: 2}]) {
    const whole = withKnownWeights(mlp());
    const {history} = await trainerOf([], {model: whole}).fit(streamOf(sizes), options);
    const steps = history.at(-1)!.step;
    for (const stop of [1, steps - 1]) {
      const broken = withKnownWeights(mlp());
      const trainer = trainerOf([], {model: broken});
      const controller = new AbortController();
      const until = {...options, signal: controller.signal};
      await trainer.fit(streamOf(sizes), {
        ...until,
        onStep: ({step}) => {
          if (step === stop) controller.abort();
        },
      });
      const restored = trainerOf([], {model: broken});
      await restored.restore(await trainer.save());
      await restored.fit(streamOf(sizes), options);
      expect(numbersOf(broken)).toEqual(numbersOf(whole));
    }
  }
});
