// The wasm backend: what it trains faster than tfjs alone, and what it refuses to train.
import {adam, type WeightInfo} from '@regularizers/core';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {readyBackend} from '../src/kernels/ready-backend.ts';
import {mlp, withKnownWeights} from './support/models.ts';
import {classData, trainerOf} from './support/trainers.ts';

let usual = '';

beforeAll(async () => {
  usual = tf.getBackend();
  await tf.setBackend('wasm');
  expect(tf.getBackend()).toBe('wasm');
});

afterAll(async () => {
  await tf.setBackend(usual);
});

/** Small whole numbers of both signs, whose products and sums float32 holds exactly. */
const whole = (shape: number[]): tf.Tensor => {
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.tensor(
    Array.from({length: size}, (_, i) => ((i * 7) % 11) - 5),
    shape,
  );
};

/** The product of two stacks of matrices, in plain JavaScript. */
function product(a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean): number[] {
  const [x, y] = [a.arraySync(), b.arraySync()] as [number[][][], number[][][]];
  const at = (m: number[][], isTransposed: boolean, i: number, j: number): number =>
    isTransposed ? m[j]![i]! : m[i]![j]!;
  const [rows, inner] = [a.shape[transposeA ? 2 : 1]!, a.shape[transposeA ? 1 : 2]!];
  const columns = b.shape[transposeB ? 1 : 2]!;
  return x.flatMap((m, batch) =>
    Array.from({length: rows * columns}, (_, n) => {
      const [i, j] = [Math.floor(n / columns), n % columns];
      const terms = Array.from(
        {length: inner},
        (_, k) => at(m, transposeA, i, k) * at(y[batch]!, transposeB, k, j),
      );
      return terms.reduce((sum, term) => sum + term, 0);
    }),
  );
}

describe('products', () => {
  test.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('with transposeA %s and transposeB %s are exact, and leave nothing behind', (transposeA, transposeB) => {
    readyBackend([]);
    const a = whole(transposeA ? [3, 4, 5] : [3, 5, 4]);
    const b = whole(transposeB ? [3, 6, 4] : [3, 4, 6]);
    const before = tf.memory();
    const result = tf.matMul(a, b, transposeA, transposeB);
    expect(result.shape).toEqual([3, 5, 6]);
    expect(Array.from(result.dataSync())).toEqual(product(a, b, transposeA, transposeB));
    result.dispose();
    const {numTensors, numDataBuffers} = tf.memory();
    expect({numTensors, numDataBuffers}).toEqual({
      numTensors: before.numTensors,
      numDataBuffers: before.numDataBuffers,
    });
  });

  test('with a bias and an activation are exact', () => {
    readyBackend([]);
    tf.tidy(() => {
      const [a, b] = [whole([4, 5]) as tf.Tensor2D, whole([6, 4]) as tf.Tensor2D];
      const bias = whole([6]);
      const options = {a, b, bias, activation: 'relu', transposeA: true, transposeB: true} as const;
      const plain = product(tf.expandDims(a), tf.expandDims(b), true, true);
      const expected = plain.map((value, i) => Math.max(0, value + bias.dataSync()[i % 6]!));
      expect(Array.from(tf.fused.matMul(options).dataSync())).toEqual(expected);
    });
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
      readyBackend([]);
      readyBackend([]);
      const wrapped = tf.getKernel('BatchMatMul', 'wasm');
      expect(wrapped.kernelFunc).not.toBe(watched.kernelFunc);
      readyBackend([]);
      expect(tf.getKernel('BatchMatMul', 'wasm')).toBe(wrapped);
      tf.dispose(tf.matMul(whole([4, 5]), whole([6, 4]), true, true));
      expect(seen).toEqual([[false, false]]);
    } finally {
      replaceKernel(stock);
    }
  });
});

function replaceKernel(config: tf.KernelConfig): void {
  tf.unregisterKernel('BatchMatMul', 'wasm');
  tf.registerKernel(config);
}

test('a dense model trains as it does natively', async () => {
  const train = async (): Promise<number[]> => {
    const model = withKnownWeights(mlp());
    const trainer = trainerOf([], {model, optimizer: adam(), execution: 'eager'});
    const {history} = await trainer.fit(classData(), {epochs: 3, batchSize: 4});
    trainer.dispose();
    return history.map(({train: {loss}}) => loss);
  };
  readyBackend([]);
  const onWasm = await train();
  await tf.setBackend(usual);
  const natively = await train();
  await tf.setBackend('wasm');
  expect(onWasm).toHaveLength(3);
  // Float32 sums in two orders.
  for (const [i, loss] of onWasm.entries()) expect(Math.abs(loss - natively[i]!)).toBeLessThan(1e-5);
});

test('convolutions and embeddings are refused by name', () => {
  const weight = (layer: string, layerClass: string): WeightInfo => ({
    name: `${layer}/kernel`,
    shortName: 'kernel',
    shape: [1],
    role: 'trained',
    layer,
    layerClass,
    owner: undefined,
  });
  const model = [weight('conv1', 'Conv2D'), weight('words', 'Embedding'), weight('dense', 'Dense')];
  expect(() => readyBackend(model)).toThrow(
    'the backend wasm cannot train conv1 (Conv2D), words (Embedding): it lacks Conv2DBackpropFilter, UnsortedSegmentSum',
  );
});
