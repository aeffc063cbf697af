// The optimizers' fused programs against the ops that they stand for.
import {adam, momentum, type Optimizer, type StateTree, sgd, type Tensors} from '@regularizers/core';
import type {FusedRunner} from '@regularizers/core/execution';
import {watchWebGL} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {updateOnWebGL} from '../src/kernels/fused-update.ts';
import {waves} from './support/data.ts';
import {expectClose} from './tolerance.ts';

const optimizers: Readonly<Record<string, () => Optimizer>> = {
  sgd: () => sgd(),
  momentum: () => momentum({momentum: 0.8}),
  nesterov: () => momentum({momentum: 0.8, nesterov: true}),
  adam: () => adam({beta1: 0.8, beta2: 0.99, epsilon: 1e-3}),
};

/** Odd sizes leave texels half empty; tensors of rank 5 have no program. */
const shapes = [[], [1], [6], [7], [3, 5], [4, 1], [1, 3, 3], [2, 3, 5], [3, 3, 2, 5], [2, 1, 2, 3, 3]];

/** The weights and every slot after three steps. */
function run(optimizer: Optimizer, rateOf: (step: number) => tf.Scalar, fused?: FusedRunner): tf.Tensor[] {
  let weights: Tensors = Object.fromEntries(shapes.map((shape, i) => [`w${i}`, waves(shape, 1 + i)]));
  let state: StateTree = optimizer.init(weights);
  for (let step = 1; step <= 3; step++) {
    const gradients = Object.fromEntries(shapes.map((shape, i) => [`w${i}`, waves(shape, 2 + i + step)]));
    ({weights, state} = update(optimizer, {weights, gradients, state, step, rate: rateOf(step), fused}));
  }
  return [...Object.values(weights), ...tensorsIn(state)];
}

interface Before {
  readonly weights: Tensors;
  readonly gradients: Tensors;
  readonly state: StateTree;
  readonly step: number;
  readonly rate: tf.Scalar;
  readonly fused?: FusedRunner | undefined;
}

function update(optimizer: Optimizer, {weights, gradients, state, step, rate, fused}: Before) {
  const scalars = Object.entries(optimizer.scalars?.(step) ?? {}).map(([name, n]) => [name, tf.scalar(n)]);
  return optimizer.update(weights, gradients, {
    state,
    learningRate: rate,
    scalars: Object.fromEntries(scalars),
    ...(fused && {fused}),
  });
}

function tensorsIn(state: StateTree): tf.Tensor[] {
  if (state instanceof tf.Tensor) return [state];
  return typeof state === 'object' && state !== null ? Object.values(state).flatMap(tensorsIn) : [];
}

const onHost = (step: number): tf.Scalar => tf.scalar(0.1 / step);
const onDevice = (step: number): tf.Scalar => tf.sum(tf.fill([2], 0.05 / step)) as tf.Scalar;

function expectSame(actual: readonly tf.Tensor[], expected: readonly tf.Tensor[]): void {
  expect(actual.map(({shape}) => shape)).toEqual(expected.map(({shape}) => shape));
  for (const [i, tensor] of actual.entries()) expectClose(tensor.dataSync(), expected[i]!.dataSync(), 'same');
}

test.each(Object.entries(optimizers))('%s comes to the same as its ops', (_, make) => {
  tf.tidy(() => {
    const composed = run(make(), onHost, (_update, compose) => compose());
    expectSame(run(make(), onHost), composed);
    expectSame(run(make(), onDevice), composed);
  });
});

const weights = {a: waves([3, 5]), b: waves([5])};
const rankFive = {c: waves([2, 1, 2, 3, 3])};

/** The kernels of one update, but for the correction of the rate. */
async function kernelsOf(tensors: Tensors, rate: tf.Scalar): Promise<readonly string[]> {
  const optimizer = adam();
  const state = optimizer.init(tensors);
  const before = {weights: tensors, gradients: tensors, state, step: 1, rate};
  const {kernels} = await tf.profile(() => {
    const after = update(optimizer, before);
    return [...Object.values(after.weights), ...tensorsIn(after.state)];
  });
  return kernels.map(({name}) => name).filter((name) => name !== 'Multiply');
}

test('one kernel updates a weight, wherever the rate is', async () => {
  const each = ['RegularizersUpdate', 'RegularizersUpdate'];
  expect(await kernelsOf(weights, onHost(1))).toEqual(each);
  expect(await kernelsOf(weights, onDevice(1))).toEqual(each);
  expect(await kernelsOf(rankFive, onHost(1))).not.toContain('RegularizersUpdate');
});

test('rates and hyperparameters are uniforms: one compilation for all, and three programs a step', () => {
  tf.tidy(() => {
    const w = tf.relu(waves([8, 6]));
    const step = (rate: number, beta1: number): void => {
      const optimizer = adam({beta1});
      const rates = tf.scalar(rate);
      update(optimizer, {weights: {w}, gradients: {w}, state: {m: {w}, v: {w}}, step: 1, rate: rates});
    };
    step(0.1, 0.9);
    const watch = watchWebGL();
    step(0.2, 0.8);
    step(0.3, 0.7);
    watch.stop();
    expect(watch.take()).toEqual({launches: 6, compiled: 0, uploads: [], readBacks: 0});
  });
});

test('WebGL 1 is left to the ops', () => {
  tf.env().set('WEBGL_VERSION', 1);
  try {
    const [weight, rate] = [weights.a, tf.scalar(1)];
    expect(
      updateOnWebGL({kind: 'sgd', slots: [weight], gradient: weight, rate, constants: {}}),
    ).toBeUndefined();
  } finally {
    tf.env().set('WEBGL_VERSION', 2);
  }
});

test('past the edge of an odd tensor there is 0, also where that is 0/0', () => {
  tf.tidy(() => {
    const w = tf.ones([3, 2]);
    const optimizer = adam({epsilon: 0});
    const {weights} = update(optimizer, {
      weights: {w},
      gradients: {w},
      state: optimizer.init({w}),
      step: 1,
      rate: tf.scalar(0.25),
    });
    // The first step of Adam is the rate itself, whatever the gradient: 1 − 0.25, three times in each sum.
    expectClose(tf.matMul(tf.ones([1, 3]), weights['w'] as tf.Tensor2D).dataSync(), [2.25, 2.25], 'step');
  });
});
