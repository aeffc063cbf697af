import type {FusedRunner} from '@regularizers/core/execution';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {nativeBackend} from '../src/backend.ts';
import {blendsOf} from '../src/capture/blends.ts';
import {idOf, record} from '../src/capture/recorder.ts';

/** Which of the leaves that a function makes of old ones are blends. */
function blended(
  step: (old: tf.Tensor, weight: tf.Tensor, fused: FusedRunner) => readonly tf.Tensor[],
): number[] {
  return tf.tidy(() => {
    const backend = nativeBackend();
    const [old, weight] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 5])];
    const ids = [old, weight].map((tensor) => idOf(backend, tensor));
    const {result, recording} = record(backend, new Set(ids), (fused) =>
      step(old, weight, fused).map((tensor) => idOf(backend, tensor)),
    );
    return [...blendsOf(recording, [ids[0]!, ids[0]!], result).keys()];
  });
}

const blend = (old: tf.Tensor, weight: tf.Tensor) => tf.add(old, tf.mul(tf.sub(weight, old), tf.scalar(0.1)));

test('a leaf that moves toward a value is a blend', () => {
  expect(blended((old, weight) => [blend(old, weight)])).toEqual([0]);
});

test('one that is used otherwise, too, is none', () => {
  expect(
    blended((old, weight) => {
      const next = blend(old, weight);
      return [next, tf.square(next)];
    }),
  ).toEqual([]);
  expect(
    blended((old, weight) => {
      const next = blend(old, weight);
      return [next, next];
    }),
  ).toEqual([]);
});

test('one that an optimizer has moved is none, as it may have done so in place', () => {
  expect(
    blended((old, weight, fused) => {
      const rate = tf.scalar(0.5);
      const compose = () => [tf.sub(old, tf.mul(weight, rate))];
      const update = {kind: 'sgd', slots: [old], gradient: weight, rate, constants: {}} as const;
      return [blend(old, fused(update, compose)[0]!)];
    }),
  ).toEqual([]);
});

test('one that moves at a rate per element, or from elsewhere, is none', () => {
  const rates = tf.tensor1d([0.1, 0.2]);
  expect(blended((old, weight) => [tf.add(old, tf.mul(tf.sub(weight, old), rates))])).toEqual([]);
  expect(blended((old, weight) => [tf.add(weight, tf.mul(tf.sub(weight, old), tf.scalar(0.1)))])).toEqual([]);
  rates.dispose();
});
