// Optimizers over 20 steps against PyTorch, at one rate and while it falls along a cosine.
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  cosineDecay,
  momentum,
  type Optimizer,
  rmsprop,
  type StateTree,
  sgd,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {annealed, atOneRate} from './reference/torch.ts';
import {wave} from './support/data.ts';
import {expectClose} from './tolerance.ts';

// Where both add it elsewhere, it is too small to show.
const epsilon = 1e-12;

const ours: Readonly<Record<keyof typeof atOneRate, readonly [rate: number, make: () => Optimizer]>> = {
  sgd: [0.1, () => sgd()],
  momentum: [0.1, () => momentum({momentum: 0.8})],
  nesterov: [0.1, () => momentum({momentum: 0.8, nesterov: true})],
  adam: [0.05, () => adam({beta1: 0.8, beta2: 0.95, epsilon})],
  rmsprop: [0.02, () => rmsprop({epsilon})],
  'rmsprop with momentum': [0.02, () => rmsprop({rho: 0.8, momentum: 0.7, epsilon})],
  'centered rmsprop': [0.02, () => rmsprop({rho: 0.8, momentum: 0.7, centered: true, epsilon})],
  adagrad: [0.1, () => adagrad({initialAccumulator: 0.1, epsilon})],
  adadelta: [1, () => adadelta({rho: 0.9, epsilon: 1e-6})],
  adamax: [0.05, () => adamax({epsilon})],
};

/** Weights after every fifth step. */
function twentySteps(optimizer: Optimizer, rateAt: (step: number) => number): number[] {
  return tf.tidy(() => {
    let weights: Readonly<Record<string, tf.Tensor>> = {w: tf.tensor1d(wave(5))};
    let state: StateTree = optimizer.init(weights);
    const found: number[] = [];
    for (let step = 1; step <= 20; step++) {
      const scalars = Object.entries(optimizer.scalars?.(step) ?? {});
      const given = {
        state,
        learningRate: tf.scalar(rateAt(step)),
        scalars: Object.fromEntries(scalars.map(([key, value]) => [key, tf.scalar(value)])),
      };
      ({weights, state} = optimizer.update(weights, {w: tf.tensor1d(wave(5, 0.4 + step))}, given));
      if (step % 5 === 0) found.push(...weights['w']!.dataSync());
    }
    return found;
  });
}

test.each(Object.entries(ours))('%s: twenty steps of PyTorch', (name, [rate, make]) => {
  const theirs = atOneRate[name as keyof typeof atOneRate];
  expectClose(
    twentySteps(make(), () => rate),
    theirs.flat(),
    'trajectory',
  );
});

test.each(Object.entries(annealed))('%s: twenty steps of PyTorch with CosineAnnealingLR', (name, theirs) => {
  const [from, make] = ours[name as keyof typeof annealed];
  const schedule = cosineDecay({from});
  const run = {examples: 40, batchSize: 4, epochs: 2, stepsPerEpoch: 10};
  const rateAt = (step: number) =>
    schedule({step, epoch: Math.ceil(step / 10), stepInEpoch: ((step - 1) % 10) + 1, member: 0, run});
  expectClose(twentySteps(make(), rateAt), theirs.flat(), 'trajectory');
});

test('a velocity keeps the rates of its steps, as in Keras', () => {
  // v ← μv − ηg, w ← w + v, in float64: PyTorch gives the whole velocity the present rate.
  const rates = Array.from({length: 20}, (_, i) => 0.1 / (1 + i));
  const [w, v] = [wave(5), [0, 0, 0, 0, 0]];
  const expected: number[] = [];
  for (const [i, rate] of rates.entries()) {
    for (const [j, g] of wave(5, 1.4 + i).entries()) {
      v[j] = 0.8 * v[j]! - rate * g;
      w[j]! += v[j]!;
    }
    if (i % 5 === 4) expected.push(...w);
  }
  const found = twentySteps(momentum({momentum: 0.8}), (step) => rates[step - 1]!);
  expectClose(found, expected, 'trajectory');
  expect(found).not.toEqual(twentySteps(momentum({momentum: 0.8}), () => 0.1));
});
