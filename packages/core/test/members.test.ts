// Members: initial weights of their own, reproducible; the model gets the first one's.
import {cosineDecay, defineRegularizer, type LearningRate, type Regularizer, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {mlp, normalizedMlp, numbersOf, withKnownWeights} from './support/models.ts';
import {several} from './support/plugins.ts';
import {classData, errorOf, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

/** The first values of one weight, member by member. */
async function initials(
  seed: number,
  initialWeights: 'first' | 'seed' = 'seed',
  plugins: readonly Regularizer[] = [],
) {
  const found: number[][] = [];
  const look = defineRegularizer({
    name: 'look',
    setup: ({initial}) => {
      found.push(Array.from(initial['hidden/kernel']!.dataSync()));
      return {};
    },
  });
  const trainer = trainerOf([several(3), look, ...plugins], {seed, initialWeights});
  await trainer.fit(classData(), {batchSize: 10});
  return found;
}

test('each member has initial weights of its own, the same ones every time', async () => {
  const [one, two, three] = await initials(1);
  expect(one).not.toEqual(two);
  expect(two).not.toEqual(three);
  expect(await initials(1)).toEqual([one, two, three]);
  expect((await initials(2))[0]).not.toEqual(one);
  const another = defineRegularizer({name: 'another', project: (weights) => weights});
  expect(await initials(1, 'seed', [another])).toEqual([one, two, three]);
});

test("the first member starts from the model's weights, the others from new ones", async () => {
  const [kernel] = withKnownWeights(mlp()).getWeights();
  const [fromModel, drawn] = await initials(1, 'first');
  expect(fromModel).toEqual(Array.from(kernel!.dataSync()));
  expect(drawn).toEqual((await initials(1))[1]);
});

test('frozen weights are never drawn', async () => {
  const model = withKnownWeights(normalizedMlp());
  model.getLayer('hidden').trainable = false;
  const read = () => Array.from(model.getLayer('hidden').getWeights()[0]!.dataSync());
  const before = read();
  const trainer = trainerOf([several(2)], {model, initialWeights: 'seed'});
  await trainer.fit(classData());
  expect(read()).toEqual(before);
  for (const member of await trainer.members()) {
    expect(Array.from(member.getLayer('hidden').getWeights()[0]!.dataSync())).toEqual(before);
  }
});

test('predictions are the mean of those of the members, and the model is the first', async () => {
  const model = withKnownWeights(mlp());
  const trainer = trainerOf([several(3)], {model});
  const data = classData();
  await trainer.fit(data, {batchSize: 5});
  const members = await trainer.members();
  expect(members).toHaveLength(3);
  expect(numbersOf(members[0] as LayersModel)).toEqual(numbersOf(model));
  const outputs = members.map((member) => (member as LayersModel).predict(data.x) as tf.Tensor);
  const mean = tf.div(tf.add(tf.add(outputs[0]!, outputs[1]!), outputs[2]!), 3);
  expectClose((trainer.predict(data.x) as tf.Tensor).dataSync(), mean.dataSync(), 'step');
});

test('a plugin may combine predictions otherwise, and assemble one model', async () => {
  const largest: Regularizer = {
    ...several(2),
    combine: (outputs) => tf.maximum(outputs[0]!, outputs[1]!),
    assemble: (models) => models[1]!,
  };
  const trainer = trainerOf([largest]);
  const data = classData();
  const {model} = await trainer.fit(data);
  const members = await trainer.members();
  const outputs = members.map((member) => (member as LayersModel).predict(data.x) as tf.Tensor);
  expectClose(
    (trainer.predict(data.x) as tf.Tensor).dataSync(),
    tf.maximum(outputs[0]!, outputs[1]!).dataSync(),
    'step',
  );
  expect(numbersOf(model as LayersModel)).toEqual(numbersOf(members[1] as LayersModel));
});

test('members choose examples by keys of their own', async () => {
  const chosen: string[] = [];
  const bootstrap = defineRegularizer({
    name: 'bootstrap',
    sample: (indices, {key, epochKey, member, epoch}) => {
      chosen.push(`${member}/${epoch} ${key('x').join()} ${epochKey('x').join()}`);
      return indices.map((_, i) => indices[(i * 3) % indices.length]!);
    },
  });
  await trainerOf([several(2), bootstrap]).fit(classData(), {epochs: 2, batchSize: 5});
  // Sorted: on native the members train side by side. The first epoch's is asked for twice: its length is the run's.
  const keys = [...new Set(chosen)].sort().map((line) => line.split(' '));
  expect(keys.map(([where]) => where)).toEqual(['0/1', '0/2', '1/1', '1/2']);
  expect(keys[0]![1]).toBe(keys[1]![1]);
  expect(keys[0]![1]).not.toBe(keys[2]![1]);
  expect(new Set(keys.map(([, , epochKey]) => epochKey)).size).toBe(4);
});

test('a schedule runs over the steps of the sample, to its end, for each member', async () => {
  const part = defineRegularizer({
    name: 'part',
    // Ten examples: six of them for the first member, four for the other.
    sample: (indices, {member}) => indices.slice(0, member === 0 ? 6 : 4),
  });
  const cosine = cosineDecay({from: 1, to: 0.2});
  const rates: number[][] = [[], []];
  const learningRate: LearningRate = (position) => {
    const rate = cosine(position);
    rates[position.member]!.push(rate);
    return rate;
  };
  const steps: (number | undefined)[] = [];
  await trainerOf([several(2), part], {optimizer: sgd({learningRate})}).fit(classData(), {
    epochs: 2,
    batchSize: 2,
    onStep: ({stepsPerEpoch}) => {
      steps.push(stepsPerEpoch);
    },
  });
  // Steps k of N, done before this one: 0.2 + 0.4·(1 + cos(πk/N)).
  const closed = (count: number) =>
    Array.from({length: count}, (_, k) => 0.6 + 0.4 * Math.cos((Math.PI * k) / count));
  expect(rates).toEqual([6, 4].map((count) => closed(count).map((rate) => expect.closeTo(rate, 12))));
  expect([...steps].sort()).toEqual([2, 2, 2, 2, 3, 3, 3, 3, 3, 3]);
});

test('a sample whose size changes is refused by name', async () => {
  const growing = defineRegularizer({
    name: 'growing',
    sample: (indices, {epoch}) => indices.slice(0, 2 * epoch),
  });
  const error = await errorOf(() => trainerOf([growing]).fit(classData(), {epochs: 2, batchSize: 2}));
  expect(error).toMatchObject({code: 'bad-sample', where: 'growing'});
});

test('a sample that is out of range, or empty, is refused by name', async () => {
  for (const indices of [Int32Array.of(0, 10), Int32Array.of(-1), new Int32Array(0)]) {
    const bad = defineRegularizer({name: 'bad', sample: () => indices});
    expect(await errorOf(() => trainerOf([bad]).fit(classData()))).toMatchObject({
      code: 'bad-answer',
      where: 'bad',
      message: expect.stringContaining('sample must return'),
    });
  }
});
