// The compositions suite must tell apart what commutes, what is ordered, and what is refused.
import {defineRegularizer, type Regularizer, RegularizerError} from '@regularizers/core';
import {checkComposition, describeCompositions} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';

type Declared = Pick<Regularizer, 'tags' | 'before' | 'after' | 'excludes'>;

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
  halve: halve({tags: ['halving']}),
  flip,
  shift: shift({after: ['halving', 'flip']}),
});

test('what commutes is trained', async () => {
  await expect(checkComposition(halve(), flip)).resolves.toBe('trained');
});

test('an order that matters must be declared', async () => {
  await expect(checkComposition(halve(), shift())).rejects.toThrow(
    /their order matters, and is not declared: 0\/state\/weights\/.*kernel\[\d+\]/,
  );
  await expect(checkComposition(halve(), shift({after: ['halve']}))).resolves.toBe('trained');
});

test('an order may be left to the list', async () => {
  await expect(checkComposition(halve(), shift(), {inListOrder: true})).resolves.toBe('trained');
});

test('a refusal names both', async () => {
  await expect(checkComposition(halve(), shift({excludes: ['halve']}))).resolves.toBe('refused');
  await expect(checkComposition(halve(), refusing('halve is there'))).resolves.toBe('refused');
  await expect(checkComposition(halve(), refusing('not like this'))).rejects.toThrow(
    'the refusal does not name halve',
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
