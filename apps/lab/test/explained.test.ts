// What `explain()` says before training: each technique's settings, what its options chose, members, and where steps run.
import {createTrainer, type Regularizer, sgd} from '@regularizers/core';
import {type FixtureName, makeFixture} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {describe, expect, test} from 'vitest';
import {createRegularizers, techniques} from '../src/regularizers.ts';

/** An option that chooses is shown as the selector that was given. */
const shown = (value: unknown): unknown =>
  typeof value === 'function' && 'given' in value ? value.given : value;

describe('each technique says what it is set to', () => {
  for (const {name, options: described, example = {}, trials = [{options: example}]} of techniques) {
    test(name, () => {
      for (const {options = {}} of trials) {
        const {settings = {}}: Regularizer = createRegularizers([{name, ...options}])[0]!;
        for (const [option, value] of Object.entries(options)) {
          if (option in described) {
            expect({set: shown(settings[option])}).toMatchObject({set: value});
          }
        }
        const missing = Object.entries(described).filter(
          ([option, {default: initial}]) =>
            initial !== undefined && typeof initial !== 'function' && !(option in settings),
        );
        expect(missing).toEqual([]);
      }
    });
  }
});

test('explain() says what options chose, what a pipeline holds, how many members there are, and where steps run', () => {
  const model = sequential({
    layers: [
      layers.conv2d({name: 'conv', filters: 2, kernelSize: 3, inputShape: [6, 6, 1]}),
      layers.flatten(),
      layers.dense({name: 'hidden', units: 4, activation: 'relu'}),
      layers.dense({name: 'out', units: 3, activation: 'softmax'}),
    ],
  });
  const regularizers = createRegularizers([
    {name: 'l2', strength: 0.01, include: 'hidden/*'},
    {name: 'dropout', rate: 0.25},
    {name: 'bagging', members: 3},
    {name: 'pipeline', techniques: [{name: 'randomFlip', horizontal: 0.5}]},
  ]);
  const loss = 'categoricalCrossentropy';
  const trainer = createTrainer({model, loss, optimizer: sgd(), regularizers, execution: 'eager'});
  const {plugins, members, execution} = trainer.explanation();
  const of = (name: string) => plugins.find((plugin) => plugin.name === name);
  expect(members).toBe(3);
  expect(execution).toEqual({
    backend: tf.getBackend(),
    stepsEager: "execution: 'eager' asks for it",
    evaluationEager: "execution: 'eager' asks for it",
  });
  expect(of('l2')).toMatchObject({
    settings: {strength: 0.01, include: 'hidden/*'},
    chose: {include: ['hidden/kernel', 'hidden/bias']},
  });
  expect(of('dropout')).toMatchObject({settings: {rate: 0.25}, chose: {at: ['hidden']}, at: ['hidden']});
  expect(of('bagging')).toMatchObject({settings: {members: 3, combine: 'mean', sampleSize: 1}});
  expect(of('pipeline')).toMatchObject({settings: {techniques: [{name: 'randomFlip', horizontal: 0.5}]}});
  const text = trainer.explain();
  expect(text).toContain('members: 3');
  expect(text).toContain('  l2: strength 0.01, include hidden/*');
  expect(text).toContain('  l2 reaches, by include, hidden/kernel, hidden/bias');
  expect(text).toContain('op by op on ');
  trainer.dispose();
});

test('what cannot be captured is said once it was tried', async () => {
  const {model, x, y, loss, dispose} = makeFixture('classifier' as FixtureName);
  const reads: Regularizer = {
    name: 'reads',
    penalty: ({weights}) => {
      const [first] = Object.values(weights);
      first?.dataSync();
      return tf.scalar(0);
    },
  };
  const trainer = createTrainer({model, loss, optimizer: sgd(), regularizers: [reads]});
  const before = trainer.explanation().execution;
  await trainer.fit({x, y}, {epochs: 1});
  const {execution} = trainer.explanation();
  if (before.stepsEager === null) expect(execution.stepsEager).not.toBeNull();
  else expect(execution).toEqual(before);
  trainer.dispose();
  dispose();
});
