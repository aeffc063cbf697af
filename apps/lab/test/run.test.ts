import {type Checkpoint, type EpochReport, RegularizerError} from '@regularizers/core';
import {orRefused} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, test} from 'vitest';
import {type DataRecipe, makeData} from '../src/data/catalog.ts';
import {defaultRecipe, entriesFor} from '../src/defaults.ts';
import type {ModelRecipe} from '../src/models/catalog.ts';
import {parseRecipe, type RecipeInput} from '../src/recipe.ts';
import {previewRecipe, type RunOptions, type RunReport, runRecipe} from '../src/run.ts';

const noFiles = {mnist: () => Promise.reject(new Error('no files here'))};

const tiny = {
  seed: 5,
  data: {name: 'moons', train: 24, validation: 10, test: 12},
  model: {name: 'mlp', hidden: [6]},
  epochs: 3,
  batchSize: 8,
} satisfies RecipeInput;

async function run(given: RecipeInput, hooks: Omit<RunOptions, 'data'> = {}): Promise<RunReport> {
  const recipe = parseRecipe(given);
  return runRecipe(recipe, {...hooks, data: await makeData(recipe.data, noFiles)});
}

test('trains, judges, and leaves no tensor behind', async () => {
  const before = tf.memory().numTensors;
  const epochs: number[] = [];
  let steps = 0;
  const report = await run(tiny, {
    onEpoch: ({epoch}: EpochReport) => void epochs.push(epoch),
    onProgress: () => void steps++,
  });
  expect(tf.memory().numTensors).toBe(before);
  expect(epochs).toEqual([1, 2, 3]);
  expect(steps).toBe(9); // 24 examples in batches of 8, three times
  expect(report.history).toHaveLength(3);
  expect(report.backend).toBe(tf.getBackend());
  expect(report.parameters).toBe(2 * 6 + 6 + 6 * 2 + 2);
  expect(report.measure).toBe('error');
  expect(report.testError).toBe(1 - report.test['accuracy']!);
  expect(report.gap).toBeCloseTo(report.train['accuracy']! - report.test['accuracy']!, 6);
  expect(report.stopped).toBeUndefined();
  expect(JSON.parse(JSON.stringify(report.recipe))).toEqual(report.recipe);
});

test('the same seed is the same run, another seed is not', async () => {
  const regularizers = [{name: 'dropout', rate: 0.5}];
  const losses = async (seed: number): Promise<readonly number[]> =>
    (await run({...tiny, seed, regularizers})).history.map(({train}) => train.loss);
  expect(await losses(1)).toEqual(await losses(1));
  expect(await losses(1)).not.toEqual(await losses(2));
});

test('goes on exactly from each saved state, whose training time counts too', async () => {
  const recipe = {
    ...tiny,
    regularizers: [
      {name: 'dropout', rate: 0.5},
      {name: 'bagging', members: 2},
    ],
  };
  const saved: Checkpoint[] = [];
  const onCheckpoint: RunOptions['onCheckpoint'] = async (save) => void saved.push(await save());
  const whole = await run(recipe, {onCheckpoint});
  expect(saved).toHaveLength(2 * 3);
  for (const from of saved) {
    const report = await run(recipe, {from});
    expect(timeless(report)).toEqual(timeless(whole));
    const before = from.members.flatMap(({history}) => history).map(({seconds}) => seconds);
    expect(report.seconds).toBeGreaterThan(before.reduce((sum, seconds) => sum + seconds, 0));
  }
});

/** A report without its times. */
function timeless(report: RunReport): unknown {
  return JSON.parse(JSON.stringify(report), (key, value) => (key === 'seconds' ? undefined : value));
}

test('an ensemble has the history of each member, and leaves no tensor behind', async () => {
  const before = tf.memory().numTensors;
  const report = await run({...tiny, epochs: 2, regularizers: [{name: 'bagging', members: 3}]});
  expect(report.history.map(({member, epoch}) => [member, epoch])).toEqual([
    [0, 1],
    [0, 2],
    [1, 1],
    [1, 2],
    [2, 1],
    [2, 2],
  ]);
  expect(tf.memory().numTensors).toBe(before);
});

