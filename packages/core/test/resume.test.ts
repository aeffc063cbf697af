// Save after step k, restore, go on: bit-identical to never having stopped.
import {adam, decodeCheckpoint, encodeCheckpoint, type FitOptions, type Trainer} from '@regularizers/core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {normalizedMlp, numbersOf, withKnownWeights} from './support/models.ts';
import {average, keepBest, several, siteNoise} from './support/plugins.ts';
import {classData, timeless, trainerOf} from './support/trainers.ts';

const everything = () => [siteNoise('hidden'), average(), keepBest(), several(2)];
const options: FitOptions = {epochs: 4, batchSize: 4};

function make(plugins = everything()): {trainer: Trainer; weights: () => number[]} {
  const model = withKnownWeights(normalizedMlp());
  const trainer = trainerOf(plugins, {
    model,
    optimizer: adam({learningRate: 0.05}),
    metrics: ['accuracy'],
    seed: 5,
  });
  return {trainer, weights: () => numbersOf(model)};
}

/** Trains to the end, and saves on the way whenever `when` says so; through bytes, as a file would. */
async function saving(when: (at: {member: number; step: number; isEpoch: boolean}) => boolean) {
  const {trainer, weights} = make();
  const saved: Uint8Array[] = [];
  const save = async (member: number, step: number, isEpoch: boolean): Promise<void> => {
    if (when({member, step, isEpoch})) saved.push(encodeCheckpoint(await trainer.save()));
  };
  const validation = classData(7);
  const result = await trainer.fit(classData(), {
    ...options,
    validation,
    onStep: ({member, step}) => save(member, step, false),
    onEpoch: ({member, step}) => save(member, step, true),
  });
  const prediction = trainer.predict(validation.x);
  return {saved, result, weights: weights(), prediction: numbers(prediction)};
}

function numbers(prediction: ReturnType<Trainer['predict']>): number[] {
  return 'dataSync' in prediction ? Array.from(prediction.dataSync()) : [];
}

for (const [where, when] of Object.entries({
  'in the middle of an epoch': ({member, step, isEpoch}) => member === 0 && step === 5 && !isEpoch,
  'at the end of an epoch': ({member, step, isEpoch}) => member === 0 && step === 6 && isEpoch,
  'in the second member': ({member, step, isEpoch}) => member === 1 && step === 4 && !isEpoch,
} satisfies Record<string, Parameters<typeof saving>[0]>)) {
  test(`goes on exactly from ${where}`, async () => {
    const whole = await saving(when);
    expect(whole.saved).toHaveLength(1);
    const {trainer, weights} = make();
    await trainer.restore(decodeCheckpoint(whole.saved[0]!));
    const validation = classData(7);
    const result = await trainer.fit(classData(), {...options, validation});
    expect(timeless(result.history)).toEqual(timeless(whole.result.history));
    expect(result.stopped).toEqual(whole.result.stopped);
    expect(weights()).toEqual(whole.weights);
    expect(numbers(trainer.predict(validation.x))).toEqual(whole.prediction);
  });
}

test('a run that was aborted and goes on equals one that was not', async () => {
  const whole = make([siteNoise('hidden')]);
  const {history} = await whole.trainer.fit(classData(), options);
  const broken = make([siteNoise('hidden')]);
  const controller = new AbortController();
  const first = await broken.trainer.fit(classData(), {
    ...options,
    signal: controller.signal,
    onStep: ({step}) => {
      if (step === 5) controller.abort();
    },
  });
  expect(first.stopped).toMatchObject({by: 'signal', epoch: 2, step: 5});
  const second = await broken.trainer.fit(classData(), options);
  expect(timeless(second.history)).toEqual(timeless(history));
  expect(broken.weights()).toEqual(whole.weights());
});

test('fit in two parts equals fit in one', async () => {
  const whole = make();
  const validation = classData(7);
  await whole.trainer.fit(classData(), {epochs: 2, batchSize: 4, validation});
  const parts = make();
  await parts.trainer.fit(classData(), {epochs: 1, batchSize: 4, validation});
  const {history} = await parts.trainer.fit(classData(), {epochs: 2, batchSize: 4, validation});
  expect(history.map(({member, epoch}) => [member, epoch])).toEqual([
    [0, 1],
    [0, 2],
    [1, 1],
    [1, 2],
  ]);
  expect(parts.weights()).toEqual(whole.weights());
});

test('a model whose automatic layer names are others takes a checkpoint over', async () => {
  const unnamed = () =>
    sequential({layers: [layers.dense({units: 3, activation: 'softmax', inputShape: [4]})]});
  const first = unnamed();
  const trainer = trainerOf([average()], {model: first, optimizer: adam()});
  await trainer.fit(classData(), options);
  const second = unnamed();
  expect(second.layers[0]?.name).not.toBe(first.layers[0]?.name);
  const other = trainerOf([average()], {model: second, optimizer: adam()});
  await other.restore(decodeCheckpoint(encodeCheckpoint(await trainer.save())));
  expect(numbersOf(second)).toEqual(numbersOf(first));
  await trainer.fit(classData(), {...options, epochs: 5});
  await other.fit(classData(), {...options, epochs: 5});
  expect(numbersOf(second)).toEqual(numbersOf(first));
});
