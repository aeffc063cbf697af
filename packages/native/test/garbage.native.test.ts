// Whatever is handed to what reaches the addon is refused by a typed error before it gets there: the addon ends the
// process for some of it.
import {RegularizerError} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, test} from 'vitest';
import {specialValues} from '../../core/test/support/garbage.ts';
import * as native from '../src/index.ts';

const {executeOp, floatAttribute, NativeError, overrideBinding, typeAttribute} = native;

type Call = (...given: never[]) => unknown;

/** Right arguments, of which one after another is replaced. */
const right: Readonly<Record<string, readonly [call: Call, given: () => readonly unknown[]]>> = {
  typeAttribute: [typeAttribute, () => ['T', 'float32']],
  intAttribute: [native.intAttribute, () => ['num', 2]],
  floatAttribute: [floatAttribute, () => ['alpha', 0.5]],
  boolAttribute: [native.boolAttribute, () => ['transpose_a', true]],
  stringAttribute: [native.stringAttribute, () => ['padding', 'VALID']],
  shapeAttribute: [native.shapeAttribute, () => ['shape', [2]]],
  executeOp: [
    executeOp,
    () => ['LeakyRelu', [typeAttribute('T', 'float32'), floatAttribute('alpha', 0.5)], [tf.ones([2])], 1],
  ],
  overrideBinding: [overrideBinding, () => [{}]],
};

const values: readonly (readonly [string, () => unknown])[] = [
  ...specialValues,
  ['undefined', () => undefined],
  ['half a number', () => 1.5],
  ['a number below zero', () => -1],
  ['an empty text', () => ''],
  // biome-ignore lint/suspicious/noSparseArray: it is one of the values
  ['a list with holes', () => [1, , 3]],
  ['a list of nothing', () => [null]],
  ['a key that every object has', () => 'constructor'],
];

describe.each(Object.entries(right))('%s', (_, [call, given]) => {
  test('takes what is right', () => {
    const undo = call(...(given() as never[]));
    if (typeof undo === 'function') undo();
  });

  test('gives a result or a typed error, and leaves no tensor', () => {
    const raw: string[] = [];
    for (const [what, make] of values) {
      for (const place of given().keys()) {
        tf.engine().startScope();
        const all = given().map((value, i) => (i === place ? make() : value));
        const before = tf.memory().numTensors;
        try {
          const result = call(...(all as never[]));
          if (typeof result === 'function') result();
        } catch (error) {
          const isTyped = RegularizerError.isInstance(error) || NativeError.isInstance(error);
          if (!isTyped) raw.push(`${what} at ${place}: ${String(error)}`);
          const left = tf.memory().numTensors - before;
          if (left > 0) raw.push(`${what} at ${place} leaves ${left} tensors`);
        } finally {
          tf.engine().endScope();
        }
      }
    }
    expect(raw).toEqual([]);
  });
});

test('what TensorFlow refuses is said in its words, and the op is named', () => {
  expect(() => executeOp('NoSuchOp', [], [])).toThrow(
    expect.objectContaining({code: 'op-failed', message: expect.stringContaining('NoSuchOp')}),
  );
});
