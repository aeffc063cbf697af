// The kernels that take the place of tfjs's on wasm, against tfjs's plain JavaScript: any ranks, shapes and storage.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import {beforeAll, describe, expect, test} from 'vitest';
import {mendWasm} from '../src/kernels/wasm/index.ts';
import {expectClose} from './tolerance.ts';

beforeAll(() => mendWasm());

interface Result {
  readonly shape: readonly number[];
  readonly dtype: tf.DataType;
  readonly values: number[];
}

/** What `make` gives on a backend. Both keep their numbers in the host's memory, so that nothing waits. */
function on(backend: 'wasm' | 'cpu', make: () => readonly tf.Tensor[]): Result[] {
  void tf.setBackend(backend); // at once, since both have been started
  expect(tf.getBackend()).toBe(backend);
  try {
    const before = tf.engine().backend.numDataIds();
    const results = tf.tidy(() =>
      make().map((tensor) => ({
        shape: tensor.shape,
        dtype: tensor.dtype,
        values: Array.from(tensor.dataSync()),
      })),
    );
    expect(tf.engine().backend.numDataIds()).toBe(before);
    return results;
  } finally {
    void tf.setBackend('wasm');
  }
}

/** The same on both, and nothing left in the backend's memory. */
function expectSameAsOnCpu(make: () => readonly tf.Tensor[]): void {
  const results = on('wasm', make);
  for (const [i, expected] of on('cpu', make).entries()) {
    const {shape, dtype, values} = results[i]!;
    expect([shape, dtype]).toEqual([expected.shape, expected.dtype]);
    expectClose(values, expected.values, 'step');
  }
}

/** Small numbers of both signs, stored in another shape where `isReshaped`. */
interface Stored {
  readonly shape: readonly number[];
  readonly isReshaped: boolean;
}

function tensorOf({shape, isReshaped}: Stored, dtype: 'float32' | 'int32' = 'float32'): tf.Tensor {
  const size = tf.util.sizeFromShape([...shape]);
  const values = Array.from({length: size}, (_, i) => ((i * 7 + shape.length) % 11) - 5);
  return isReshaped
    ? tf.reshape(tf.tensor(values, [1, size, 1], dtype), [...shape])
    : tf.tensor(values, [...shape], dtype);
}

const side = fc.integer({min: 0, max: 5});
const stored = (shape: fc.Arbitrary<number[]>): fc.Arbitrary<Stored> =>
  fc.record({shape, isReshaped: fc.boolean()});

/** A shape that broadcasts to another one: its last axes, some of them of size 1. */
const broadcastTo = (shape: readonly number[]): fc.Arbitrary<number[]> =>
  fc
    .tuple(fc.integer({min: 0, max: shape.length}), fc.array(fc.boolean(), {minLength: 5, maxLength: 5}))
    .map(([from, ones]) => shape.slice(from).map((size, axis) => (ones[axis] ? 1 : size)));

const activations = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const;

/** Two stacks of matrices, and what may be fused to their product. */
const products = fc
  .record({
    stack: fc.array(fc.integer({min: 1, max: 3}), {maxLength: 2}),
    alone: fc.constantFrom('a', 'b', 'neither'),
    sides: fc.tuple(side, side, side),
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
    isReshaped: fc.boolean(),
    activation: fc.constantFrom(...activations),
  })
  .chain((given) => {
    const [rows, inner, columns] = given.sides;
    const ofA = given.transposeA ? [inner, rows] : [rows, inner];
    const ofB = given.transposeB ? [columns, inner] : [inner, columns];
    // What is fused sees three axes at most: a stack of stacks is one stack to it.
    const seen = given.stack.length > 1 ? [columns] : [...given.stack, rows, columns];
    return fc.record({
      a: fc.constant({shape: [...(given.alone === 'b' ? [] : given.stack), ...ofA], ...given}),
      b: fc.constant({shape: [...(given.alone === 'a' ? [] : given.stack), ...ofB], ...given}),
      bias: fc.option(stored(broadcastTo(seen))),
      alpha: stored(broadcastTo(seen)),
      given: fc.constant(given),
    });
  });

