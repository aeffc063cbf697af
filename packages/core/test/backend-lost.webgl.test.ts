// A WebGL context that is lost, at many moments of everything that a trainer does: the right answer or `backend-lost`,
// soon; never zeros, never a promise that stays open.
import {
  adam,
  type Checkpoint,
  createTrainer,
  decodeCheckpoint,
  encodeCheckpoint,
  onBackendLost,
  renewBackend,
  type Trainer,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {afterEach, describe, expect, test, vi} from 'vitest';
import {mlp, normalizedMlp, numbersOf, withKnownWeights} from './support/models.ts';
import {average, keepBest, siteNoise} from './support/plugins.ts';
import {classData, errorOf, timeless, trainerOf} from './support/trainers.ts';

const soon = 10_000; // milliseconds; it takes one frame, and some seconds where all cores are busy
const lost = {code: 'backend-lost', where: 'backend'};

const contextOf = (): WebGL2RenderingContext =>
  (tf.backend() as unknown as {gpgpu: {gl: WebGL2RenderingContext}}).gpgpu.gl;
const extensionOf = (gl: WebGL2RenderingContext): WEBGL_lose_context =>
  gl.getExtension('WEBGL_lose_context')!;
let lostAt = 0;
const lose = (): void => {
  lostAt = performance.now();
  extensionOf(contextOf()).loseContext();
};

/** Several turns of the event loop. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setTimeout(resolve));
}

/** What comes of a promise, soon after the loss; what comes before it is not timed. */
async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('nothing came of it')), 10 * soon);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    expect(performance.now() - lostAt).toBeLessThan(soon);
  }
}

afterEach(() => renewBackend());

interface Scene {
  readonly trainer: Trainer;
  readonly data: {readonly x: tf.Tensor; readonly y: tf.Tensor};
  readonly saved: Checkpoint;
}

async function scene(): Promise<Scene> {
  const trainer = trainerOf([average()]);
  return {trainer, data: classData(24), saved: await trainer.save()};
}

const calls: Readonly<Record<string, (scene: Scene) => Promise<unknown>>> = {
  fit: async ({trainer, data}) => timeless((await trainer.fit(data, {epochs: 2, batchSize: 4})).history),
  'fit on a stream': async ({trainer, data: {x, y}}) => {
    const elements = [0, 1, 2].map((i) => ({xs: tf.slice(x, 8 * i, 8), ys: tf.slice(y, 8 * i, 8)}));
    const iterator = async () => {
      const left = elements.map(({xs, ys}) => ({xs: tf.clone(xs), ys: tf.clone(ys)})).values();
      return {next: async () => left.next()};
    };
    return timeless((await trainer.fit({iterator}, {epochs: 2})).history);
  },
  evaluate: ({trainer, data}) => trainer.evaluate(data, {batchSize: 4}),
  predict: async ({trainer, data}) => (trainer.predict(data.x, {batchSize: 4}) as tf.Tensor).array(),
  'predict, read at once': async ({trainer, data}) =>
    (trainer.predict(data.x, {batchSize: 4}) as tf.Tensor).arraySync(),
  save: ({trainer}) => trainer.save(),
  restore: async ({trainer, saved}) => {
    await trainer.restore(saved);
    return trainer.save();
  },
  members: async ({trainer}) => (await trainer.members()).map(numbersOf),
};

/** What happens between a call and the loss. */
const moments: Readonly<Record<string, (() => Promise<void> | void) | undefined>> = {
  before: undefined,
  'right after the call': () => undefined,
  'a turn later': () => turns(1),
  'five turns later': () => turns(5),
};

describe.each(Object.keys(calls))('%s', (name) => {
  const call = calls[name]!;
  let expected: unknown;

  test.each(Object.keys(moments))('lost %s', async (moment) => {
    expected ??= await call(await scene());
    const here = await scene();
    const wait = moments[moment];
    if (!wait) lose();
    let isSettled = false;
    const outcome = call(here)
      .then(
        (value) => ({value}),
        (error: unknown) => ({error}),
      )
      .finally(() => {
        isSettled = true;
      });
    if (wait) {
      await wait();
      if (!isSettled) lose();
    }
    const settled = await inTime(outcome);
    if ('error' in settled) expect(settled.error).toMatchObject(lost);
    else expect(settled.value).toEqual(expected);
    // After the loss nothing is to be had.
    if (!contextOf().isContextLost()) lose();
    expect(await errorOf(() => inTime(call(here)))).toMatchObject(lost);
    here.trainer.dispose();
  });
});

