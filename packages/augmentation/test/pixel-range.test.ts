// Whatever range pixels come in, a technique does the same to the picture.
import {
  createTrainer,
  type PureModel,
  type Regularizer,
  type StreamData,
  sgd,
  type Technique,
  type Values,
} from '@regularizers/core';
import {expectClose, tolerance} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {
  cutout,
  pipeline,
  randomBrightness,
  randomContrast,
  randomErasing,
  randomFlip,
  randomInvert,
  techniques,
} from '../src/index.ts';

type Options = Readonly<Record<string, unknown>>;

const shape = [24, 8, 8, 3];
const length = 24 * 8 * 8 * 3;
const bytes = Uint8Array.from({length}, (_, i) => (i * 61 + (i >> 3) * 17) % 256);
const classes = (): tf.Tensor => tf.tidy(() => tf.oneHot(tf.cast(tf.mod(tf.range(0, 24), 3), 'int32'), 3));

/** The pictures in each range, how a model brings them to [0, 1], and what numbers in the images' units become. */
interface Form {
  readonly make: () => Values;
  readonly scale: number;
  readonly offset: number;
}

const floats = (to: (byte: number) => number) => (): Values => tf.tensor(Array.from(bytes, to), shape);
const forms: Readonly<Record<string, Form>> = {
  'integers to 255': {make: () => tf.tensor(bytes, shape, 'int32'), scale: 255, offset: 0},
  bytes: {make: () => ({values: bytes, shape}), scale: 255, offset: 0},
  'floats to 255': {make: floats((byte) => byte), scale: 255, offset: 0},
  '[-1, 1]': {make: floats((byte) => byte / 127.5 - 1), scale: 2, offset: -1},
};
const unit: Form = {make: floats((byte) => byte / 255), scale: 1, offset: 0};

/** A linear classifier of pictures in [0, 1], whatever they come in: its weights tell what it was shown. */
function modelOf({scale, offset}: Form): PureModel {
  const kernel = tf.tensor2d(
    Array.from({length: 192 * 3}, (_, i) => Math.sin(i) / 20),
    [192, 3],
  );
  return {
    weights: {kernel},
    inputShapes: [[8, 8, 3]],
    apply: (weights, [x]) => {
      const pictures = tf.div(tf.sub(tf.reshape(x!, [-1, 192]), offset), scale);
      return tf.softmax(tf.matMul(pictures as tf.Tensor2D, weights['kernel'] as tf.Tensor2D));
    },
  };
}

const trainerOf = (form: Form, regularizers: readonly Regularizer[], execution: 'eager' | 'auto' = 'auto') =>
  createTrainer({
    model: modelOf(form),
    loss: 'categoricalCrossentropy',
    optimizer: sgd({learningRate: 0.5}),
    regularizers,
    seed: 11,
    execution,
  });

async function trained(
  form: Form,
  plugins: (form: Form) => readonly Regularizer[],
  execution?: 'eager',
): Promise<tf.Tensor> {
  const trainer = trainerOf(form, plugins(form), execution);
  const {model} = await trainer.fit({x: form.make(), y: classes()}, {epochs: 2, batchSize: 8});
  trainer.dispose();
  return (model as PureModel).weights['kernel']!;
}

/** A technique with options as a recipe has them, numbers that are in the images' units put into those of the form. */
function make(technique: Technique, options: Options, form: Form): Regularizer {
  const inUnits = Object.entries({fill: options['fill'] ?? 0, fillValue: options['fillValue'] ?? 0}).filter(
    ([name, value]) => name in technique.options && typeof value === 'number',
  );
  const scaled = inUnits.map(([name, value]) => [name, (value as number) * form.scale + form.offset]);
  const nested = (options['techniques'] as readonly Options[] | undefined)?.map(({name, ...inner}) =>
    make(techniques.find((one) => one.name === name)!, inner, form),
  );
  return technique.create({
    ...options,
    ...Object.fromEntries(scaled),
    ...(nested ? {techniques: nested} : {}),
  });
}

/** Every technique with each of its trials on pictures. */
const trials = techniques.flatMap((technique) =>
  (technique.trials ?? [{}])
    .filter(({on}) => on?.some((fixture) => fixture === 'images' || fixture === 'composite'))
    .map(({options = {}, label}) => ({
      technique,
      options,
      title: [technique.name, label ?? []].flat().join(', '),
    })),
);

it('every technique that looks at examples is among them', () => {
  expect(new Set(trials.map(({technique}) => technique.name))).toEqual(
    new Set(techniques.map(({name}) => name).filter((name) => name !== 'balancedSampling')),
  );
});

describe('does the same to pictures of any range as to those in [0, 1]', () => {
  for (const {technique, options, title} of trials) {
    it(title, async () => {
      const plugins = (form: Form) => [make(technique, options, form)];
      const expected = await trained(unit, plugins);
      // It does do something.
      const without = await trained(unit, () => []);
      expect(tf.max(tf.abs(tf.sub(expected, without))).dataSync()[0]).toBeGreaterThan(
        10 * tolerance('training'),
      );
      for (const form of Object.values(forms)) {
        expectClose(await trained(form, plugins), expected.dataSync(), 'training');
      }
      expectClose(await trained(forms['bytes']!, plugins, 'eager'), expected.dataSync(), 'training');
    });
  }
});

