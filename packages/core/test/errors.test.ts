// What an error says to programs: fields, which are the same on the other side of a worker or a process.
import {adam, binaryCrossentropy, type JsonValue, RegularizerError, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {errorOf, trainerOf} from './support/trainers.ts';

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('a range that is left', async () => {
  expect(await errorOf(() => adam({beta1: 1}))).toMatchObject({
    message: '[adam] beta1 must be in [0, 1); received 1',
    where: 'adam',
    code: 'out-of-range',
    problem: 'beta1 must be in [0, 1); received 1',
    hint: undefined,
    option: 'beta1',
    received: 1,
    allowed: {type: 'number', minimum: 0, exclusiveMaximum: 1},
  });
});

test('a word that is none of the choices, an option and a kind that is not there', async () => {
  expect(await errorOf(() => trainerOf([], {execution: 'fast' as never}))).toMatchObject({
    option: 'execution',
    received: 'fast',
    allowed: {enum: ['auto', 'eager', 'captured']},
  });
  expect(await errorOf(() => sgd({learningrate: 1} as never))).toMatchObject({
    option: 'learningrate',
    received: 1,
    allowed: {enum: ['learningRate']},
  });
  expect(await errorOf(() => binaryCrossentropy({fromLogits: 'yes'} as never))).toMatchObject({
    option: 'fromLogits',
    received: 'yes',
    allowed: {type: 'boolean'},
  });
  expect(await errorOf(() => trainerOf([], {loss: 'absolute' as never}))).toMatchObject({
    option: 'loss',
    received: 'absolute',
    allowed: {enum: expect.arrayContaining(['meanSquaredError'])},
  });
});

test('what JSON cannot hold is received in words', () => {
  const received = (value: unknown): unknown =>
    new RegularizerError({where: 'any', code: 'any', message: 'no', received: value}).received;
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  expect(
    [Number.NaN, -0, 10n, circular, tf.scalar(1), () => 1, Array(2), [Number.NaN]].map(received),
  ).toEqual([
    'NaN',
    '-0',
    '10n',
    '{"self":{"self":{"self":{…}}}}',
    'a tensor []',
    'a function',
    '[undefined, undefined]',
    '[NaN]',
  ]);
  expect([null, 0.5, 'a', [1, [2]], {a: {b: null}}].map(received)).toEqual([
    null,
    0.5,
    'a',
    [1, [2]],
    {a: {b: null}},
  ]);
});

test('is made again from its JSON, the same, whatever it is about', () => {
  const text = fc.string({unit: 'binary'});
  const optional = fc.option(text, {nil: undefined});
  const anything = fc.anything({withBigInt: true, withDate: true, withMap: true, withSparseArray: true});
  fc.assert(
    fc.property(text, text, optional, optional, anything, (where, message, hint, option, received) => {
      const error = new RegularizerError({
        where,
        code: 'any',
        message,
        ...(hint === undefined ? {} : {hint}),
        ...(option === undefined ? {} : {option}),
        received,
        allowed: {enum: [message]},
      });
      const again = new RegularizerError(asJson(error) as never);
      expect(asJson(again)).toEqual(asJson(error));
      expect({...again, message: again.message}).toEqual({...error, message: error.message});
      const said: JsonValue | undefined = error.received;
      expect(JSON.stringify(said ?? null).length).toBeLessThan(200_000);
    }),
  );
});
