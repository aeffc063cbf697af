// What is written as for tf.callbacks.earlyStopping is refused with the line to write, and that line works.
import {readFile} from 'node:fs/promises';
import * as core from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {callbacks, layers, sequential} from '@tensorflow/tfjs-layers';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {earlyStopping, stopWhen} from '../src/index.ts';

const report = 'onEpoch: (report) => console.log(report)';

/** Callbacks of model.fit, and the plugin that takes their place. */
const stops: readonly (readonly [string, string])[] = [
  [
    'callbacks: tf.callbacks.earlyStopping()',
    "earlyStopping({monitor: 'validation.loss', patience: 0, restoreBest: false})",
  ],
  [
    "callbacks: tf.callbacks.earlyStopping({monitor: 'val_acc', patience: 2})",
    "earlyStopping({monitor: 'validation.accuracy', patience: 2, restoreBest: false})",
  ],
  [
    "callbacks: [tf.callbacks.earlyStopping({monitor: 'loss', minDelta: 0.01, mode: 'min', baseline: 3})]",
    "earlyStopping({monitor: 'train.loss', patience: 0, minDelta: 0.01, mode: 'min', baseline: 3, restoreBest: false})",
  ],
];

/** Names of tfjs's history, and those of this one's. */
const monitors: readonly (readonly [string, string])[] = [
  ["monitor: 'val_loss'", "monitor: 'validation.loss'"],
  ["monitor: 'val_acc'", "monitor: 'validation.accuracy'"],
  ["monitor: 'val_accuracy'", "monitor: 'validation.accuracy'"],
  ["monitor: 'acc'", "monitor: 'train.accuracy'"],
];

let x: tf.Tensor;
let y: tf.Tensor;
beforeAll(() => {
  x = tf.tensor2d([0, 1, 2, 3], [4, 1]);
  y = tf.tensor2d([0, 0, 1, 1], [4, 1]);
});
afterAll(() => tf.dispose([x, y]));

function trainerOf(regularizers: readonly core.Regularizer[]): core.Trainer {
  const model = sequential({layers: [layers.dense({units: 1, inputShape: [1], activation: 'sigmoid'})]});
  const optimizer = core.sgd();
  return core.createTrainer({
    model,
    loss: 'binaryCrossentropy',
    optimizer,
    metrics: ['accuracy'],
    regularizers,
  });
}

function written(text: string): unknown {
  const scope = {tf: {...tf, callbacks}, earlyStopping};
  return new Function(...Object.keys(scope), `return ${text};`)(...Object.values(scope)) as unknown;
}

const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('callbacks of model.fit', () => {
  for (const [theirs, ours] of stops) {
    const line = `regularizers: [${ours}] for createTrainer, of @regularizers/early-stopping`;
    test(theirs, async () => {
      const options = written(`{${theirs}}`) as core.FitOptions;
      const data = {x, y};
      expect(await errorOf(trainerOf([]).fit(data, options))).toMatchObject({hint: `Write ${line}.`});
      await trainerOf([written(ours) as core.Regularizer]).fit(data, {epochs: 2, validation: data});
    });
  }

  test('others beside it', async () => {
    const given = {callbacks: [callbacks.earlyStopping(), {onEpochEnd: () => undefined}]};
    const error = await errorOf(trainerOf([]).fit({x, y}, given as core.FitOptions));
    const line = `regularizers: [${stops[0]![1]}] for createTrainer, of @regularizers/early-stopping`;
    expect(error).toMatchObject({hint: `Write ${line}, and ${report}.`});
  });

  test('the plugin stops after the epoch at which the callback stops', async () => {
    // Without a learning rate the loss is the same each epoch, and tfjs waits for three.
    const settings = {monitor: 'loss', patience: 3};
    const model = sequential({layers: [layers.dense({units: 1, inputShape: [1]})]});
    model.compile({loss: 'meanSquaredError', optimizer: tf.train.sgd(0)});
    const stopping = callbacks.earlyStopping(settings);
    const theirs = await model.fit(x, y, {epochs: 20, shuffle: false, verbose: 0, callbacks: stopping});
    const trainer = core.createTrainer({
      model,
      loss: 'meanSquaredError',
      optimizer: core.sgd({learningRate: 0}),
      regularizers: [earlyStopping({monitor: 'train.loss', patience: 3, restoreBest: false})],
    });
    const {history} = await trainer.fit({x, y}, {epochs: 20, shuffle: false});
    expect(theirs.epoch.length).toBeLessThan(20);
    expect(history).toHaveLength(theirs.epoch.length);
  });
});

describe('monitor', () => {
  for (const [theirs, ours] of monitors) {
    const monitorOf = (text: string) => (written(`{${text}}`) as {monitor: string}).monitor;
    test(theirs, async () => {
      const data = {x, y};
      for (const make of [
        (monitor: string) => earlyStopping({monitor}),
        (monitor: string) => stopWhen({monitor, below: 0}),
      ]) {
        const fit = (text: string, options: core.FitOptions = {validation: data}) =>
          trainerOf([make(monitorOf(text))]).fit(data, options);
        expect(await errorOf(fit(theirs))).toMatchObject({
          code: 'nothing-to-monitor',
          hint: `Write ${ours}.`,
        });
        await fit(ours);
        const also = ours.includes('train.') ? `or pass ${ours}` : `and write ${ours}`;
        expect(await errorOf(fit(theirs, {}))).toMatchObject({
          hint: `Give fit validation data, fit(data, {validation: {x, y}}), ${also}.`,
        });
      }
    });
  }
});

test('docs/guides/from-model-fit.md has each line, and no other', async () => {
  const guide = await readFile(new URL('../../../docs/guides/from-model-fit.md', import.meta.url), 'utf8');
  const part = guide.slice(guide.indexOf('## Early stopping'));
  const rows = [...part.matchAll(/^\| `(.+?)` +\| `(.+?)` +\|$/gm)].map(([, theirs, ours]) => [theirs, ours]);
  expect(rows).toEqual([...stops, ...monitors]);
});
