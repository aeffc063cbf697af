import {normal} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {nativeBackend} from '../src/backend.ts';
import {CapturedFunctions} from '../src/capture/captured-functions.ts';
import {idOf, record} from '../src/capture/recorder.ts';
import {simplify} from '../src/capture/simplify/simplify.ts';

const shape: [number, number] = [130, 128];

test("many normal numbers of a captured graph are TensorFlow's, to a rounding", () => {
  const key = tf.tensor1d([5, 7], 'int32');
  const theirs = normal(shape, key);
  const functions = new CapturedFunctions(nativeBackend());
  // A member is nothing but the owner of what it captures here.
  const member = {} as Parameters<typeof functions.compute>[0];
  const ours = functions.compute(member, (tree: {key: tf.Tensor1D}) => normal(shape, tree.key), {key});
  functions.release(member);
  const difference = tf.max(tf.abs(tf.sub(ours, theirs))).dataSync()[0]!;
  // |z| < 5.7, at angles up to 2π that are rounded at 5e-7.
  expect(difference).toBeLessThan(4e-6);
  expect(difference).toBeGreaterThan(0); // it is not the same op
  tf.dispose([key, theirs, ours]);
});

test.each([
  [[130, 128], true],
  [[12, 12], false],
  [[127, 131], false],
])('of the shape %j are computed by several ops: %j', (size, isByOps) => {
  tf.tidy(() => {
    const backend = nativeBackend();
    const {recording} = record(backend, new Set(), () =>
      idOf(backend, normal(size as [number, number], [1, 2])),
    );
    const names = simplify(recording).ops.map(({name}) => name);
    expect(names.includes('StatelessRandomNormal')).toBe(!isByOps);
  });
});
