// Products of matrices whose texels hold garbage past the edge, against float64.
import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, expect, test} from 'vitest';
import {mendWebGLProducts} from '../src/kernels/webgl-products.ts';
import {wave} from './support/data.ts';
import {expectClose} from './tolerance.ts';

beforeAll(() => mendWebGLProducts());

/** Each leaves other numbers than 0 past the edge. */
const makers: Record<string, [(x: tf.Tensor) => tf.Tensor, (x: number) => number]> = {
  sigmoid: [tf.sigmoid, (x) => 1 / (1 + Math.exp(-x))],
  cos: [tf.cos, Math.cos],
  exp: [tf.exp, Math.exp],
  sub: [(x) => tf.sub(x, 3), (x) => x - 3],
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
  const [make, reference] = makers[maker]!;
  const size = stack.reduce((product, n) => product * n, 1);
  for (let inner = 1; inner <= 5; inner++) {
    for (const [rows, columns] of [
      [1, 1],
      [2, 3],
      [3, 2],
    ] as const) {
      const [a, b] = [wave(size * rows * inner), wave(size * inner * columns, 1.7)];
      const expected: number[] = [];
      for (let s = 0; s < size; s++) {
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < columns; j++) {
            let sum = 0;
            for (let k = 0; k < inner; k++) {
              const x = a[s * rows * inner + (transposeA ? k * rows + i : i * inner + k)]!;
              const y = b[s * inner * columns + (transposeB ? j * inner + k : k * columns + j)]!;
              sum += reference(x) * reference(y);
            }
            expected.push(sum);
          }
        }
      }
      tf.tidy(() => {
        const left = tf.tensor(a, [...stack, ...(transposeA ? [inner, rows] : [rows, inner])]);
        const right = tf.tensor(b, [...stack, ...(transposeB ? [columns, inner] : [inner, columns])]);
        const product = tf.matMul(make(left), make(right), transposeA, transposeB);
        expectClose([...product.dataSync()], expected, 'step');
      });
    }
  }
});
