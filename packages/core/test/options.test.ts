// Every function of core that takes an object of options, with what no one should call it with.
import {
  adam,
  binaryCrossentropy,
  categoricalCrossentropy,
  cosineDecay,
  describeValue,
  exponentialDecay,
  meanAbsoluteError,
  meanSquaredError,
  momentum,
  RegularizerError,
  sgd,
  sparseCategoricalCrossentropy,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';

const functions: Readonly<Record<string, readonly [(options: never) => unknown, object]>> = {
  adam: [adam, {learningRate: 0.1, beta1: 0.8, beta2: 0.9, epsilon: 0}],
  sgd: [sgd, {learningRate: 0.1}],
  meanSquaredError: [meanSquaredError, {}],
  meanAbsoluteError: [meanAbsoluteError, {}],
  momentum: [momentum, {learningRate: () => 0.1, momentum: 0, nesterov: true}],
  cosineDecay: [cosineDecay, {from: 0.1, to: 0, warmupSteps: 3}],
  exponentialDecay: [exponentialDecay, {from: 0.1, factor: 1}],
  binaryCrossentropy: [binaryCrossentropy, {fromLogits: true}],
  categoricalCrossentropy: [categoricalCrossentropy, {fromLogits: false}],
  sparseCategoricalCrossentropy: [sparseCategoricalCrossentropy, {fromLogits: true}],
};

const garbage = fc.oneof(
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSparseArray: true,
    withNullPrototype: true,
  }),
  fc.constantFrom<unknown[]>(Symbol('x'), Number.NaN, null, 'no', [], {}),
);

/** Objects that are no object literal: none of them holds options, though some have no key that is not known. */
const instances: readonly object[] = [
  new Date(0),
  Math,
  JSON,
  Reflect,
  Atomics,
  Intl,
  globalThis,
  new Map(),
  new (class Settings {})(),
  // An instance of a class that extends null.
  Object.create(Object.create(null, {size: {value: 1}})),
];

describe.each(Object.entries(functions))('%s', (_, [make, valid]) => {
  const call = (options: unknown): unknown => make(options as never);

  test('takes what it documents', () => {
    expect(call(valid)).toBeTruthy();
  });

  test('refuses what is no object of options', () => {
    for (const options of [0.05, 'fast', null, [0.05], true, () => 0.05, 10n, Symbol('x'), ...instances]) {
      expect(() => call(options)).toThrow(RegularizerError);
    }
  });

  test('refuses null, words and lists for each option, and options that it does not know', () => {
    for (const key of Object.keys(valid)) {
      for (const value of [null, 'no', [], {}, [0.1], Number.NaN]) {
        expect(() => call({...valid, [key]: value})).toThrow(RegularizerError);
      }
    }
    expect(() => call({...valid, learningrate: 0.1})).toThrow(/unknown option learningrate/);
  });

  test('refuses what throws when it is looked at', () => {
    const {proxy, revoke} = Proxy.revocable({}, {});
    revoke();
    const throwing = Object.defineProperty({}, Object.keys(valid)[0] ?? 'any', {
      enumerable: true,
      get: () => {
        throw new TypeError('no');
      },
    });
    for (const options of [proxy, throwing]) expect(() => call(options)).toThrow(RegularizerError);
  });

  test('throws nothing but typed errors', () => {
    const keys = fc.constantFrom(...Object.keys(valid), 'other');
    fc.assert(
      fc.property(fc.oneof(garbage, fc.dictionary(keys, garbage)), (options) => {
        try {
          call(options);
        } catch (error) {
          if (!RegularizerError.isInstance(error)) throw error;
        }
      }),
      {numRuns: 200, seed: 16},
    );
  });
});

describe('describeValue', () => {
  test('shows anything, shortly', () => {
    fc.assert(
      fc.property(garbage, (value) => {
        expect(describeValue(value).length).toBeLessThanOrEqual(200);
      }),
      {seed: 17},
    );
    const circular: unknown[] = [];
    circular.push(circular);
    expect(describeValue(circular)).toBe('[[[[…]]]]');
    const hostile = new Proxy(
      {},
      {
        getPrototypeOf: () => {
          throw new TypeError('no');
        },
        has: () => {
          throw new TypeError('no');
        },
      },
    );
    expect(describeValue(hostile)).toBe('an object');
    const tensor = tf.zeros([2, 3]);
    tensor.dispose();
    expect(describeValue(tensor)).toBe('a tensor [2, 3]');
    expect(describeValue({a: 10n, b: [Symbol('c'), new Map()]})).toBe('{"a":10n,"b":[Symbol(c), a Map]}');
    expect(describeValue(new Float32Array(2))).toBe('Float32Array(8 bytes)');
    expect(describeValue(adam)).toBe('the function adam');
  });
});