test('regression and reconstruction are measured by their loss', async () => {
  const wave = await run({...tiny, data: {name: 'wave', train: 10, validation: 5, test: 6}});
  expect([wave.measure, wave.testError]).toEqual(['loss', wave.test.loss]);
  const mirrored = await run({
    ...tiny,
    model: {name: 'autoencoder', encoder: [3, 2], outputActivation: 'linear'},
    regularizers: [
      {
        name: 'tie',
        pairs: [
          {weight: 'dec1/kernel', to: 'enc1/kernel', by: 'transpose'},
          {weight: 'dec2/kernel', to: 'enc2/kernel', by: 'transpose'},
        ],
      },
    ],
  });
  expect(mirrored.measure).toBe('loss');
  // Kernels 2·3 and 3·2 once each, biases 3 + 2 + 3 + 2.
  expect(mirrored.parameters).toBe(22);
});

test('a signal ends training; what there is so far is judged', async () => {
  const abortion = new AbortController();
  const report = await run(
    {...tiny, epochs: 50},
    {
      signal: abortion.signal,
      onProgress: ({step}) => {
        if (step === 4) abortion.abort();
      },
    },
  );
  expect(report.stopped).toMatchObject({by: 'signal', step: 4});
  expect(report.history.at(-1)?.step).toBeLessThanOrEqual(4);
  expect(Number.isFinite(report.test.loss)).toBe(true);
});

describe('what does not go together is refused before anything is trained, and leaves no tensor behind', () => {
  test.each<[string, RecipeInput, string]>([
    ['a model and data', {...tiny, model: {name: 'cnn'}}, 'wrong-data'],
    ['a regularizer and data', {...tiny, regularizers: [{name: 'randomAffine'}]}, 'no-image-input'],
    [
      'a regularizer and the loss',
      {...tiny, data: {name: 'wave'}, regularizers: [{name: 'labelSmoothing'}]},
      'not-a-classification',
    ],
    [
      'a site that there is not',
      {...tiny, regularizers: [{name: 'dropout', at: 'hidden9'}]},
      'nothing-selected',
    ],
    [
      'two owners of the members',
      {...tiny, regularizers: [{name: 'bagging'}, {name: 'deepEnsemble'}]},
      'two-owners',
    ],
  ])('%s', async (_, recipe, code) => {
    const before = tf.memory().numTensors;
    let steps = 0;
    const error: unknown = await run(recipe, {onProgress: () => void steps++}).catch((reason) => reason);
    if (!RegularizerError.isInstance(error)) throw error;
    expect(error.code).toBe(code);
    expect(steps).toBe(0);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('every usual comparison can be trained', () => {
  const models: readonly [DataRecipe, ModelRecipe][] = [
    [{name: 'glyphs'}, {name: 'mlp'}],
    [{name: 'glyphs'}, {name: 'cnn', channels: [2, 2], units: 4}],
    [{name: 'glyphs'}, {name: 'residual', blocks: [2, 2, 3]}],
    [{name: 'glyphs'}, {name: 'autoencoder', encoder: [8, 4]}],
    [{name: 'glyphs'}, {name: 'recurrent', units: [4]}],
    [{name: 'moons'}, {name: 'mlp', hidden: [8, 8, 8]}],
    [{name: 'wave'}, {name: 'mlp', hidden: [8]}],
    [{name: 'gestures'}, {name: 'recurrent', units: [4]}],
    [{name: 'adding'}, {name: 'recurrent', units: [4]}],
  ];
  for (const [data, model] of models) {
    const kernels = model.name === 'cnn' || model.name === 'residual' ? ['Conv2DBackpropFilter'] : [];
    test(
      `${JSON.stringify(data)} with ${JSON.stringify(model)}`,
      orRefused(kernels, async () => {
        const base = defaultRecipe({data: {...data, train: 4, validation: 2, test: 2}, model});
        const made = await makeData(base.data, noFiles);
        const before = tf.memory().numTensors;
        const entries = entriesFor(base);
        expect(entries.length).toBeGreaterThan(5);
        for (const {regularizers} of entries) {
          const {parameters, explanation} = previewRecipe(
            {...base, regularizers: [...regularizers]},
            {data: made},
          );
          expect(parameters).toBeGreaterThan(0);
          expect(explanation.optimizer).toBe(base.optimizer.name);
        }
        expect(tf.memory().numTensors).toBe(before);
      }),
    );
  }
});
