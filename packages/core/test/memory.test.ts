// Tensors: none is left behind by a step, an epoch, an error or a trainer that is disposed of.
import {adam, defineRegularizer, type Regularizer} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {normalizedMlp, numbersOf, withKnownWeights} from './support/models.ts';
import {average, keepBest, several, siteNoise, squares} from './support/plugins.ts';
import {classData, errorOf, timeless, trainerOf} from './support/trainers.ts';

const everything = (): Regularizer[] => [siteNoise('hidden'), average(), keepBest(100), squares(0.01)];

test('the number of tensors is the same after every step', async () => {
  const model = withKnownWeights(normalizedMlp());
  const plugins = everything().filter(({name}) => name !== 'keep-best');
  const trainer = trainerOf(plugins, {model, optimizer: adam(), metrics: ['accuracy']});
  const [data, validation] = [classData(), classData(7)];
  const counts: number[] = [];
  await trainer.fit(data, {
    epochs: 17,
    batchSize: 4,
    validation,
    onStep: () => void counts.push(tf.memory().numTensors),
  });
  expect(counts).toHaveLength(51);
  // An epoch's first step shares more with the state that is kept from before it.
  for (let i = 3; i + 3 < counts.length; i++) expect(counts[i + 3]).toBe(counts[i]);
});

test('a plugin that marks states holds one of them, however many it has marked', async () => {
  const counts: number[] = [];
  const data = classData();
  const trainer = trainerOf(everything(), {model: withKnownWeights(normalizedMlp()), optimizer: adam()});
  await trainer.fit(data, {epochs: 20, batchSize: 5, onStep: () => void counts.push(tf.memory().numTensors)});
  expect(Math.max(...counts.slice(20))).toBeLessThanOrEqual(Math.max(...counts.slice(0, 20)));
});

test('a trainer that is disposed of leaves nothing but the model', async () => {
  const model = withKnownWeights(normalizedMlp());
  const data = classData();
  const before = tf.memory().numTensors;
  const trainer = trainerOf([...everything(), several(2)], {model, optimizer: adam(), metrics: ['accuracy']});
  await trainer.fit(data, {epochs: 2, batchSize: 4, validation: data});
  await trainer.evaluate(data);
  tf.dispose(trainer.predict(data.x) as tf.Tensor);
  await trainer.restore(await trainer.save());
  trainer.dispose();
  expect(tf.memory().numTensors).toBe(before);
  trainer.dispose();
});

test('a trainer that is refused leaves nothing', async () => {
  const model = withKnownWeights(normalizedMlp());
  const before = tf.memory().numTensors;
  const failing = defineRegularizer({
    name: 'failing',
    setup: () => {
      throw new Error('from setup');
    },
  });
  expect(await errorOf(() => trainerOf([average(), failing], {model}))).toMatchObject({
    message: 'from setup',
  });
  expect(tf.memory().numTensors).toBe(before);
});

test('idle plugins leave no trace: the trajectory is bit-identical, and nothing is kept', async () => {
  const run = async (plugins: readonly Regularizer[]) => {
    const model = withKnownWeights(normalizedMlp());
    const trainer = trainerOf(plugins, {model, optimizer: adam(), seed: 9});
    const {history} = await trainer.fit(classData(), {epochs: 2, batchSize: 4});
    return {weights: numbersOf(model), history: timeless(history)};
  };
  const idle: Regularizer = {
    ...average(),
    name: 'idle',
    owns: [],
    setup: ({initial}) => ({idle: true, state: {mean: {x: tf.zerosLike(initial['hidden/kernel']!)}}}),
  };
  const before = await run([siteNoise('hidden')]);
  expect(await run([idle, siteNoise('hidden')])).toEqual(before);
  expect(await run([siteNoise('hidden'), squares(0)])).toEqual(before);
});

test("adding a plugin that draws shifts nobody's draws", async () => {
  const seen = async (plugins: (log: string[]) => readonly Regularizer[]): Promise<string[]> => {
    const log: string[] = [];
    await trainerOf(plugins(log), {execution: 'eager', seed: 4}).fit(classData(), {epochs: 1, batchSize: 5});
    return log;
  };
  const look = (log: string[]): Regularizer =>
    defineRegularizer({
      name: 'look',
      project: (weights, {key}) => {
        log.push(key('one').dataSync().join(), key('two').dataSync().join());
        return weights;
      },
    });
  const alone = await seen((log) => [look(log)]);
  expect(await seen((log) => [siteNoise('hidden'), look(log), siteNoise('output')].slice(0, 2))).toEqual(
    alone,
  );
  expect(new Set(alone).size).toBe(alone.length);
});

test('what a hook at the end of an epoch makes is disposed of, what it puts into its state stays', async () => {
  const counts: number[] = [];
  const plugin: Regularizer = {
    name: 'keeping',
    setup: ({initial}) => ({state: {kept: tf.zerosLike(initial['hidden/kernel']!)}}),
    epochEnd: (_, {weights}) => {
      tf.mul(weights['hidden/kernel']!, 2);
      return {state: {kept: tf.mul(weights['hidden/kernel']!, 3)}};
    },
  };
  const trainer = trainerOf([plugin]);
  await trainer.fit(classData(), {epochs: 4, onEpoch: () => void counts.push(tf.memory().numTensors)});
  expect(counts[3]).toBe(counts[1]);
  const {tensors} = await trainer.save();
  expect(tensors['0/state/plugins/keeping/kept']?.shape).toEqual([4, 5]);
});

test('an error in a step leaves no tensors of the step', async () => {
  const failing = (at: number): Regularizer =>
    defineRegularizer({
      name: 'failing',
      penalty: ({weights}, {run}) => {
        if (run.epochs === at) throw new Error('from penalty');
        return tf.sum(weights['hidden/kernel']!) as tf.Scalar;
      },
    });
  const model = withKnownWeights(normalizedMlp());
  const data = classData();
  const trainer = trainerOf([failing(2)], {model});
  await trainer.fit(data, {epochs: 1});
  const before = tf.memory().numTensors;
  expect(await errorOf(() => trainer.fit(data, {epochs: 2}))).toMatchObject({message: 'from penalty'});
  expect(tf.memory().numTensors).toBe(before);
});
