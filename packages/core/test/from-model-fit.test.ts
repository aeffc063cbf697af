// What is written as for model.compile and model.fit is refused with the line to write, and that line works.
import * as core from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {mlp, withKnownWeights} from './support/models.ts';
import {classData, errorOf} from './support/trainers.ts';

const plugin = core.defineRegularizer({name: 'plain', tags: []});

/** Runs a text as the options of a call, with everything of the package in reach. */
function written(text: string): object {
  const scope = {...core, tf, plugin, ...classData()};
  return new Function(...Object.keys(scope), `return {${text}};`)(...Object.values(scope)) as object;
}

const compile = () =>
  ({model: withKnownWeights(mlp()), loss: 'categoricalCrossentropy', optimizer: core.adam()}) as const;

const inTrainer: readonly (readonly [string, string])[] = [
  ["loss: 'mse'", "loss: 'meanSquaredError'"],
  ["loss: 'mean_absolute_error'", "loss: 'meanAbsoluteError'"],
  ["metrics: 'accuracy'", "metrics: ['accuracy']"],
  ["metrics: 'acc'", "metrics: ['accuracy']"],
  ["metrics: ['acc']", "metrics: ['accuracy']"],
  ["metrics: ['mse']", "metrics: ['meanSquaredError']"],
  ["optimizer: 'sgd'", 'optimizer: sgd()'],
  ["optimizer: 'rmsprop'", 'optimizer: rmsprop()'],
  ['optimizer: adam', 'optimizer: adam()'],
  ['optimizer: tf.train.sgd(0.1)', 'optimizer: sgd({learningRate: 0.1})'],
  [
    'optimizer: tf.train.momentum(0.1, 0.8, true)',
    'optimizer: momentum({learningRate: 0.1, momentum: 0.8, nesterov: true})',
  ],
  [
    'optimizer: tf.train.adam(0.01, 0.9, 0.99, 1e-6)',
    'optimizer: adam({learningRate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 0.000001})',
  ],
  [
    'optimizer: tf.train.rmsprop(0.01, 0.8, 0.5, 1e-6)',
    'optimizer: rmsprop({learningRate: 0.01, rho: 0.8, momentum: 0.5, epsilon: 0.000001, centered: false})',
  ],
  ['optimizer: tf.train.adagrad(0.1)', 'optimizer: adagrad({learningRate: 0.1, initialAccumulator: 0.1})'],
  ['learningRate: 0.1', 'optimizer: adam({learningRate: 0.1})'],
  ['regularizers: plugin', 'regularizers: [plugin]'],
];

const inFit: readonly (readonly [string, string])[] = [
  ['validationData: [x, y]', 'validation: {x, y}'],
  ['validationSplit: 0.2', 'validation: {split: 0.2}'],
  ['callbacks: {}', 'onEpoch: (report) => console.log(report)'],
  ['verbose: 0', 'onEpoch: (report) => console.log(report)'],
  ['classWeight: {0: 1, 2: 3}', 'classWeight: [1, 1, 3]'],
];

for (const [text, line] of inTrainer) {
  test(`createTrainer: ${text}`, async () => {
    const make = (option: string) => core.createTrainer({...compile(), ...written(option)});
    expect(await errorOf(() => make(text))).toMatchObject({
      name: 'RegularizerError',
      hint: `Write ${line}.`,
    });
    await make(line).fit(classData());
  });
}

for (const [text, line] of inFit) {
  test(`fit: ${text}`, async () => {
    const fit = (option: string) => core.createTrainer(compile()).fit(classData(), written(option));
    expect(await errorOf(() => fit(text))).toMatchObject({
      name: 'RegularizerError',
      hint: `Write ${line}.`,
    });
    await fit(line.replace('console.log', 'Object'));
  });
}

test('a plugin on a condition is put into the list on that condition', async () => {
  const make = (list: readonly unknown[]) =>
    core.createTrainer({...compile(), regularizers: list as readonly (typeof plugin)[]});
  for (const no of [false, undefined]) {
    expect(await errorOf(() => make([no]))).toMatchObject({
      hint: 'Write regularizers: [...(condition ? [plugin] : [])].',
    });
  }
  await make([...(classData().x.rank > 2 ? [plugin] : [])]).fit(classData());
});
