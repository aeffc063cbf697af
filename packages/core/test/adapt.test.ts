// What plugins are told of the training data before the first step, and what they make of it.
import {
  type ArrayData,
  type DataSummary,
  defineRegularizer,
  type Regularizer,
  type Values,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {oneHot, wave} from './support/data.ts';
import {mlp, numbersOf, withKnownWeights} from './support/models.ts';
import {errorOf, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

/** Takes note of what it is told, and of how often; its state counts. */
function listener(told: DataSummary[], says = false): Regularizer {
  return defineRegularizer<'listener', undefined, {readonly times: number}>({
    name: 'listener',
    setup: () => ({state: {times: 0}}),
    adapt: (data, {state}) => {
      told.push(data);
      return {times: state.times + 1};
    },
    ...(says && {explain: ({state}) => [`it was told ${state.times} times`]}),
  });
}

/** In float64, by the definitions. */
function summaryOf(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return [Math.min(...values), Math.max(...values), mean, Math.sqrt(variance)];
}

const numbersIn = ({min, max, mean, deviation}: DataSummary['inputs'][number]) => [min, max, mean, deviation];

const bytes = Uint8Array.from(wave(40), (value) => Math.round(100 + 99 * value));
const forms: Readonly<Record<string, () => Values>> = {
  floats: () => tf.tensor(Float32Array.from(bytes), [10, 4]),
  integers: () => tf.tensor(bytes, [10, 4], 'int32'),
  bytes: () => bytes,
};

for (const [form, make] of Object.entries(forms)) {
  test(`all examples of ${form}`, async () => {
    const told: DataSummary[] = [];
    const y = oneHot(10, 3);
    await trainerOf([listener(told)]).fit({x: make(), y}, {batchSize: 3});
    expect(told).toHaveLength(1);
    expectClose(numbersIn(told[0]!.inputs[0]!), summaryOf([...bytes]), 'step');
    expectClose(numbersIn(told[0]!.targets[0]!), summaryOf([...y.dataSync()]), 'step');
  });

  test(`what is held out of ${form} is not looked at`, async () => {
    const told: DataSummary[] = [];
    const x = make();
    const kept: number[] = [];
    const watch = defineRegularizer({name: 'watch', sample: (indices) => indices});
    const trainer = trainerOf([listener(told), watch]);
    await trainer.fit({x, y: oneHot(10, 3)}, {validation: {split: 0.3}});
    const summary = numbersIn(told[0]!.inputs[0]!);
    // Of the subsets of seven, one has these numbers.
    for (let chosen = 0; chosen < 1024; chosen++) {
      const places = Array.from({length: 10}, (_, i) => i).filter((i) => (chosen >> i) & 1);
      if (places.length !== 7) continue;
      const values = places.flatMap((i) => [...bytes.subarray(4 * i, 4 * i + 4)]);
      if (summaryOf(values).every((value, i) => Math.abs(value - summary[i]!) < 1e-3)) kept.push(chosen);
    }
    expect(kept).toHaveLength(1);
  });
}

test('many examples are looked at in parts, and are one', async () => {
  const told: DataSummary[] = [];
  // More than are looked at at once.
  const values = Float32Array.from({length: 5_000_000}, (_, i) => 1000 + ((i * 7919) % 1000) / 100);
  const enough = defineRegularizer({
    name: 'enough',
    adapt: (data) => {
      told.push(data);
      throw new RangeError('seen');
    },
  });
  const data = {x: tf.tensor(values, [1_250_000, 4]), y: tf.zeros([1_250_000, 3])};
  await expect(trainerOf([enough]).fit(data)).rejects.toThrow('seen');
  tf.dispose(data);
  const [min, max, mean, deviation] = numbersIn(told[0]!.inputs[0]!);
  expect([min, max]).toEqual([1000, Math.fround(1009.99)]);
  expect(Math.abs(mean! - 1004.995)).toBeLessThan(0.01);
  expect(Math.abs(deviation! - Math.sqrt((1e6 - 1) / 12) / 100)).toBeLessThan(0.01);
});

test('numbers of any type on the host are like the tensor of them', async () => {
  const numbers = [0.5, -1.25, 3, 0.5, 2.75, -8, 0, 1, 7.5, -0.125, 4, 2];
  const told: DataSummary[] = [];
  const looks = defineRegularizer({
    name: 'looks',
    adapt: (data) => {
      told.push(data);
      throw new RangeError('seen');
    },
  });
  const y = oneHot(3, 3);
  for (const x of [Float32Array.from(numbers), Float64Array.from(numbers), tf.tensor(numbers, [3, 4])]) {
    await expect(trainerOf([looks]).fit({x, y})).rejects.toThrow('seen');
  }
  const [single, double, tensor] = told.map(({inputs}) => numbersIn(inputs[0]!));
  expect(double).toEqual(single);
  for (const [i, value] of tensor!.entries()) expect(single![i]).toBeCloseTo(value, 5);
});

test('its answer is the state of each member, goes with a checkpoint, and is explained', async () => {
  const told: DataSummary[] = [];
  const data = (): ArrayData => ({x: tf.tensor(bytes, [10, 4], 'int32'), y: oneHot(10, 3)});
  const trainer = trainerOf([listener(told, true)]);
  expect(trainer.explain()).toContain('listener: it was told 0 times');
  await trainer.fit(data());
  const other = trainerOf([listener(told, true)]);
  await other.restore(await trainer.save());
  expect(other.explain()).toContain('listener: it was told 1 times');
  await other.fit(data(), {epochs: 2});
  expect(other.explanation().plugins[0]!.says).toEqual(['it was told 2 times']);
});

test('data that it refuses is refused before anything is trained or written', async () => {
  const picky = defineRegularizer({
    name: 'picky',
    adapt: () => {
      throw new RangeError('not this');
    },
  });
  const net = withKnownWeights(mlp());
  const trainer = trainerOf([picky], {model: net});
  net.setWeights(net.getWeights().map((weight) => tf.zerosLike(weight)));
  const before = numbersOf(net);
  const error = await errorOf(() => trainer.fit({x: bytes, y: oneHot(10, 3)}));
  expect(error).toMatchObject({message: 'not this'});
  expect(numbersOf(net)).toEqual(before);
});
