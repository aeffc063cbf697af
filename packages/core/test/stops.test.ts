// Graceful stops: what training goes on from and what the model is left with are two things, both kept.
import {
  adam,
  type Checkpoint,
  decodeCheckpoint,
  defineRegularizer,
  type EpochReport,
  encodeCheckpoint,
  type FitOptions,
  type FitResult,
  mapValues,
  type Regularizer,
  type Trainer,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, expect, test} from 'vitest';
import {sampled} from '../../../vitest/share.ts';
import {mlp, normalizedMlp, numbersOf, withKnownWeights} from './support/models.ts';
import {average, keepBest, several, siteNoise} from './support/plugins.ts';
import {classData, errorOf, timeless, trainerOf} from './support/trainers.ts';

const options: FitOptions = {epochs: 4, batchSize: 4}; // 3 steps per epoch

/** Marks the second epoch's weights only, so that what is restored is long past when training ends. */
function keepSecond(): Regularizer {
  return defineRegularizer({
    name: 'keep-second',
    owns: ['restore'],
    evaluated: ({epoch, partial}) => ({mark: epoch === 2 && !partial}),
    finish: ({marked}) => ({restore: marked}),
  });
}

/** Looks every two steps, and counts how often it has. */
function counter(): Regularizer {
  return defineRegularizer({
    name: 'counter',
    setup: () => ({state: {looks: 0}, evaluateEvery: 2}),
    evaluated: (_, {state}) => ({state: {looks: state.looks + 1}}),
  });
}

/** Counts epochs at their end, and does something else besides. */
function counted(meanwhile: () => void = () => undefined): Regularizer {
  return defineRegularizer<'counted', undefined, {epochs: number}>({
    name: 'counted',
    setup: () => ({state: {epochs: 0}}),
    epochEnd: (_, {state}) => {
      meanwhile();
      return {state: {epochs: state.epochs + 1}};
    },
  });
}

const everything = (): Regularizer[] => [
  siteNoise('hidden'),
  average(),
  keepSecond(),
  counter(),
  counted(),
  several(2),
];

function make(plugins: readonly Regularizer[] = everything()) {
  const model = withKnownWeights(normalizedMlp());
  const trainer = trainerOf(plugins, {model, optimizer: adam({learningRate: 0.05}), seed: 5});
  const fit = (more: FitOptions = {}) =>
    trainer.fit(classData(), {...options, validation: classData(7), ...more});
  return {trainer, fit, weights: () => numbersOf(model)};
}

type Made = ReturnType<typeof make>;

/** Everything that there is to compare about the end of a run. */
async function endOf({trainer, weights}: Made, {history, stopped}: FitResult) {
  const {members, tensors} = await trainer.save();
  const prediction = trainer.predict(classData(7).x) as tf.Tensor;
  return {
    history: timeless(history),
    stopped,
    weights: weights(),
    prediction: Array.from(prediction.dataSync()),
    members: members.map((member) => ({...member, history: timeless(member.history)})),
    tensors,
  };
}

/** Trains a new trainer to the end, from bytes. */
async function goOnFrom(bytes: Uint8Array): Promise<Awaited<ReturnType<typeof endOf>>> {
  const resumed = make();
  await resumed.trainer.restore(decodeCheckpoint(bytes));
  return endOf(resumed, await resumed.fit());
}

let expected: Awaited<ReturnType<typeof endOf>>;
beforeAll(async () => {
  const whole = make();
  expected = await endOf(whole, await whole.fit());
});

/** A stop after steps of each epoch, its last one among them, in each member, and after each epoch. */
const places = [0, 1].flatMap((member) => [
  ...[1, 3, 4, 8, 11].map((step) => ({member, step, isEnd: false})),
  ...[3, 6, 9].map((step) => ({member, step, isEnd: true})),
]);

test.each(sampled(places))(
  'stopped gracefully, saved, restored and gone on with, it ends the same: %j',
  async (place) => {
    const {trainer, fit} = make();
    const controller = new AbortController();
    const stop = (isEnd: boolean) => (at: {member: number; step: number}) => {
      if (at.member === place.member && at.step === place.step && isEnd === place.isEnd) controller.abort();
    };
    const {stopped} = await fit({signal: controller.signal, onStep: stop(false), onEpoch: stop(true)});
    expect(stopped).toMatchObject({by: 'signal'});
    expect(await goOnFrom(encodeCheckpoint(await trainer.save()))).toEqual(expected);
    // The same trainer can go on, too.
  },
);

