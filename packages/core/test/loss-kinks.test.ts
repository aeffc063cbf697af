// Gradients at the kinks of losses are those of Keras, in closed form: zero where an error is, shared where two are equal.
import {categoricalHinge, huber, type Loss, resolveLoss} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {expectClose} from './tolerance.ts';

function gradientOf(
  {perExample}: Loss,
  target: readonly number[],
  output: readonly number[],
): ArrayLike<number> {
  return tf.tidy(() => {
    const [t, y] = [
      tf.tensor2d([...target], [1, target.length]),
      tf.tensor2d([...output], [1, output.length]),
    ];
    return tf
      .grad((at) => tf.sum(perExample(t, at)))(y)
      .dataSync();
  });
}

test.each([
  ['meanAbsoluteError', 1],
  ['meanAbsolutePercentageError', 100],
] as const)('%s: the sign of the error, which zero has none of', (name, scale) => {
  // Of targets of size one percent and share are the same.
  const gradient = gradientOf(resolveLoss('test', name), [1, 1, -1, -1], [1, 3, -1, -2.5]);
  expectClose(gradient, [0, scale / 4, 0, -scale / 4], 'step');
});

test('a model that is right stays as it is under absolute errors', () => {
  const target = [0.5, 0, -2];
  const gradient = gradientOf(resolveLoss('test', 'meanAbsoluteError'), target, target);
  expect(Array.from(gradient, Math.abs)).toEqual([0, 0, 0]);
});

test('huber: the error up to δ, and ±δ from there on', () => {
  const delta = 0.5;
  const errors = [0, 0.25, 0.5, 2, -0.25, -0.5, -2];
  const expected = errors.map((error) => Math.max(-delta, Math.min(delta, error)) / errors.length);
  expectClose(
    gradientOf(
      huber({delta}),
      errors.map(() => 0),
      errors,
    ),
    expected,
    'step',
  );
});

test('the hinges: nothing from the margin on', () => {
  // Each at its margin, within it, and beyond it.
  const [target, output] = [
    [1, 1, 1, 0, 0, 0],
    [1, 0, 2, -1, 0.5, -2],
  ];
  expectClose(gradientOf(resolveLoss('test', 'hinge'), target, output), [0, -1 / 6, 0, 0, 1 / 6, 0], 'step');
  expectClose(
    gradientOf(resolveLoss('test', 'squaredHinge'), target, output),
    [0, -1 / 3, 0, 0, 0.5, 0],
    'step',
  );
});

test('categorical hinge: equal scores share the gradient', () => {
  expectClose(gradientOf(categoricalHinge(), [1, 0, 0, 0], [1, 2, 2, -1]), [-1, 0.5, 0.5, 0], 'step');
  expectClose(gradientOf(categoricalHinge(), [1, 0, 0, 0], [1, 3, 2, -1]), [-1, 1, 0, 0], 'step');
});
