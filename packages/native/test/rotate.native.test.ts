import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {numbers, onBoth} from './on-cpu.ts';

const image = (channels: number) => tf.tensor4d(numbers(2 * 8 * 5 * channels), [2, 8, 5, channels]);

const angles = [0, 0.3, Math.PI / 2, 2.5, Math.PI, -0.7, 7];

test.each(angles)('by %f, as on cpu, bit by bit', async (radians) => {
  for (const channels of [1, 3, 4]) {
    const {cpu, native} = await onBoth(() => tf.image.rotateWithOffset(image(channels), radians, 0.5));
    expect(native.shape).toEqual([2, 8, 5, channels]);
    expect(await native.data()).toEqual(await cpu.data());
  }
});

test('with a colour outside, an opaque alpha, and a centre of its own', async () => {
  for (const center of [0, 1, [0.25, 0.9]] as (number | [number, number])[]) {
    const {cpu, native} = await onBoth(() => tf.image.rotateWithOffset(image(4), 0.8, [10, 20, 30], center));
    expect(await native.data()).toEqual(await cpu.data());
  }
});

test('nothing is left behind', () => {
  const input = image(3);
  const before = tf.memory().numTensors;
  tf.image.rotateWithOffset(input, 0.5, [1, 2, 3]).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