test('a stop leaves the model with what is marked, and the checkpoint brings that back', async () => {
  const plugins = (): Regularizer[] => [keepSecond()];
  const stopAfter = async (epochs: number, {fit}: Made): Promise<void> => {
    const controller = new AbortController();
    const onEpoch: FitOptions['onEpoch'] = ({epoch}) => {
      if (epoch === epochs) controller.abort();
    };
    await fit({signal: controller.signal, onEpoch});
  };
  const plain = make([]);
  await plain.fit({epochs: 2});
  const stopped = make(plugins());
  await stopAfter(3, stopped);
  expect(stopped.weights()).toEqual(plain.weights());
  const restored = make(plugins());
  await restored.trainer.restore(await stopped.trainer.save());
  expect(restored.weights()).toEqual(plain.weights());
});

test('fit in parts equals fit in one, whatever is left in between', async () => {
  const parts = make();
  for (const epochs of [1, 3]) await parts.fit({epochs});
  const last = await parts.fit();
  expect(timeless(last.history)).toEqual(expected.history);
  expect(parts.weights()).toEqual(expected.weights);
});

test('what is saved at any moment is a state to go on from exactly, also while plugins decide', async () => {
  const pending: Promise<Checkpoint>[] = [];
  let trainer: Trainer | undefined;
  const save = (): void => void pending.push(trainer!.save());
  const {evaluation, ...rest} = average();
  const saving = {
    ...rest,
    evaluation: (context: Parameters<NonNullable<typeof evaluation>>[0]) => {
      save();
      return evaluation!(context);
    },
  };
  const plugins = [siteNoise('hidden'), saving, keepSecond(), counter(), counted(save), several(2)];
  const run = make(plugins);
  trainer = run.trainer;
  await run.fit({epochs: 3});
  expect(pending.length).toBeGreaterThan(12);
  const whole = make();
  const end = await endOf(whole, await whole.fit({epochs: 3}));
  for (const checkpoint of sampled(await Promise.all(pending))) {
    const resumed = make();
    await resumed.trainer.restore(checkpoint);
    expect(await endOf(resumed, await resumed.fit({epochs: 3}))).toEqual(end);
  }
});

for (const hook of ['collect', 'evaluation', 'evaluated', 'epochEnd'] as const) {
  test(`after an error in ${hook}, going on is as if there had been none`, async () => {
    let calls = 0;
    const failing = (at: number): Regularizer =>
      defineRegularizer({
        name: 'failing',
        [hook]: () => {
          calls += 1;
          if (calls === at) throw new Error(`from ${hook}`);
          return hook === 'collect' ? undefined : {};
        },
      });
    const plugins = (at: number): Regularizer[] => [siteNoise('hidden'), counter(), failing(at), counted()];
    const whole = make(plugins(0));
    const end = await endOf(whole, await whole.fit());
    for (const at of [1, 2, 3]) {
      calls = 0;
      const broken = make(plugins(at));
      expect(await errorOf(() => broken.fit())).toMatchObject({message: `from ${hook}`});
      expect(await endOf(broken, await broken.fit())).toEqual(end);
    }
  });
}

test('what is saved after the signal, while the run is being ended, can be gone on with', async () => {
  const saved: Promise<Checkpoint>[] = [];
  const {trainer, fit} = make([
    defineRegularizer({
      name: 'look',
      finish: () => {
        saved.push(trainer.save());
        return {};
      },
    }),
  ]);
  await fit({signal: AbortSignal.abort()});
  const checkpoint = await saved[0]!;
  // As it was before the end was noted.
  const members = checkpoint.members.map((member) => ({...member, ended: undefined}));
  const other = make([defineRegularizer({name: 'look', finish: () => ({})})]);
  await other.trainer.restore({...checkpoint, members});
  expect((await other.fit()).history).toHaveLength(4);
});

/** Evaluates with the sum of the weights at the ends of epochs, and collects every so many. */
function summing(every: number): Regularizer {
  return defineRegularizer<'summing', undefined, {sum: Record<string, tf.Tensor>; count: number}>({
    name: 'summing',
    owns: ['evaluation'],
    setup: ({initial}) => ({state: {sum: mapValues(initial, tf.zerosLike), count: 0}}),
    collect: (epoch, {state, weights}) =>
      epoch % every === 0
        ? {sum: mapValues(state.sum, (sum, name) => tf.add(sum, weights[name]!)), count: state.count + 1}
        : undefined,
    evaluation: ({state, weights}) => (state.count > 0 ? state.sum : weights),
  });
}

test.each([
  ['before', [0, 1]],
  ['after', [1, 0]],
] as const)(
  'what is marked is what was evaluated: the averaging plugin %s the marking one',
  async (_, order) => {
    const plugins = [summing(1), keepBest(100)];
    const model = withKnownWeights(mlp());
    const trainer = trainerOf(
      order.map((i) => plugins[i]!),
      {model},
    );
    const data = classData(7);
    const {history} = await trainer.fit(classData(), {...options, validation: data});
    const losses = history.map((row) => row.validation!.loss);
    expect((await trainer.evaluate(data)).loss).toBe(Math.min(...losses));
  },
);

