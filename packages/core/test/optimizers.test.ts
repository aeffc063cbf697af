// Optimizers against their formulas in float64.
import {
  adam,
  cosineDecay,
  defineRegularizer,
  exponentialDecay,
  momentum,
  type Optimizer,
  type RunInfo,
  type StateTree,
  type StepPosition,
  sgd,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {wave} from './support/data.ts';
import {mlp, numbersOf, withKnownWeights} from './support/models.ts';
import {classData, errorOf, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

const steps = 6;
const size = 5;

/** Steps of an optimizer on one weight, whose gradient at step t is a wave. */
function run(optimizer: Optimizer, rateAt: (step: number) => number): number[] {
  return tf.tidy(() => {
    let weights: Readonly<Record<string, tf.Tensor>> = {w: tf.tensor1d(wave(size))};
    let state: StateTree = optimizer.init(weights);
    for (let step = 1; step <= steps; step++) {
      const scalars = Object.entries(optimizer.scalars?.(step) ?? {}).map(([name, value]) => [
        name,
        tf.scalar(value),
      ]);
      const next = optimizer.update(
        weights,
        {w: tf.tensor1d(gradientAt(step))},
        {
          state,
          learningRate: tf.scalar(rateAt(step)),
          scalars: Object.fromEntries(scalars),
        },
      );
      weights = next.weights;
      state = next.state;
    }
    return Array.from(weights['w']!.dataSync());
  });
}

const gradientAt = (step: number): number[] => wave(size, 0.4 + step);

/** The same in float64: `update` changes one element's weight and moments. */
function reference(
  rateAt: (step: number) => number,
  update: (at: {w: number; g: number; rate: number; step: number; moments: number[]}) => number,
): number[] {
  return wave(size).map((first, i) => {
    let w = first;
    const moments = [0, 0];
    for (let step = 1; step <= steps; step++) {
      w = update({w, g: gradientAt(step)[i]!, rate: rateAt(step), step, moments});
    }
    return w;
  });
}

const constant = (): number => 0.05;
const falling = (step: number): number => 0.1 / step;

for (const [name, rate] of Object.entries({'a constant rate': constant, 'a falling rate': falling})) {
  test(`sgd at ${name}: w ← w − ηg`, () => {
    expectClose(
      run(sgd(), rate),
      reference(rate, ({w, g, rate}) => w - rate * g),
      'step',
    );
  });

  test(`momentum at ${name}: v ← μv − ηg; w ← w + v`, () => {
    const expected = reference(rate, ({w, g, rate, moments}) => {
      moments[0] = 0.8 * moments[0]! - rate * g;
      return w + moments[0];
    });
    expectClose(run(momentum({momentum: 0.8}), rate), expected, 'step');
  });

  test(`Nesterov's momentum at ${name}: w ← w + μv − ηg`, () => {
    const expected = reference(rate, ({w, g, rate, moments}) => {
      moments[0] = 0.8 * moments[0]! - rate * g;
      return w + 0.8 * moments[0] - rate * g;
    });
    expectClose(run(momentum({momentum: 0.8, nesterov: true}), rate), expected, 'step');
  });

  test(`Adam at ${name}, with the bias correction in the rate`, () => {
    const [beta1, beta2, epsilon] = [0.8, 0.99, 1e-3];
    const expected = reference(rate, ({w, g, rate, step, moments}) => {
      moments[0] = beta1 * moments[0]! + (1 - beta1) * g;
      moments[1] = beta2 * moments[1]! + (1 - beta2) * g * g;
      const corrected = (rate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
      return w - (corrected * moments[0]) / (Math.sqrt(moments[1]) + epsilon);
    });
    expectClose(run(adam({beta1, beta2, epsilon}), rate), expected, 'step');
  });
}

const position = (step: number, over: Partial<RunInfo> = {}): StepPosition => ({
  step,
  epoch: Math.ceil(step / 5),
  stepInEpoch: ((step - 1) % 5) + 1,
  member: 0,
  run: {examples: 50, batchSize: 10, epochs: 2, stepsPerEpoch: 5, ...over},
});

test('cosine decay: a linear warm-up, then half a cosine to the end', () => {
  const rate = cosineDecay({from: 1, to: 0.2, warmupSteps: 2});
  // 10 steps: 2 of warm-up from zero, then cos(π·k/8) for k = 0 … 7.
  expect(rate(position(1))).toBe(0);
  expect(rate(position(2))).toBeCloseTo(0.5, 12);
  expect(rate(position(3))).toBeCloseTo(1, 12);
  expect(rate(position(7))).toBeCloseTo(0.6, 12);
  expect(rate(position(10))).toBeCloseTo(0.6 + 0.4 * Math.cos((7 / 8) * Math.PI), 12);
  expect(rate(position(1000))).toBeCloseTo(0.2, 12);
});

test('exponential decay: a factor per epoch', () => {
  const rate = exponentialDecay({from: 0.4, factor: 0.5});
  expect([1, 5, 6, 10].map((step) => rate(position(step)))).toEqual([0.4, 0.4, 0.2, 0.2]);
});

test('cosine decay over a stream of unknown length is refused', async () => {
  const rate = cosineDecay({from: 1});
  const {stepsPerEpoch: _, ...unknown} = position(1).run;
  const error = await errorOf(() => rate({...position(1), run: {...unknown, stepsPerEpoch: undefined}}));
  expect(error).toMatchObject({code: 'unknown-length', where: 'cosineDecay'});
});

test('the rate of each step is the schedule times what plugins ask for', async () => {
  const rates: number[] = [];
  const seen: StepPosition[] = [];
  const half = (name: string) => defineRegularizer({name, scalars: () => ({learningRateFactor: 0.5})});
  const look = defineRegularizer({
    name: 'look',
    project: (weights, {learningRate}) => {
      rates.push(learningRate.dataSync()[0]!);
      return weights;
    },
  });
  const schedule = (at: StepPosition): number => {
    seen.push(at);
    return 0.1 * at.step;
  };
  const trainer = trainerOf([half('one'), half('two'), look], {
    optimizer: sgd({learningRate: schedule}),
    execution: 'eager', // the test reads a tensor within the step
  });
  await trainer.fit(classData(), {epochs: 2, batchSize: 4});
  expectClose(
    rates,
    [1, 2, 3, 4, 5, 6].map((step) => 0.025 * step),
    'step',
  );
  expect(seen.map(({step, epoch, stepInEpoch, member}) => [step, epoch, stepInEpoch, member])).toEqual([
    [1, 1, 1, 0],
    [2, 1, 2, 0],
    [3, 1, 3, 0],
    [4, 2, 1, 0],
    [5, 2, 2, 0],
    [6, 2, 3, 0],
  ]);
  expect(seen[0]?.run).toEqual({examples: 10, batchSize: 4, epochs: 2, stepsPerEpoch: 3});
});

test('Adam in training is Adam by hand', async () => {
  // From m = v = 0 the first step is η·√(1−β₂)/(1−β₁) · (1−β₁)g/(√(1−β₂)·|g| + ε) = η·g/(|g| + ε/√(1−β₂)).
  const after = async (optimizer: Optimizer): Promise<number[]> => {
    const model = withKnownWeights(mlp());
    await trainerOf([], {model, optimizer}).fit(classData(), {batchSize: 10});
    return numbersOf(model);
  };
  const before = numbersOf(withKnownWeights(mlp()));
  const gradients = (await after(sgd({learningRate: 1}))).map((value, i) => before[i]! - value);
  const expected = gradients.map((g, i) => before[i]! - (0.01 * g) / (Math.abs(g) + 1e-7 / Math.sqrt(0.001)));
  expectClose(await after(adam({learningRate: 0.01})), expected, 'trajectory');
});

test('options out of range are refused by name', async () => {
  expect(await errorOf(() => sgd({learningRate: -1}))).toMatchObject({
    message: '[sgd] learningRate must be in [0, ∞); received -1',
  });
  expect(await errorOf(() => momentum({momentum: 1}))).toMatchObject({
    where: 'momentum',
    code: 'out-of-range',
  });
  expect(await errorOf(() => adam({beta1: 1}))).toMatchObject({where: 'adam', code: 'out-of-range'});
  expect(await errorOf(() => adam({beta3: 1} as never))).toMatchObject({code: 'unknown-option'});
  expect(await errorOf(() => exponentialDecay({from: 1, factor: 0}))).toMatchObject({code: 'out-of-range'});
});
