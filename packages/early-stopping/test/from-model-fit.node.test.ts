// What is written as for tf.callbacks.earlyStopping is refused with the line to write, and that line works.
import {readFile} from 'node:fs/promises';
import * as core from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {callbacks, input, layers, model, type SymbolicTensor, sequential} from '@tensorflow/tfjs-layers';
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
  const made = sequential({layers: [layers.dense({units: 1, inputShape: [1], activation: 'sigmoid'})]});
  const optimizer = core.sgd();
  return core.createTrainer({
    model: made,
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
    const made = sequential({layers: [layers.dense({units: 1, inputShape: [1]})]});
    made.compile({loss: 'meanSquaredError', optimizer: tf.train.sgd(0)});
    const stopping = callbacks.earlyStopping(settings);
    const theirs = await made.fit(x, y, {epochs: 20, shuffle: false, verbose: 0, callbacks: stopping});
    const trainer = core.createTrainer({
      model: made,
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

test('names of several outputs', async () => {
  const inputs = input({shape: [1]});
  const head = (name: string) =>
    layers.dense({units: 1, activation: 'sigmoid', name}).apply(inputs) as SymbolicTensor;
  const two = model({inputs, outputs: [head('is_on'), head('on')]});
  const data = {x, y: [y, y]};
  const fit = (monitor: string, options: core.FitOptions) =>
    core
      .createTrainer({
        model: two,
        loss: 'binaryCrossentropy',
        optimizer: core.sgd(),
        metrics: ['accuracy', 'meanSquaredError'],
        regularizers: [earlyStopping({monitor})],
      })
      .fit(data, options);
  const names: readonly (readonly [string, string])[] = [
    ['val_is_on_acc', 'validation.is_on/accuracy'],
    ['val_on_acc', 'validation.on/accuracy'],
    ['val_on_loss', 'validation.on/loss'],
    ['val_is_on_mse', 'validation.is_on/meanSquaredError'],
    ['is_on_loss', 'train.is_on/loss'],
  ];
  for (const [theirs, ours] of names) {
    const line = `monitor: '${ours}'`;
    const refused = await errorOf(fit(theirs, {validation: data}));
    // Whether a mistake is of a metric or of another name, its direction is asked for first.
    expect(refused).toMatchObject({code: 'nothing-to-monitor', hint: `Write ${line}.`});
    await fit(ours, {validation: data});
    expect(await errorOf(fit(theirs, {}))).toMatchObject({hint: expect.stringContaining(line)});
  }
});

test('explain() says in full what a name alone means', () => {
  const explained = (monitor: string) =>
    trainerOf([earlyStopping({monitor}), stopWhen({monitor, below: 0.1})]).explain();
  expect(explained('loss')).toContain('earlyStopping: it watches validation.loss, where smaller is better');
  expect(explained('accuracy')).toContain('stopWhen: it watches validation.accuracy');
  expect(explained('train.loss')).toContain('it watches train.loss');
});

test('docs/guides/from-model-fit.md has each line, and no other', async () => {
  const guide = await readFile(new URL('../../../docs/guides/from-model-fit.md', import.meta.url), 'utf8');
  const part = guide.slice(guide.indexOf('## Early stopping'));
  const rows = [...part.matchAll(/^\| `(.+?)` +\| `(.+?)` +\|$/gm)].map(([, theirs, ours]) => [theirs, ours]);
  expect(rows).toEqual([...stops, ...monitors]);
});