test('an epoch is evaluated with what it has added; rows that add nothing say so', async () => {
  const model = withKnownWeights(mlp());
  const trainer = trainerOf([summing(2), counter()], {model, execution: 'eager'});
  const data = classData(7);
  const {history} = await trainer.fit(classData(), {...options, validation: data});
  expect(history.map(({interim}) => interim)).toEqual([true, undefined, true, undefined]);
  // The third epoch evaluates once more what the second has added.
  expect(history[2]?.validation?.loss).toBe(history[1]?.validation?.loss);
  expect((await trainer.evaluate(data)).loss).toBe(history[3]?.validation?.loss);
  // Not so where nobody collects.
  const other = await trainerOf([average(), counter()]).fit(classData(), {...options, validation: data});
  expect(other.history.some((row) => 'interim' in row)).toBe(false);
});

test('the model itself is left with the last of several sets of weights', async () => {
  const model = withKnownWeights(mlp());
  const two = defineRegularizer({
    name: 'two',
    evaluation: ({weights}) => [weights, {'output/bias': tf.tensor1d([1, 0, -1])}],
  });
  await trainerOf([two], {model}).fit(classData(), options);
  expect(Array.from(model.getLayer('output').getWeights()[1]!.dataSync())).toEqual([1, 0, -1]);
});

test('a plugin checks the run before anything is trained', async () => {
  const seen: unknown[] = [];
  const plugin = defineRegularizer({
    name: 'checking',
    setup: () => ({plan: 'its plan'}),
    check: (context) => {
      seen.push(context);
      if (context.run.epochs === 4) throw new Error('not four');
    },
  });
  const model = withKnownWeights(mlp());
  const trainer = trainerOf([plugin], {model, metrics: ['accuracy']});
  const before = numbersOf(model);
  expect(await errorOf(() => trainer.fit(classData(), {epochs: 4}))).toMatchObject({message: 'not four'});
  expect(numbersOf(model)).toEqual(before);
  await trainer.fit(classData(), {epochs: 1, validation: classData(7)});
  const run = {examples: 10, batchSize: 32, stepsPerEpoch: 1};
  const train = ['loss', 'penalty', 'objective', 'accuracy'];
  expect(seen).toEqual([
    {
      plan: 'its plan',
      run: {...run, epochs: 4},
      classWeight: undefined,
      reported: {train, validation: undefined},
    },
    {
      plan: 'its plan',
      run: {...run, epochs: 1},
      classWeight: undefined,
      reported: {train, validation: ['loss', 'accuracy']},
    },
  ]);
});

test('a run keeps as much of its history as it is told to, of each member, and over a checkpoint', async () => {
  const thinHistory: NonNullable<FitOptions['thinHistory']> = (history) =>
    history.filter(({epoch}, at) => epoch % 3 === 0 || at === history.length - 1);
  const epochsOf = ({history}: Pick<FitResult, 'history'>): readonly (readonly number[])[] =>
    history.map(({member, epoch}) => [member, epoch]);
  const kept = [0, 1].flatMap((member) => [3, 6, 7].map((epoch) => [member, epoch]));
  const trainer = trainerOf([several(2)]);
  expect(epochsOf(await trainer.fit(classData(), {...options, epochs: 7, thinHistory}))).toEqual(kept);
  const {members} = await trainer.save();
  expect(members.flatMap(({history}) => epochsOf({history}))).toEqual(kept);
  // It changes nothing that is trained.
  const whole = trainerOf([several(2)]);
  await whole.fit(classData(), {...options, epochs: 7});
  expect((await whole.save()).members.map(({weights}) => weights)).toEqual(
    members.map(({weights}) => weights),
  );
  for (const one of [trainer, whole]) one.dispose();
});

test.each<[string, (history: readonly EpochReport[]) => unknown]>([
  ['nothing', () => undefined],
  ['rows of its own', (history) => history.map((row) => ({...row}))],
  ['rows in another order', (history) => history.toReversed()],
  ['a promise', async (history) => history],
])('a history of which %s is kept is refused', async (_, keep) => {
  const trainer = trainerOf([]);
  const thinHistory = keep as NonNullable<FitOptions['thinHistory']>;
  const error = await errorOf(() => trainer.fit(classData(), {...options, epochs: 3, thinHistory}));
  expect(error).toMatchObject({code: 'bad-answer', where: 'fit', hook: 'thinHistory'});
  trainer.dispose();
});
