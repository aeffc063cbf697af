import {createTrainer, defineRegularizer, type Regularizer, type Setup, sgd, tags} from '@regularizers/core';
import type {Tensor} from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-layers';
import {describe, expect, test} from 'vitest';
import {errorOf} from './support/trainers.ts';

const model = (): tf.LayersModel =>
  tf.sequential({layers: [tf.layers.dense({name: 'out', units: 1, inputShape: [2]})]});

const trainerOf = (plugin: unknown): unknown =>
  createTrainer({
    model: model(),
    loss: 'meanSquaredError',
    optimizer: sgd(),
    regularizers: [plugin as Regularizer],
  });

class Mistaken {
  readonly name = 'one';
  penality(): number {
    return 0;
  }
}

const activation = (value: Tensor): Tensor => value;

describe('what is no plugin is refused', () => {
  const factory = (): Regularizer => defineRegularizer({name: 'made'});

  test.each([
    ['a factory that was not called', factory, /regularizers\[0\] must be a plugin such as/],
    ['a regularizer of tfjs', tf.regularizers.l2({l2: 0.1}), /regularizers\[0\] must be a plugin such as/],
    ['a number', 0.1, /regularizers\[0\] must be a plugin/],
    ['null', null, /regularizers must be a list of plugins; received \[null\]/],
    ['nothing', {}, /regularizers\[0\] must be a plugin/],
    ['a layer', tf.layers.gaussianNoise({stddev: 1}), /regularizers holds a GaussianNoise, no plugin/],
    ['a model', model(), /regularizers holds a Sequential, no plugin/],
    ['a technique that was not made', {name: 'dropout', rate: 0.5}, /it has rate, and no hook/],
    ['a class with a typing mistake', new Mistaken(), /\[one\] there is no hook penality/],
    [
      'what throws',
      Object.defineProperty({name: 'one'}, 'penalty', {
        get: () => {
          throw new TypeError('no');
        },
      }),
      /cannot be read/,
    ],
    ['an empty name', {name: ''}, /regularizers\[0\] must be a plugin/],
    [
      'a hook with a typing mistake',
      {name: 'one', penality: (): number => 0},
      /\[one\] there is no hook penality/,
    ],
    ['a hook that is no function', {name: 'one', penalty: 0.1}, /\[one\] penalty must be a function/],
    ['a tag that is no word', {name: 'one', tags: [5]}, /\[one\] tags must be a list of words/],
    [
      'words that are no list',
      {name: 'one', before: 'two'},
      /\[one\] before must be a list of tags and of plugins/,
    ],
    ['a plugin by no name', {name: 'one', after: [{plugin: 7}]}, /\[one\] after must be a list of tags/],
    ['half a member', {name: 'one', members: 1.5}, /\[one\] members must be an integer/],
    ['owning what there is not', {name: 'one', owns: ['weights']}, /\[one\] owns holds "weights"/],
  ])('%s', (_, plugin, message) => {
    expect(() => trainerOf(plugin)).toThrow(message);
  });

  test('a factory that was not called does not compile', () => {
    // @ts-expect-error: made() is a plugin, made is a function
    const plugin: Regularizer = factory;
    expect(plugin).toBe(factory);
  });
});

describe('a word that is no tag is refused, with those that are meant', () => {
  const fields = ['tags', 'before', 'after', 'inListOrder', 'excludes'] as const;
  test.each(fields)('in %s', async (field) => {
    const plugin = {name: 'one', [field]: ['mixng']} as unknown as Regularizer;
    expect(await errorOf(() => trainerOf(plugin))).toMatchObject({
      where: 'one',
      code: 'unknown-tag',
      problem: `${field} holds "mixng", which is no tag`,
      hint: `Did you mean mixing?${field === 'tags' ? '' : ' A plugin is named as {plugin: "mixng"}.'}`,
      option: field,
      received: 'mixng',
      allowed: {enum: Object.keys(tags)},
    });
  });

  test.each([
    ['noise', 'input-noise or weight-noise or activation-noise'],
    ['weight-masks', 'weight-mask'],
    ['max norm', 'max-norm'],
  ])('%s', async (word, meant) => {
    const plugin = {name: 'one', before: [word]} as unknown as Regularizer;
    expect(await errorOf(() => trainerOf(plugin))).toMatchObject({
      hint: expect.stringContaining(`Did you mean ${meant}?`),
    });
  });

  test('where none is near, all are named', async () => {
    const plugin = {name: 'one', tags: ['quantization']} as unknown as Regularizer;
    expect(await errorOf(() => trainerOf(plugin))).toMatchObject({
      hint: `The tags are: ${Object.keys(tags).join(', ')}.`,
    });
  });

  test('each tag says what it means, in one sentence', () => {
    for (const [tag, meaning] of Object.entries(tags)) expect(meaning, tag).toMatch(/^[A-Z].*[^.]\.$/);
  });
});

describe('what setup returns is checked', () => {
  const setup = (result: unknown) => () => result as Setup;
  test.each([
    ['an unknown part', {setup: setup({sites: ['out']})}, /setup must return .*: nobody reads sites/],
    ['nothing', {setup: setup(null)}, /setup must return .*; received null/],
    [
      'a promise',
      {setup: setup(Promise.resolve({}))},
      /setup must return .*; received a Promise\n.*asynchronous/,
    ],
    ['an activation without a site', {activation}, /its activation hook runs at no site/],
    ['an activation at no site', {activation, setup: setup({at: []})}, /its activation hook runs at no site/],
    ['a site that is not there', {activation, setup: setup({at: ['in']})}, /at names "in", which is no site/],
    ['sites without a hook', {setup: setup({at: ['out']})}, /there is no activation hook to run there/],
    ['observing without a penalty', {setup: setup({observe: ['out']})}, /there is no penalty hook/],
    [
      'derived weights without a hook',
      {setup: setup({derived: [{name: 'out/bias', from: []}]})},
      /derived without a derive hook/,
    ],
    ['a derive hook without weights', {derive: () => ({})}, /a derive hook without derived/],
  ])('%s', (_, hooks, message) => {
    expect(() => trainerOf({name: 'one', ...hooks})).toThrow(message);
  });

  test('an idle plugin may leave out everything', () => {
    expect(() => trainerOf({name: 'one', activation, setup: setup({idle: true})})).not.toThrow();
  });
});
