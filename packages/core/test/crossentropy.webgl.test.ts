// The fused crossentropy against its formulas in float64.
import {watchWebGL} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {crossentropyGradientsOnWebGL, crossentropyOnWebGL} from '../src/kernels/crossentropy.ts';
import {wave} from './support/data.ts';
import {expectClose} from './tolerance.ts';

const epsilon = 1e-3;

interface Reference {
  readonly values: number[];
  readonly ofTarget: number[];
  readonly ofOutput: number[];
}

/** −Σ t·log q, q = p/Σp clipped; −dy·log q; and dy·(g − Σ g·q)/Σp with g = −t/q where nothing is clipped. */
function reference(t: number[], p: number[], dy: number[], classes: number): Reference {
  const result: Reference = {values: [], ofTarget: [], ofOutput: []};
  for (const [row, upstream] of dy.entries()) {
    const [labels, outputs] = [t, p].map((list) => list.slice(row * classes, (row + 1) * classes));
    const total = outputs!.reduce((sum, x) => sum + x, 0);
    const q = outputs!.map((x) => x / total);
    const clipped = q.map((x) => Math.min(Math.max(x, epsilon), 1 - epsilon));
    const g = labels!.map((label, j) => (q[j] === clipped[j] ? -label / q[j]! : 0));
    const along = g.reduce((sum, x, j) => sum + x * q[j]!, 0);
    result.values.push(labels!.reduce((sum, label, j) => sum - label * Math.log(clipped[j]!), 0));
    result.ofTarget.push(...clipped.map((x) => -upstream * Math.log(x)));
    result.ofOutput.push(...g.map((x) => (upstream * (x - along)) / total));
  }
  return result;
}

/** Outputs of no particular sum; in every second row, one is 0 and one is almost all there is. */
function outputs(rows: number, classes: number): number[] {
  return wave(rows * classes).map((x, i) => {
    const isExtreme = Math.floor(i / classes) % 2 === 1 && classes > 1;
    if (isExtreme && i % classes === 0) return 0;
    return isExtreme && i % classes === 1 ? 5000 : 1.2 + x;
  });
}

const labels = (size: number): number[] => wave(size, 2.9).map((x) => 0.5 + 0.5 * x);

const shapes = [[3], [1, 3], [5, 3], [5, 1], [2, 4, 3], [7, 10], [3, 200]];

test.each(shapes.map((shape) => [shape]))('%j: value and gradients', (shape) => {
  tf.tidy(() => {
    const classes = shape.at(-1)!;
    const rows = shape.slice(0, -1).reduce((product, n) => product * n, 1);
    const [t, p] = [labels(rows * classes), outputs(rows, classes)];
    const dy = wave(rows, 0.7);
    const expected = reference(t, p, dy, classes);
    const make = (values: number[], of: number[]): tf.Tensor => tf.tensor(values, of);
    const onHost = [make(dy, shape.slice(0, -1)), make(t, shape), make(p, shape)] as const;
    // Out of an operation they are on the device, in packed textures.
    const onDevice = onHost.map((x) => tf.mul(x, tf.onesLike(x))) as [tf.Tensor, tf.Tensor, tf.Tensor];
    for (const [upstream, target, output] of [onHost, onDevice]) {
      const value = crossentropyOnWebGL(target, output, epsilon)!;
      expect(value.shape).toEqual(shape.slice(0, -1));
      expectClose(value.dataSync(), expected.values, 'step');
      const [ofTarget, ofOutput] = crossentropyGradientsOnWebGL(upstream, target, output, epsilon)!;
      expect([ofTarget.shape, ofOutput.shape]).toEqual([shape, shape]);
      expectClose(ofTarget.dataSync(), expected.ofTarget, 'step');
      expectClose(ofOutput.dataSync(), expected.ofOutput, 'step');
    }
  });
});

test('one program makes the value, three the gradients, and none of them depends on ε or the number of classes', () => {
  const filled = (classes: number) => [tf.fill([8, classes], 0.25), tf.fill([8, classes], 2)] as const;
  const run = ([target, output]: ReturnType<typeof filled>, clip: number): void => {
    tf.tidy(() => {
      const value = crossentropyOnWebGL(target, output, clip)!;
      crossentropyGradientsOnWebGL(value, target, output, clip);
    });
  };
  run(filled(5), 1e-3);
  const others = filled(7);
  const before = tf.memory();
  const watch = watchWebGL();
  run(others, 1e-4);
  watch.stop();
  expect(watch.take()).toEqual({launches: 4, compiled: 0, uploads: [], readBacks: 0});
  expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
});

test('what it does not cover is left to the ops: other shapes and types, long rows, gradients of gradients', () => {
  tf.tidy(() => {
    const p = tf.softmax(tf.ones([2, 3]));
    expect(crossentropyOnWebGL(tf.ones([1, 3]), p, epsilon)).toBeUndefined();
    expect(crossentropyOnWebGL(tf.ones([2, 3], 'int32'), p, epsilon)).toBeUndefined();
    expect(crossentropyOnWebGL(tf.ones([1, 1025]), tf.ones([1, 1025]), epsilon)).toBeUndefined();
    let inner: unknown = 'not called';
    tf.grad((x: tf.Tensor) => {
      inner = crossentropyGradientsOnWebGL(tf.ones([2]), tf.ones([2, 3]), x, epsilon);
      return tf.sum(x);
    })(p);
    expect(inner).toBeUndefined();
  });
});