describe('the pixel range', () => {
  const fit = (regularizers: readonly Regularizer[], x: Values, form = unit) => {
    const trainer = trainerOf(form, regularizers);
    return {trainer, run: () => trainer.fit({x, y: classes()}, {epochs: 1, batchSize: 8})};
  };
  const at = (from: number, to: number): Values => floats((byte) => from + ((to - from) * byte) / 255)();

  it('is found in the data, and explain() says so', async () => {
    for (const [x, said] of [
      [at(0, 1), '[0, 1]'],
      [at(0.2, 0.4), '[0, 1]'],
      [at(-1, 1), '[-1, 1]'],
      [at(-0.1, 0.9), '[-1, 1]'],
      [at(0, 255), '[0, 255]'],
      [at(3, 200), '[0, 255]'],
      [at(0, 1 + 1e-5), '[0, 1]'],
      [forms['bytes']!.make(), '[0, 255]'],
      [tf.cast(tf.greater(at(0, 1) as tf.Tensor, 0.5), 'int32'), '[0, 1]'],
    ] as const) {
      const {trainer, run} = fit([pipeline([randomFlip(), randomBrightness(), randomInvert()])], x);
      expect(trainer.explain()).toContain('pipeline: the pixel range is taken from the training data');
      await run();
      expect(trainer.explain()).toContain(
        `pipeline: pixels of input_0 are in ${said}, as the training data shows`,
      );
      trainer.dispose();
    }
    const stated = trainerOf(unit, [randomContrast({range: [-2, 2.5]})]);
    expect(stated.explain()).toContain('randomContrast: pixels are in [-2, 2.5], as its range says');
    expect(trainerOf(unit, [randomFlip(), cutout()]).explain()).not.toContain('pixel');
  });

  it('is refused where it is none that pixels come in, for every technique that goes by it', async () => {
    const ranged = techniques.filter(({options}) => 'range' in options);
    expect(ranged.length).toBeGreaterThan(7);
    for (const x of [at(-2, 2.5), at(0, 16), at(0, 300), at(0, Number.NaN), at(-120, 120)]) {
      for (const technique of ranged) {
        const options = 'fill' in technique.options ? {fill: 'noise'} : {};
        const {run} = fit([technique.create(options)], x);
        await expect(run()).rejects.toMatchObject({
          where: technique.name,
          code: 'pixel-range',
          option: 'range',
          message: expect.stringMatching(/the values of input input_0 are .*\n.*range: \[0, 255\]/),
        });
      }
    }
  });

  it('that is stated is refused where the data contradicts it', async () => {
    for (const [range, x] of [
      [[0, 1], at(0, 255)],
      [[0, 1], at(-1, 1)],
      [[0, 255], at(0, 1)],
      [[-1, 1], forms['bytes']!.make()],
      [[0, 1], tf.tensor(bytes, shape, 'int32')],
    ] as const) {
      for (const plugin of [randomBrightness({range}), pipeline([randomInvert({range})]), cutout({range})]) {
        const {run} = fit([plugin], x);
        await expect(run()).rejects.toMatchObject({
          code: 'pixel-range',
          message: expect.stringMatching(/range is \[.*\], but the values of input input_0 are in/),
        });
      }
    }
    await fit([randomErasing({fill: 'noise', range: [-3, 4]})], at(0, 1)).run();
  });

  it('goes with a checkpoint: a run that goes on is the run, and other data is refused', async () => {
    const whole = trainerOf(unit, [randomBrightness({strength: 0.5})]);
    const bright = at(0.5, 1);
    const data = {x: bright, y: classes()};
    await whole.fit(data, {epochs: 2, batchSize: 8});
    const first = trainerOf(unit, [randomBrightness({strength: 0.5})]);
    await first.fit(data, {epochs: 1, batchSize: 8});
    const second = trainerOf(unit, [randomBrightness({strength: 0.5})]);
    await second.restore(await first.save());
    expect(second.explain()).toContain('pixels of input_0 are in [0, 1], as the training data shows');
    await second.fit(data, {epochs: 2, batchSize: 8});
    const kernelOf = async (trainer: typeof whole) =>
      (await trainer.save()).tensors['0/state/weights/kernel']!.values;
    expect(await kernelOf(second)).toEqual(await kernelOf(whole));
    for (const trainer of [first, second]) {
      await expect(trainer.fit({x: at(0, 255), y: classes()}, {epochs: 3})).rejects.toMatchObject({
        code: 'pixel-range',
        message: expect.stringContaining(
          'training began with pixels of input input_0 in [0, 1], but now they are in [0, 255]',
        ),
      });
    }
  });

  it('is that of a stream, which is begun no more often for it, and leaves nothing behind', async () => {
    let begun = 0;
    const stream: StreamData = {
      iterator: async () => {
        begun += 1;
        let left = 3;
        const value = () => ({xs: tf.tensor(bytes, shape, 'int32'), ys: classes()});
        return {
          next: async () => (left-- > 0 ? {done: false, value: value()} : {done: true, value: undefined}),
        };
      },
    };
    const run = async (range?: readonly [number, number]) => {
      const trainer = trainerOf(forms['bytes']!, [randomBrightness(range ? {range} : {})]);
      await trainer.fit(stream, {epochs: 2});
      const kernel = (await trainer.save()).tensors['0/state/weights/kernel']!.values;
      trainer.dispose();
      return kernel;
    };
    expect(await run()).toEqual(await run([0, 255]));
    expect(begun).toBe(4);
    const before = tf.memory().numTensors;
    const refused = trainerOf(forms['bytes']!, [randomBrightness({range: [0, 1]})]);
    await expect(refused.fit(stream)).rejects.toMatchObject({code: 'pixel-range'});
    refused.dispose();
    // The model's own kernel.
    expect(tf.memory().numTensors).toBe(before + 1);
  });
});
