// The contract as the compiler sees it: `tsc` fails where an @ts-expect-error below has no error to expect. At run
// time there is only one thing to check, that the examples that must compile also run.
import {
  createTrainer,
  defineRegularizer,
  type Regularizer,
  RegularizerError,
  type StateTree,
  sgd,
} from '@regularizers/core';
import {makeFixture} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';

const named = <const Name extends string>(name: Name) => defineRegularizer({name});

test('plan and state of all hooks follow from setup', () => {
  const plugin = defineRegularizer({
    name: 'counter',
    setup: ({weights}) => ({plan: weights.length, state: {count: tf.zeros([1])}}),
    track: ({count}, {plan}) => ({count: tf.add(count, plan)}),
    epochEnd: (_report, {state}) => ({state: {count: tf.mul(state.count, 2)}}),
  });
  const literal: 'counter' = plugin.name;
  expect(literal).toBe('counter');
});

test('a hook that there is not is refused', () => {
  defineRegularizer({
    name: 'misspelt',
    // @ts-expect-error: there is no hook `penalties`
    penalties: () => tf.scalar(0),
  });
});

test('no hook may be asynchronous', () => {
  defineRegularizer({
    name: 'late',
    // @ts-expect-error: a promise of weights is not weights
    project: async (weights) => weights,
  });
  defineRegularizer({
    name: 'late',
    // @ts-expect-error: a promise of a tensor is not a tensor
    activation: async (value) => value,
  });
  defineRegularizer({
    name: 'late',
    // @ts-expect-error: a promise of a decision is not a decision
    epochEnd: async () => ({stop: 'enough'}),
  });
});

test('a state of another shape is refused', () => {
  defineRegularizer({
    name: 'shapeshifter',
    setup: () => ({state: {mean: tf.zeros([1])}}),
    // @ts-expect-error: the state has a mean, not a sum
    track: ({mean}) => ({sum: mean}),
  });
  defineRegularizer({
    name: 'forgetful',
    setup: () => ({state: {mean: tf.zeros([1])}}),
    // @ts-expect-error: a decision's state is of the same shape
    evaluated: (report) => ({state: {wait: report.epoch}}),
  });
});

test('a state is JSON and tensors', () => {
  defineRegularizer({
    name: 'hoarder',
    // @ts-expect-error: a map is neither
    setup: () => ({state: {seen: new Map<string, number>()}}),
  });
  // @ts-expect-error: nor is a date
  const when: StateTree = {when: new Date(0)};
  expect(when).toBeDefined();
});

test('a hook returns what it is to return', () => {
  defineRegularizer({
    name: 'flat',
    // @ts-expect-error: a penalty is a scalar or an analytic one
    penalty: () => 0.5,
  });
  defineRegularizer({
    name: 'single',
    // @ts-expect-error: weights come by name
    weights: (weights) => Object.values(weights)[0] as tf.Tensor,
  });
});

test('what a step may read may not be assigned', () => {
  defineRegularizer({
    name: 'assigning',
    project: (weights, step) => {
      // Compiled, and never run.
      // @ts-expect-error: the state is read-only
      step.state = null;
      // @ts-expect-error: so are the weights
      weights['hidden/kernel'] = tf.zeros([1]);
      return weights;
    },
  });
});

test('two plugins of one literal name are refused, by the compiler and by the trainer', () => {
  const {model, loss, dispose} = makeFixture('classifier');
  const options = {model, loss, optimizer: sgd()};
  createTrainer({...options, regularizers: [named('one'), named('two')]}).dispose();
  expect(() =>
    // @ts-expect-error: two plugins are named one
    createTrainer({...options, regularizers: [named('one'), named('two'), named('one')]}),
  ).toThrow(RegularizerError);
  // Names that are only known when it runs are left to the trainer.
  const list: readonly Regularizer[] = [named('one'), named('one')];
  expect(() => createTrainer({...options, regularizers: list})).toThrow('two plugins are named one');
  dispose();
});
