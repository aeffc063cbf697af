import {RegularizerError, type SetupContext} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import {beforeAll, describe, expect, it} from 'vitest';
import {meanWeight, type ShareOptions, share} from '../src/index.ts';
import {contextOf, derive, planOf} from './context.ts';
import {expectClose} from './helpers.ts';

const shapes = {
  'in/kernel': [4, 3],
  'block1/kernel': [3, 3],
  'block1/bias': [3],
  'block2/kernel': [3, 3],
  'block2/bias': [3],
  'block2/moving_mean': [3],
  'block3/kernel': [3, 3],
  'block3/bias': [3],
} as const;
let context: SetupContext;
beforeAll(() => {
  context = contextOf(shapes, {'block2/moving_mean': 'statistic'});
});

describe('share', () => {
  it('reads the first layer for all, place by place', () => {
    const plugin = share({layers: ['block2', 'block1', 'block3']});
    const {plan, derived, initial} = planOf(plugin, context);
    expect(derived).toEqual([
      {name: 'block1/kernel', from: ['block2/kernel']},
      {name: 'block3/kernel', from: ['block2/kernel']},
      {name: 'block1/bias', from: ['block2/bias']},
      {name: 'block3/bias', from: ['block2/bias']},
    ]);
    expect(initial).toBeUndefined();
    expect(plan.savedParameters).toBe(2 * (9 + 3));
    const weights = derive(plugin, context.initial, plan);
    expect(weights['block3/kernel']).toBe(context.initial['block2/kernel']);
    expect(weights['in/kernel']).toBe(context.initial['in/kernel']);
  });

  it('starts from the mean if asked', () => {
    const {initial} = planOf(share({layers: 'block*', include: '**/kernel', initial: 'mean'}), context);
    expect(Object.keys(initial ?? {})).toEqual(['block1/kernel']);
    const values = ['block1', 'block2', 'block3'].map((layer) =>
      context.initial[`${layer}/kernel`]!.dataSync(),
    );
    const mean = Array.from(values[0]!, (value, i) => (value + values[1]![i]! + values[2]![i]!) / 3);
    expectClose(initial!['block1/kernel']!, mean);
  });

  it('takes weights as well as layers', () => {
    const {derived} = planOf(share({include: ['block1/kernel', 'block3/kernel'], name: 'kernels'}), context);
    expect(derived).toEqual([{name: 'block3/kernel', from: ['block1/kernel']}]);
  });

  it('takes nested models', () => {
    const nested = contextOf({
      'a/attend/kernel': [2, 2],
      'a/mlp/kernel': [2, 3],
      'b/attend/kernel': [2, 2],
      'b/mlp/kernel': [2, 3],
    });
    expect(planOf(share({layers: ['a', 'b']}), nested).derived).toEqual([
      {name: 'b/attend/kernel', from: ['a/attend/kernel']},
      {name: 'b/mlp/kernel', from: ['a/mlp/kernel']},
    ]);
  });

  it('adds the gradients of all uses', () => {
    // y = x·w·w·w with scalars: ∂y/∂w = 3·x·w² = 3·2·25 = 150.
    const scalars = contextOf({'a/w': [1, 1], 'b/w': [1, 1], 'c/w': [1, 1]});
    const plugin = share({layers: ['a', 'b', 'c']});
    const {plan} = planOf(plugin, scalars);
    const product = (w: tf.Tensor): tf.Scalar => {
      const weights = derive(plugin, {...scalars.initial, 'a/w': w}, plan);
      return tf.sum(tf.mul(tf.mul(tf.mul(2, weights['a/w']!), weights['b/w']!), weights['c/w']!));
    };
    expectClose(tf.grad(product)(tf.tensor2d([[5]])), [150]);
  });
});

describe('meanWeight', () => {
  it('is the mean, and leaves its inputs alone', () => {
    const weights = [tf.tensor1d([1, 2]), tf.tensor1d([3, 8])];
    expectClose(meanWeight(weights), [2, 5]);
    expect(Array.from(weights[0]!.dataSync())).toEqual([1, 2]);
  });
});

describe('share refuses', () => {
  it.each([
    ['nothing at all', {}, 'missing-option'],
    ['an unknown first value', {layers: 'block*', initial: 'last'}, 'unknown-choice'],
    ['an unknown option', {layer: 'block1'}, 'unknown-option'],
  ])('%s', (_, options, code) => {
    const make = () => share(options as ShareOptions<'share'>);
    expect(make).toThrow(RegularizerError);
    expect(make).toThrow(expect.objectContaining({code}));
  });

  it.each([
    ['layers that are not there', {layers: ['block1', 'block9']}, 'nothing-selected'],
    ['a layer alone', {layers: ['block1']}, 'too-few'],
    ['a layer twice', {layers: ['block1', 'block*']}, 'overlap'],
    ['layers of other weights', {layers: ['in', 'block1']}, 'layers-differ'],
    ['layers without any', {layers: ['block1', 'block2'], include: 'none'}, 'nothing-selected'],
    ['layers of other shapes', {layers: ['in', 'block1'], include: '**/kernel'}, 'shape-mismatch'],
    ['weights of other shapes', {include: '**/kernel'}, 'shape-mismatch'],
    ['statistics', {include: ['block2/moving_mean', 'block1/bias']}, 'not-trained'],
  ])('%s', (_, options, code) => {
    const run = () => planOf(share(options), context);
    expect(run).toThrow(RegularizerError);
    expect(run).toThrow(expect.objectContaining({code}));
  });

  it('a layer and a part of it', () => {
    const nested = contextOf({'a/x/kernel': [2], 'a/y/kernel': [2]});
    expect(() => planOf(share({layers: ['a', 'a/x']}), nested)).toThrow(/part of it/);
  });
});
