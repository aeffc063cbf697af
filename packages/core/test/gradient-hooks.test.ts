// Hooks that ask for gradients: at other weights (sharpness-aware), and in the inputs (adversarial).
import {defineRegularizer, type Regularizer, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {wave, waves} from './support/data.ts';
import {linear, mlp, normalizedMlp, numbersOf, withKnownWeights} from './support/models.ts';
import {siteNoise, squares} from './support/plugins.ts';
import {classData, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

/** y = w·x of two features, on four examples: everything is a closed form. */
const [x, t, w] = [wave(8), wave(4, 0.9), [0.3, -0.2]] as const;
const data = () => ({x: tf.tensor2d(x, [4, 2]), y: tf.tensor2d(t, [4, 1])});

function model() {
  const made = linear(2);
  made.setWeights([tf.tensor2d([...w], [2, 1])]);
  return made;
}

/** ∂/∂w of (1/4) Σ (w·xᵢ − tᵢ)². */
function gradientAt(weights: readonly number[]): number[] {
  const errors = t.map((target, i) => weights[0]! * x[2 * i]! + weights[1]! * x[2 * i + 1]! - target);
  return [0, 1].map((k) => errors.reduce((sum, e, i) => sum + (2 * e * x[2 * i + k]!) / 4, 0));
}

/** The gradient at w + ρ·g/‖g‖ in place of the one at w. */
function sharpnessAware(rho: number): Regularizer {
  return defineRegularizer({
    name: 'sharpness-aware',
    gradients: (gradients, {weights, gradientsAt}) => {
      const list = Object.values(gradients);
      const norm = tf.sqrt(list.map((g) => tf.sum(tf.square(g))).reduce((so, sum) => tf.add(so, sum)));
      const moved = Object.entries(gradients).map(([name, g]) => [
        name,
        tf.add(weights[name]!, tf.mul(g, tf.div(rho, norm))),
      ]);
      return gradientsAt(Object.fromEntries(moved));
    },
  });
}

test('gradientsAt: a sharpness-aware step on a quadratic', async () => {
  const made = model();
  const trainer = trainerOf([sharpnessAware(0.5)], {
    model: made,
    loss: 'meanSquaredError',
    optimizer: sgd({learningRate: 0.1}),
  });
  await trainer.fit(data(), {batchSize: 4, shuffle: false});
  const g = gradientAt(w);
  const norm = Math.hypot(...g);
  const there = gradientAt(w.map((value, i) => value + (0.5 * g[i]!) / norm));
  expectClose(
    numbersOf(made),
    w.map((value, i) => value - 0.1 * there[i]!),
    'step',
  );
});

test('gradientsAt at the same weights is the same gradient: same batch, same draws, no statistics written', async () => {
  const again = defineRegularizer({
    name: 'again',
    gradients: (_, {weights, gradientsAt}) => gradientsAt(weights),
  });
  const [one, other] = [withKnownWeights(normalizedMlp()), withKnownWeights(normalizedMlp())];
  const options = {epochs: 2, batchSize: 2, accumulate: 2} as const;
  await trainerOf([siteNoise('hidden'), squares(0.1)], {model: one}).fit(classData(), options);
  await trainerOf([siteNoise('hidden'), squares(0.1), again], {model: other}).fit(classData(), options);
  expectClose(numbersOf(other), numbersOf(one), 'same');
});

test('gradientsAt of some weights leaves the others where they are', async () => {
  const some = defineRegularizer({
    name: 'some',
    gradients: (_, {weights, gradientsAt}) => gradientsAt({'output/bias': weights['output/bias']!}),
  });
  const [one, other] = [withKnownWeights(mlp()), withKnownWeights(mlp())];
  await trainerOf([], {model: one}).fit(classData(), {epochs: 1});
  await trainerOf([some], {model: other}).fit(classData(), {epochs: 1});
  expectClose(numbersOf(other), numbersOf(one), 'same');
});

test('inputGradients: the gradient of the data loss in the inputs', async () => {
  // ∂/∂xᵢ of (1/4) Σ (w·xᵢ − tᵢ)² = (2/4)(w·xᵢ − tᵢ)·w.
  const found: number[] = [];
  const look = defineRegularizer({
    name: 'look',
    batch: (batch, {inputGradients}) => {
      found.push(...inputGradients(batch)[0]!.dataSync());
      return batch;
    },
  });
  await trainerOf([look, squares(5)], {model: model(), loss: 'meanSquaredError', execution: 'eager'}).fit(
    data(),
    {
      batchSize: 4,
      shuffle: false,
    },
  );
  const expected = t.flatMap((target, i) => {
    const error = w[0] * x[2 * i]! + w[1] * x[2 * i + 1]! - target;
    return [(error * w[0]) / 2, (error * w[1]) / 2];
  });
  expectClose(found, expected, 'step');
});

test('inputs that are moved along their gradient are what the model sees', async () => {
  const adversarial = defineRegularizer({
    name: 'adversarial',
    batch: (batch, {inputGradients}) => {
      const gradients = inputGradients(batch);
      return {...batch, inputs: batch.inputs.map((input, i) => tf.add(input, tf.mul(gradients[i]!, 10)))};
    },
  });
  const options = {batchSize: 10, shuffle: false};
  const plain = await trainerOf().fit(classData(), options);
  const moved = await trainerOf([adversarial]).fit(classData(), options);
  expect(moved.history[0]!.train.loss).toBeGreaterThan(plain.history[0]!.train.loss);
});

test('input gradients run with the draws of the step, and write no statistics', async () => {
  const look = defineRegularizer({
    name: 'look',
    batch: (batch, {inputGradients}) => {
      const gradients = inputGradients(batch);
      // Uses the gradients without an effect.
      return {...batch, inputs: batch.inputs.map((input, i) => tf.add(input, tf.mul(gradients[i]!, 0)))};
    },
  });
  const [one, other] = [withKnownWeights(normalizedMlp()), withKnownWeights(normalizedMlp())];
  await trainerOf([siteNoise('hidden')], {model: one}).fit(classData(), {epochs: 2, batchSize: 5});
  await trainerOf([siteNoise('hidden'), look], {model: other}).fit(classData(), {epochs: 2, batchSize: 5});
  expectClose(numbersOf(other), numbersOf(one), 'same');
});

test('the weights hook changes what the model reads, its gradient goes to what came in', async () => {
  // The model reads 2w: L(2w), whose gradient in w is 2·L′(2w). Penalties see the clean weights.
  const double = defineRegularizer({
    name: 'double',
    weights: (weights) => ({...weights, 'linear/kernel': tf.mul(weights['linear/kernel']!, 2)}),
  });
  const made = model();
  const trainer = trainerOf([double, squares(2)], {
    model: made,
    loss: 'meanSquaredError',
    optimizer: sgd({learningRate: 0.1}),
  });
  const {history} = await trainer.fit(data(), {batchSize: 4, shuffle: false});
  const g = gradientAt(w.map((value) => 2 * value));
  expectClose([history[0]!.train.penalty], [w[0] ** 2 + w[1] ** 2], 'step');
  expectClose(
    numbersOf(made),
    w.map((value, i) => value - 0.1 * (2 * g[i]! + 2 * value)),
    'step',
  );
});

test('project sees the weights before the update, and what it returns is the result', async () => {
  const back = defineRegularizer({name: 'back', project: (_, {previous}) => previous});
  const made = withKnownWeights(mlp());
  await trainerOf([back], {model: made}).fit(classData(), {epochs: 2});
  expect(numbersOf(made)).toEqual(numbersOf(withKnownWeights(mlp())));
});

test('penalties add up the same whatever the list', async () => {
  const run = async (plugins: readonly Regularizer[]): Promise<number[]> => {
    const made = withKnownWeights(mlp());
    await trainerOf(plugins, {model: made}).fit(classData(), {epochs: 2});
    return numbersOf(made);
  };
  const three = () => [1, 2, 3].map((i) => squares(0.01 * i, undefined, `p${i}`));
  expect(await run(three())).toEqual(await run(three().reverse()));
  expect(waves([1]).shape).toEqual([1]);
});
