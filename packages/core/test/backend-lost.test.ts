// A backend that can be lost as WebGPU's can: it holds a device with a promise `lost`. Its kernels are cpu's.
import {RegularizerError, renewBackend} from '@regularizers/core';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {average, siteNoise} from './support/plugins.ts';
import {classData, errorOf, timeless, trainerOf} from './support/trainers.ts';

const lost = {
  code: 'backend-lost',
  where: 'backend',
  message: expect.stringContaining('the backend fragile'),
};
let usual = '';
let isTest = false;

/** What the backend that is made next does. */
interface Device {
  readonly lost: Promise<unknown>;
  lose(): void;
  /** Reads so many times, then waits for ever. */
  readsLeft: number;
}
let device: Device;

tf.registerBackend('fragile', () => {
  let lose: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    lose = resolve;
  });
  device = {lost: gone, lose, readsLeft: Number.POSITIVE_INFINITY};
  const backend = tf.engine().registryFactory['cpu']!.factory() as tf.KernelBackend & {device?: Device};
  backend.device = device;
  const read = backend.read.bind(backend);
  const mine = device;
  backend.read = (dataId) => (mine.readsLeft-- > 0 ? read(dataId) : new Promise(() => undefined));
  return backend;
});
tf.copyRegisteredKernels('cpu', 'fragile');

beforeAll(() => {
  usual = tf.getBackend();
  isTest = tf.env().getBool('IS_TEST');
  tf.env().set('IS_TEST', true); // no greeting on the console
});

beforeEach(async () => {
  await tf.setBackend('fragile');
  await renewBackend();
});

afterAll(async () => {
  await tf.setBackend(usual);
  tf.removeBackend('fragile');
  tf.env().set('IS_TEST', isTest);
});

const options = {epochs: 3, batchSize: 4};
const make = () => trainerOf([siteNoise('hidden'), average()]);

describe('a read-back that never resolves ends when the device is lost', () => {
  const counts = [0, 1, 2, 3, 5, 8];
  test.each(counts)('fit, after %i reads', async (reads) => {
    const trainer = make();
    device.readsLeft = reads;
    setTimeout(() => device.lose(), 50);
    expect(
      await errorOf(() => trainer.fit(classData(), {...options, validation: classData()})),
    ).toMatchObject(lost);
    trainer.dispose(); // it is not busy any more
  });

  test.each([0, 2])('save, after %i reads', async (reads) => {
    const trainer = make();
    device.readsLeft = reads;
    setTimeout(() => device.lose(), 5);
    expect(await errorOf(() => trainer.save())).toMatchObject(lost);
  });

  test('evaluate', async () => {
    const trainer = make();
    device.readsLeft = 0;
    setTimeout(() => device.lose(), 5);
    expect(await errorOf(() => trainer.evaluate(classData()))).toMatchObject(lost);
  });
});

test('what is thrown for another reason becomes the cause', async () => {
  const why = new Error('of mine');
  const error = await errorOf(() =>
    make().fit(classData(), {
      onStep: async () => {
        device.lose();
        await device.lost;
        throw why;
      },
    }),
  );
  expect(error).toMatchObject({...lost, cause: why});
});

test('errors on a backend that lives stay what they are', async () => {
  const why = new Error('of mine');
  const trainer = make();
  const onStep = (): never => {
    throw why;
  };
  expect(await errorOf(() => trainer.fit(classData(), {onStep}))).toBe(why);
  expect(await errorOf(() => trainer.predict(tf.zeros([2, 9])))).toMatchObject({code: 'data-shape'});
});

test('goes on exactly from what was saved last', async () => {
  const whole = await make().fit(classData(), options);
  const first = make();
  const saved: Awaited<ReturnType<typeof first.save>>[] = [];
  const error = await errorOf(() =>
    first.fit(classData(), {
      ...options,
      onStep: async ({step}) => {
        if (step === 4) saved.push(await first.save());
        if (step === 6) device.lose();
      },
    }),
  );
  expect(RegularizerError.isInstance(error) && error.code).toBe('backend-lost');
  await renewBackend();
  const second = make();
  await second.restore(saved[0]!);
  const {history} = await second.fit(classData(), options);
  expect(timeless(history)).toEqual(timeless(whole.history));
});

test('reading leaves nothing behind', async () => {
  const trainer = make();
  await trainer.evaluate(classData());
  const before = tf.memory().numTensors;
  const data = classData();
  for (let i = 0; i < 3; i++) await trainer.evaluate(data);
  tf.dispose(data);
  expect(tf.memory().numTensors).toBe(before);
});

test('without a backend there is none to make anew', async () => {
  const engine = tf.engine();
  const {backendName} = engine;
  engine.backendName = '';
  try {
    await expect(renewBackend()).rejects.toMatchObject({name: 'RegularizerError', code: 'no-backend'});
  } finally {
    engine.backendName = backendName;
  }
});
