// The compositions suite must tell apart what commutes, what is ordered, and what is refused.
import {defineRegularizer, type Regularizer, RegularizerError} from '@regularizers/core';
import {checkComposition, checkOrders, describeCompositions} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';

type Declared = Pick<Regularizer, 'tags' | 'before' | 'after' | 'excludes' | 'inListOrder'>;

const projection = (name: string, change: (w: tf.Tensor) => tf.Tensor, declared: Declared = {}) => ({
  fixture: 'classifier' as const,
  create: (): Regularizer =>
    defineRegularizer({
      name,
      ...declared,
      project: (weights) => Object.fromEntries(Object.entries(weights).map(([key, w]) => [key, change(w)])),
    }),
});

const shift = (declared?: Declared) => projection('shift', (w) => tf.add(w, 0.1), declared);
const halve = (declared?: Declared) => projection('halve', (w) => tf.mul(w, 0.5), declared);
const flip = projection('flip', (w) => tf.neg(w));

const refusing = (message: string) => ({
  fixture: 'classifier' as const,
  create: (): Regularizer =>
    defineRegularizer({
      name: 'refusing',
      setup: () => {
        throw new RegularizerError({where: 'refusing', code: 'refused', message});
      },
    }),
});

describeCompositions('of three', {
  halve: halve({tags: ['decay']}),
  flip,
  shift: shift({after: ['decay', {plugin: 'flip'}]}),
});

test('what commutes is trained', async () => {
  await expect(checkComposition(halve(), flip)).resolves.toBe('trained');
});

test('an order that matters must be declared', async () => {
  await expect(checkComposition(halve(), shift())).rejects.toThrow(
    /their order matters, and is not declared: 0\/state\/weights\/.*kernel\[\d+\]/,
  );
  await expect(checkComposition(halve(), shift({after: [{plugin: 'halve'}]}))).resolves.toBe('trained');
});

test('an order may be left to the list', async () => {
  await expect(checkComposition(halve(), shift({inListOrder: [{plugin: 'halve'}]}))).resolves.toBe('trained');
  await expect(checkComposition(halve({inListOrder: [{plugin: 'shift'}]}), shift())).resolves.toBe('trained');
});

test('two of a kind have two names, and an order as well', async () => {
  const twice = (declared?: Declared) => {
    let made = 0;
    return {
      fixture: 'classifier' as const,
      create: (_: unknown, name = 'affine'): Regularizer =>
        projection(name, made++ % 2 ? (w) => tf.mul(w, 0.5) : (w) => tf.add(w, 0.1), declared).create(),
    };
  };
  const [silent, listed] = [twice(), twice({tags: ['decay'], inListOrder: ['decay']})];
  await expect(checkComposition(silent, silent)).rejects.toThrow('their order matters, and is not declared');
  await expect(checkComposition(listed, listed)).resolves.toBe('trained');
});

test('of many, those that leave it to the list keep their order, and the others need none', async () => {
  const [halving, shifting] = [halve({inListOrder: [{plugin: 'shift'}]}), shift()];
  await expect(checkOrders([halving, flip, shifting], [2, 1, 0])).resolves.toBe('trained');
  await expect(checkOrders([halve(), flip, shifting], [2, 1, 0])).rejects.toThrow('their order matters');
  await expect(
    checkOrders([halve(), flip, shift({after: [{plugin: 'halve'}, {plugin: 'flip'}]})], [2, 0, 1]),
  ).resolves.toBe('trained');
});

test('a refusal names both', async () => {
  await expect(checkComposition(halve(), shift({excludes: [{plugin: 'halve'}]}))).resolves.toBe('refused');
  await expect(checkComposition(halve(), refusing('halve is there'))).resolves.toBe('refused');
  await expect(checkComposition(halve(), refusing('not like this'))).rejects.toThrow(
    'the refusal names fewer than two of the plugins',
  );
});

test('what is refused one way round is refused both ways', async () => {
  let trainers = 0;
  const sometimes = {
    fixture: 'classifier' as const,
    create: (): Regularizer => (++trainers === 1 ? refusing('halve is there').create() : flip.create()),
  };
  await expect(checkComposition(halve(), sometimes)).rejects.toThrow('only one order is refused');
});

test('an error of training is not a refusal', async () => {
  const failing = {
    fixture: 'classifier' as const,
    create: () =>
      defineRegularizer({
        name: 'failing',
        project: (): never => {
          throw new RegularizerError({where: 'failing', code: 'late', message: 'halve is there'});
        },
      }),
  };
  await expect(checkComposition(halve(), failing)).rejects.toThrow('halve is there');
});
