// Dropout in recurrent layers: one mask for the whole sequence, of the inputs and of the state (Gal and Ghahramani 2016).
import {createTrainer, defineRegularizer, type Regularizer, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {dropout, fromModel} from '../src/index.ts';

const [examples, time, features, units] = [64, 4, 8, 16];

/** What passes the sites in training: of each step, by site, the values in their order. */
async function seen(
  net: LayersModel,
  dropouts: readonly Regularizer[],
  sites: readonly string[],
): Promise<readonly Readonly<Record<string, readonly (readonly number[])[]>>[]> {
  const steps: Record<string, tf.Tensor[]>[] = [];
  const probe = defineRegularizer({
    name: 'probe',
    after: ['declared-activation', 'activation-mask'],
    setup: () => ({at: sites}),
    batch: (batch) => {
      steps.push({});
      return batch;
    },
    activation: (value, {name}) => {
      const values = steps.at(-1)!;
      values[name] = [...(values[name] ?? []), tf.keep(tf.clone(value))];
      return value;
    },
  });
  const options = {
    loss: 'meanSquaredError',
    optimizer: sgd({learningRate: 0}),
    execution: 'eager',
    seed: 5,
  } as const;
  const trainer = createTrainer({model: net, regularizers: [...dropouts, probe], ...options});
  const x = tf.ones([2 * examples, time, features]);
  await trainer.fit({x, y: tf.zeros([2 * examples, units])}, {batchSize: examples});
  trainer.dispose();
  return Promise.all(
    steps.map(async (values) => {
      const read = Object.entries(values).map(async ([site, list]) => {
        const data = await Promise.all(list.map(async (value) => Array.from(await value.data())));
        return [site, data] as const;
      });
      return Object.fromEntries(await Promise.all(read));
    }),
  );
}

/** A network whose state is one wherever it is not dropped. */
const net = (options: object): LayersModel => {
  const rnn = layers.simpleRNN({
    name: 'rnn',
    units,
    inputShape: [time, features],
    activation: 'linear',
    kernelInitializer: 'zeros',
    recurrentInitializer: 'zeros',
    biasInitializer: 'ones',
    ...options,
  });
  return sequential({layers: [rnn]});
};

test('fromModel drops what the layer declares, with one mask in all time steps and another in each step', async () => {
  const model = net({dropout: 0.5, recurrentDropout: 0.25});
  const steps = await seen(model, [fromModel(model)], ['rnn/inputs', 'rnn/state']);
  for (const {'rnn/inputs': inputs, 'rnn/state': state} of steps) {
    expect(inputs).toHaveLength(time);
    expect(new Set(inputs!.map((mask) => mask.join())).size).toBe(1);
    expect(new Set(inputs![0])).toEqual(new Set([0, 2]));
    // The first state is zero; all others are one, times the mask.
    expect(new Set(state!.slice(1).map((mask) => mask.join())).size).toBe(1);
    expect(new Set(state![1])).toEqual(new Set([0, Math.fround(4 / 3)]));
    // Of 1,024 draws: a quarter, give or take four standard deviations.
    const dropped = state![1]!.filter((value) => value === 0).length / (examples * units);
    expect(Math.abs(dropped - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / (examples * units)));
  }
  const [first, second] = steps;
  expect(first!['rnn/inputs']![0]).not.toEqual(second!['rnn/inputs']![0]);
});

test('only what is declared is dropped', async () => {
  const model = net({recurrentDropout: 0.5});
  const [step] = await seen(model, [fromModel(model)], ['rnn/inputs', 'rnn/state']);
  expect(new Set(step!['rnn/inputs']!.flat())).toEqual(new Set([1]));
  expect(new Set(step!['rnn/state']!.slice(1).flat())).toEqual(new Set([0, 2]));
});

test('dropout reaches the same places of a model without any, and its inputs', async () => {
  const model = net({});
  const name = 'rnn_input';
  const [step] = await seen(model, [dropout({rate: 0.5, at: ['rnn/state', name]})], ['rnn/state', name]);
  expect(new Set(step!['rnn/state']!.slice(1).flat())).toEqual(new Set([0, 2]));
  expect(new Set(step![name]!.flat())).toEqual(new Set([0, 2]));
});

test('a cell’s rate outside [0, 1) is refused by name', () => {
  const model = net({dropout: 0.5});
  Reflect.set(Reflect.get(model.getLayer('rnn'), 'cell'), 'dropout', 1.5);
  expect(() => fromModel(model)).toThrow(/rnn.*rate/);
});
