import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import fc from 'fast-check';

/** An object that is part of itself, as a GraphModel is. */
function circular(): object {
  const self: Record<string, unknown> = {name: 'circular', predict: () => self};
  self['self'] = self;
  self['list'] = [self, {self}];
  return self;
}

/** An object that cannot be looked at. */
function hostile(): object {
  const refuse = (): never => {
    throw new TypeError('not for you');
  };
  return new Proxy(
    {},
    {get: refuse, has: refuse, ownKeys: refuse, getPrototypeOf: refuse, getOwnPropertyDescriptor: refuse},
  );
}

function disposed(): tf.Tensor {
  const tensor = tf.zeros([10, 4]);
  tensor.dispose();
  return tensor;
}

function disposedModel(): object {
  const model = sequential({layers: [layers.dense({units: 3, inputShape: [4]})]});
  model.dispose();
  return model;
}

const special: Readonly<Record<string, () => unknown>> = {
  null: () => null,
  BigInt: () => 7n,
  Symbol: () => Symbol('garbage'),
  NaN: () => Number.NaN,
  text: () => 'adam',
  function: () => () => circular(),
  class: () => class Garbage {},
  circular,
  hostile,
  'a list of hostile': () => [hostile()],
  'an object of hostile': () => ({x: hostile(), y: hostile(), name: hostile()}),
  'a revoked proxy': () => {
    const {proxy, revoke} = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  'a deep list': () => Array.from({length: 2000}).reduce<unknown>((inner) => [inner], 1),
  'typed array': () => new Float32Array(100_000),
  'a disposed tensor': disposed,
  'a list with a disposed tensor': () => [disposed()],
  'a tensor of strings': () => tf.tensor(Array(10).fill('a'), [10], 'string'),
  // wasm has no complex numbers.
  'a complex tensor': () =>
    tf.getKernel('Complex', tf.getBackend()) ? tf.complex(tf.zeros([10, 4]), tf.zeros([10, 4])) : 'none',
  'a scalar': () => tf.scalar(1),
  'a tensor of another shape': () => tf.zeros([2, 3, 4]),
  'no examples': () => tf.zeros([0, 4]),
  'a tensor by an unknown name': () => ({other: tf.zeros([10, 4])}),
  'an AbortController': () => new AbortController(),
  'an unbuilt model': () => sequential(),
  'a model': () => sequential({layers: [layers.dense({units: 3, inputShape: [4]})]}),
  'a disposed model': disposedModel,
  'nothing at all': () => Object.create(null),
  Map: () => new Map([[{}, circular()]]),
  Promise: () => Promise.resolve(circular()),
};

/** Makes any value there is; called anew for each use, since some of them are used up. */
export const garbage: fc.Arbitrary<() => unknown> = fc.oneof(
  fc.constantFrom(...Object.keys(special)).map((name) => {
    const make = special[name]!;
    return Object.assign(() => make(), {toString: () => name});
  }),
  fc
    .anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
    })
    // A number that fits would be one of epochs, and train for a year.
    .filter((value) => typeof value !== 'number' || !(value > 2))
    .map((value) => () => value),
);

/** Every special value by name, for tests that want each of them. */
export const specialValues: readonly (readonly [string, () => unknown])[] = Object.entries(special);
