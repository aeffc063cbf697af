// Products of matrices whose texels hold garbage past the edge, against float64.
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, expect, test} from 'vitest';
import {mendWebGLEdges} from '../src/kernels/webgl-edges.ts';
import {wave} from './support/data.ts';
import {expectClose} from './tolerance.ts';

beforeAll(() => mendWebGLEdges());

/** Each leaves other numbers than 0 past the edge. How exact it is itself is no matter here. */
const makers: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  sigmoid: (x) => tf.sigmoid(x),
  cos: (x) => tf.cos(x),
  exp: (x) => tf.exp(x),
  sub: (x) => tf.sub(x, 3),
};

test('the smallest case', () => {
  tf.tidy(() => {
    const product = tf.matMul(tf.sigmoid(tf.zeros([1, 3])), tf.sigmoid(tf.zeros([3, 1])));
    expect([...product.dataSync()]).toEqual([0.75]);
  });
});

const flags = [false, true];
const cases = Object.keys(makers).flatMap((maker) =>
  [[], [2], [2, 3]].flatMap((stack) =>
    flags.flatMap((a) => flags.map((b) => [maker, stack, a, b] as [string, number[], boolean, boolean])),
  ),
);

test.each(cases)('%s, stack %j, transposed: %s, %s', (maker, stack, transposeA, transposeB) => {
  const make = makers[maker]!;
  const size = stack.reduce((product, n) => product * n, 1);
  for (let inner = 1; inner <= 5; inner++) {
    for (const [rows, columns] of [
      [1, 1],
      [2, 3],
      [3, 2],
    ] as const) {
      const [left, right] = tf.tidy(() => [
        make(
          tf.tensor(wave(size * rows * inner), [...stack, ...(transposeA ? [inner, rows] : [rows, inner])]),
        ),
        make(
          tf.tensor(wave(size * inner * columns, 1.7), [
            ...stack,
            ...(transposeB ? [columns, inner] : [inner, columns]),
          ]),
        ),
      ]) as [tf.Tensor, tf.Tensor];
      const product = tf.matMul(left, right, transposeA, transposeB);
      const [a, b] = [left.dataSync(), right.dataSync()];
      const expected: number[] = [];
      for (let s = 0; s < size; s++) {
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < columns; j++) {
            let sum = 0;
            for (let k = 0; k < inner; k++) {
              const x = a[s * rows * inner + (transposeA ? k * rows + i : i * inner + k)]!;
              const y = b[s * inner * columns + (transposeB ? j * inner + k : k * columns + j)]!;
              sum += x * y;
            }
            expected.push(sum);
          }
        }
      }
      expectClose([...product.dataSync()], expected, 'step');
      tf.dispose([left, right, product]);
    }
  }
});

test('a gradient of logSoftmax takes in nothing from past the edge, whatever the batch', () => {
  for (const batch of [1, 2, 3, 5]) {
    const [x, w, b] = [
      tf.tensor2d(wave(batch * 4), [batch, 4]),
      tf.tensor2d(wave(12, 1.3), [4, 3]),
      tf.tensor1d([0.9, -0.3, -0.6]),
    ];
    const gradient = tf.grad((weight) =>
      tf.neg(tf.mean(tf.logSoftmax(tf.add(tf.matMul(x, weight as tf.Tensor2D), b)))),
    )(w);
    const [data, weights] = [wave(batch * 4), wave(12, 1.3)];
    const expected = new Array<number>(12).fill(0);
    for (let i = 0; i < batch; i++) {
      const z = [0.9, -0.3, -0.6].map(
        (bias, j) => bias + [0, 1, 2, 3].reduce((sum, k) => sum + data[i * 4 + k]! * weights[k * 3 + j]!, 0),
      );
      const total = z.reduce((sum, value) => sum + Math.exp(value), 0);
      for (let k = 0; k < 4; k++) {
        for (let j = 0; j < 3; j++) {
          expected[k * 3 + j]! += (data[i * 4 + k]! * ((3 * Math.exp(z[j]!)) / total - 1)) / (3 * batch);
        }
      }
    }
    expectClose([...gradient.dataSync()], expected, 'step');
    tf.dispose([x, w, b, gradient]);
  }
});