describe('products', () => {
  test('of any two stacks of matrices', () => {
    fc.assert(
      fc.property(products, fc.constantFrom('float32', 'int32'), ({a, b, given}, dtype) => {
        expectSameAsOnCpu(() => [
          tf.matMul(
            tensorOf(a, dtype as 'int32'),
            tensorOf(b, dtype as 'int32'),
            given.transposeA,
            given.transposeB,
          ),
        ]);
      }),
      {seed: 15, numRuns: 300},
    );
  });

  test('with any bias and activation, and their gradients', () => {
    fc.assert(
      fc.property(products, ({a, b, bias, alpha, given}) => {
        const {activation, transposeA, transposeB} = given;
        const fused = (x: tf.Tensor, y: tf.Tensor, line?: tf.Tensor): tf.Tensor =>
          tf.fused.matMul({
            a: x,
            b: y,
            transposeA,
            transposeB,
            activation,
            ...(line && {bias: line}),
            ...(activation === 'leakyrelu' && {leakyreluAlpha: 0.3}),
            ...(activation === 'prelu' && {preluActivationWeights: tensorOf(alpha)}),
          });
        const inputs = (): tf.Tensor[] => [tensorOf(a), tensorOf(b), ...(bias ? [tensorOf(bias)] : [])];
        expectSameAsOnCpu(() => {
          const [x, y, line] = inputs();
          return [fused(x!, y!, line)];
        });
        // tfjs has no fused gradient of other activations, of nothing, and of a matrix that a whole stack shares.
        if (!['linear', 'relu', 'relu6'].includes(activation)) return;
        if (given.alone !== 'neither' || given.sides.includes(0)) return;
        const grads = tf.grads((...xs: tf.Tensor[]) => tf.sum(tf.square(fused(xs[0]!, xs[1]!, xs[2]))));
        expectSameAsOnCpu(() => grads(inputs()));
      }),
      {seed: 15, numRuns: 600},
    );
  });

  test('never reach tfjs with a transposed operand, however often it is made ready', () => {
    const stock = tf.getKernel('BatchMatMul', 'wasm');
    const seen: unknown[] = [];
    const watched: tf.KernelConfig = {
      ...stock,
      kernelFunc: (given) => {
        seen.push([given.attrs!['transposeA'], given.attrs!['transposeB']]);
        return stock.kernelFunc(given);
      },
    };
    replaceKernel(watched);
    try {
      mendWasm();
      mendWasm();
      const wrapped = tf.getKernel('BatchMatMul', 'wasm');
      expect(wrapped.kernelFunc).not.toBe(watched.kernelFunc);
      mendWasm();
      expect(tf.getKernel('BatchMatMul', 'wasm')).toBe(wrapped);
      tf.dispose(tf.matMul(tf.ones([4, 5]), tf.ones([6, 4]), true, true));
      expect(seen).toEqual([[false, false]]);
    } finally {
      replaceKernel(stock);
    }
  });
});

/** A value, and slopes that broadcast to it. */
const slopes = fc
  .array(fc.integer({min: 1, max: 4}), {minLength: 1, maxLength: 4})
  .chain((shape) => fc.record({x: stored(fc.constant(shape)), alpha: stored(broadcastTo(shape))}));

test('PReLU with any slopes, and its gradients', () => {
  fc.assert(
    fc.property(slopes, ({x, alpha}) => {
      expectSameAsOnCpu(() => [tf.prelu(tensorOf(x), tensorOf(alpha))]);
      const grads = tf.grads((value, slope) => tf.sum(tf.square(tf.prelu(value!, slope!))));
      expectSameAsOnCpu(() => grads([tensorOf(x), tensorOf(alpha)]));
    }),
    {seed: 15, numRuns: 300},
  );
});

test.each([false, true])('a convolution with a bias, reshaped: %s', (isReshaped) => {
  const pictures = tensorOf.bind(null, {shape: [2, 4, 5, 3], isReshaped: false});
  const bias = tensorOf.bind(null, {shape: [6], isReshaped});
  const shared = {strides: 1, pad: 'same', activation: 'relu'} as const;
  const filters = (shape: number[]): tf.Tensor4D => tensorOf({shape, isReshaped: false}) as tf.Tensor4D;
  expectSameAsOnCpu(() => [
    tf.fused.conv2d({...shared, x: pictures() as tf.Tensor4D, filter: filters([3, 3, 3, 6]), bias: bias()}),
  ]);
  expectSameAsOnCpu(() => [
    tf.fused.depthwiseConv2d({
      ...shared,
      x: pictures() as tf.Tensor4D,
      filter: filters([3, 3, 3, 2]),
      bias: bias(),
    }),
  ]);
});

test('numbers that are not finite stay so', () => {
  const odd = (): tf.Tensor =>
    tf.tensor([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 7, -7]);
  expectSameAsOnCpu(() => [tf.clipByValue(odd(), -1, 1), tf.relu6(odd()), tf.relu(odd())]);
  for (const activation of ['linear', 'relu', 'relu6', 'elu', 'sigmoid'] as const) {
    const fused = (): tf.Tensor =>
      tf.fused.matMul({a: tf.ones([2, 1]), b: tf.reshape(odd(), [1, 5]), bias: tf.zeros([5]), activation});
    expectSameAsOnCpu(() => [fused()]);
  }
});

function replaceKernel(config: tf.KernelConfig): void {
  tf.unregisterKernel('BatchMatMul', 'wasm');
  tf.registerKernel(config);
}

test('one-hot of each type, with any values, of numbers within and outside', () => {
  for (const dtype of ['float32', 'int32', 'bool'] as const) {
    for (const [onValue, offValue] of [
      [1, 0],
      [0, 1],
      ...(dtype === 'float32' ? [[0.75, -0.125]] : []),
    ] as const) {
      for (const shape of [[], [5], [2, 3], [0]]) {
        expectSameAsOnCpu(() => {
          const size = tf.util.sizeFromShape(shape);
          const numbers = Array.from({length: size}, (_, i) => i - 1);
          return [tf.oneHot(tf.tensor(numbers, shape, 'int32'), 3, onValue, offValue, dtype)];
        });
      }
    }
  }
});