test('fit ends where the loss comes within its callbacks, in each of them', async () => {
  for (const at of [1, 2, 5, 'epoch', 'last'] as const) {
    const {trainer, data} = await scene();
    const steps = vi.fn();
    const error = await errorOf(() =>
      inTime(
        trainer.fit(data, {
          epochs: 2,
          batchSize: 8,
          validation: data,
          onStep: ({step}) => {
            steps();
            if (step === at) lose();
          },
          onEpoch: ({epoch}) => {
            if ((at === 'epoch' && epoch === 1) || (at === 'last' && epoch === 2)) lose();
          },
        }),
      ),
    );
    expect(error, String(at)).toMatchObject(lost);
    if (typeof at === 'number') expect(steps).toHaveBeenCalledTimes(at);
    trainer.dispose();
    await renewBackend();
  }
});

test('nothing of a lost backend can be read, and what waited for it is told', async () => {
  const {trainer, data} = await scene();
  const waiting = tf.square(data.x);
  const [first, second] = [waiting.data(), waiting.data()]; // tfjs lets the second wait for the first
  const told = vi.fn();
  onBackendLost(told);
  onBackendLost(vi.fn())();
  lose();
  expect(await inTime(errorOf(() => first))).toMatchObject(lost);
  expect(await inTime(errorOf(() => second))).toMatchObject(lost);
  expect(await errorOf(() => data.x.data())).toMatchObject(lost);
  expect(await errorOf(() => data.x.dataSync())).toMatchObject(lost);
  expect(told).toHaveBeenCalledTimes(1);
  trainer.dispose();
});

test('on a lost backend no trainer is made, and its models and trainers are of no use on the new one', async () => {
  const {trainer, data} = await scene();
  const model = withKnownWeights(mlp());
  const options = {model, loss: 'categoricalCrossentropy', optimizer: adam()} as const;
  lose();
  expect(await errorOf(() => createTrainer(options))).toMatchObject(lost);
  await renewBackend();
  expect(await errorOf(() => inTime(trainer.fit(data)))).toMatchObject(lost);
  expect(await errorOf(() => inTime(trainer.save()))).toMatchObject(lost);
  expect(await errorOf(() => trainer.predict(data.x))).toMatchObject(lost);
  expect(await errorOf(() => createTrainer(options).fit(classData()))).toMatchObject(lost);
  trainer.dispose();
});

test('a context that was given back is empty, also to those who come after', async () => {
  const given = async (): Promise<void> => {
    const gl = contextOf();
    const extension = extensionOf(gl);
    extension.loseContext();
    await turns(2);
    extension.restoreContext();
    while (gl.isContextLost()) await turns(1);
  };
  const {trainer, data} = await scene();
  await given();
  expect(await errorOf(() => inTime(trainer.evaluate(data)))).toMatchObject(lost);
  await renewBackend();
  const model = withKnownWeights(mlp());
  await given(); // nobody watched the backend yet
  expect(
    await errorOf(() => createTrainer({model, loss: 'categoricalCrossentropy', optimizer: adam()})),
  ).toMatchObject(lost);
});

test('what was saved last is gone on from, exactly', async () => {
  const plugins = () => [siteNoise('hidden'), average(), keepBest(9)];
  const make = () => {
    const model = withKnownWeights(normalizedMlp());
    return {model, trainer: trainerOf(plugins(), {model, optimizer: adam(), seed: 3})};
  };
  const options = {epochs: 3, batchSize: 8};
  const whole = make();
  const {history} = await whole.trainer.fit(classData(40), {...options, validation: classData(7)});
  const weights = numbersOf(whole.model);
  for (const at of [1, 7, 15]) {
    const {trainer} = make();
    let saved: Uint8Array | undefined;
    const error = await errorOf(() =>
      inTime(
        trainer.fit(classData(40), {
          ...options,
          validation: classData(7),
          onStep: async ({step}) => {
            if (step % 3 === 0) saved = encodeCheckpoint(await trainer.save());
            if (step === at) lose();
          },
        }),
      ),
    );
    expect(error).toMatchObject(lost);
    trainer.dispose();
    await renewBackend();
    const again = make();
    if (saved) await again.trainer.restore(decodeCheckpoint(saved));
    const result = await again.trainer.fit(classData(40), {...options, validation: classData(7)});
    expect(timeless(result.history)).toEqual(timeless(history));
    expect(numbersOf(again.model)).toEqual(weights);
  }
});
