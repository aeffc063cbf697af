import type {Batch, Regularizer} from '@regularizers/core';
import {batchOf, expectClose, messageOf, setUp, sitesOf, stepOf} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {beforeEach, describe, expect, it} from 'vitest';
import {adversarial, adversarialValue} from '../src/index.ts';
import {trainLinear} from './linear-classifier.ts';
import * as torch from './torch.ts';

const inputs = [{name: 'x', shape: [null, 3]}];

/** What the plugin makes of a batch, and where it asked for gradients. */
function attack(
  plugin: Regularizer,
  batch: Batch,
  gradient: readonly number[],
): {readonly result: Batch; readonly asked: readonly tf.Tensor[]} {
  const asked: tf.Tensor[] = [];
  const inputGradients = (at: Batch): readonly tf.Tensor[] => {
    asked.push(at.inputs[0]!);
    return [tf.tensor2d([...gradient], [1, gradient.length])];
  };
  const {plan} = setUp(plugin, {inputs});
  return {result: plugin.batch!(batch, {...stepOf(1, plan), inputGradients}), asked};
}

describe('adversarialValue', () => {
  let x: tf.Tensor;
  // Within a test: where this file is the first one, there is no backend before.
  beforeEach(() => {
    x = tf.tensor1d([0.5, 0.5, 0.95]);
  });

  it('moves along the sign of the gradient, and not where it is zero', () => {
    const moved = adversarialValue(x, tf.tensor1d([-2, 0, 1e-6]), x, {epsilon: 0.1});
    expectClose(moved, [0.4, 0.5, 1.05]);
  });

  it('stays near the clean value, and within the range', () => {
    const from = tf.tensor1d([0.45, 0.58, 0.95]);
    const limits = {epsilon: 0.1, stepSize: 0.08, range: [0, 1]} as const;
    expectClose(adversarialValue(from, tf.tensor1d([-1, 1, 1]), x, limits), [0.4, 0.6, 1]);
  });
});

describe('adversarial', () => {
  it.each(torch.adversarial)(
    'trains as PyTorch does, with $clean of the loss on clean examples',
    async (expected) => {
      const {loss, weights} = await trainLinear([adversarial({epsilon: 0.1, clean: expected.clean})]);
      expectClose(loss, expected.loss, 'training');
      expectClose(weights, expected.weights, 'training');
    },
  );

  it('takes small steps from a random place, each from where the last one came to', async () => {
    const x = tf.tensor2d([[0.5, 0.5, 0.95]]);
    const options = {epsilon: 0.1, steps: 3, clean: 0, range: [0, 1]} as const;
    const {result, asked} = attack(adversarial(options), batchOf([x]), [1, -1, 1]);
    expect(asked).toHaveLength(3);
    const start = [...(await asked[0]!.data())];
    // 2.5 · 0.1/3 in each step, no further than 0.1 away and no higher than 1
    const stepped = (values: readonly number[]): number[] => [
      Math.min(values[0]! + 0.25 / 3, 0.6),
      Math.max(values[1]! - 0.25 / 3, 0.4),
      Math.min(values[2]! + 0.25 / 3, 1),
    ];
    start.forEach((value, i) => {
      expect(Math.abs(value - [0.5, 0.5, 0.95][i]!)).toBeLessThanOrEqual(0.1 + 1e-6);
    });
    expect(start[0]).not.toBe(start[1]);
    expectClose(asked[1]!, stepped(start));
    expectClose(asked[2]!, stepped(stepped(start)));
    expectClose(result.inputs[0]!, [0.6, 0.4, 1]);
  });

  it('puts the others beside the clean examples, each with its own weight', () => {
    const batch: Batch = {
      inputs: [tf.tensor2d([[1, 2, 3]])],
      targets: [
        [
          {target: tf.tensor2d([[1, 0]]), weight: 0.7},
          {target: tf.tensor2d([[0, 1]]), weight: tf.tensor1d([0.3])},
        ],
      ],
      size: 1,
    };
    const {result} = attack(adversarial({epsilon: 1, clean: 0.25}), batch, [1, 1, -1]);
    expect(result.size).toBe(2);
    expectClose(result.inputs[0]!, [1, 2, 3, 2, 3, 2]);
    const [first, second] = result.targets[0]!;
    expectClose(first!.target, [1, 0, 1, 0]);
    expectClose(first!.weight as tf.Tensor, [0.35, 1.05]);
    expectClose(second!.weight as tf.Tensor, [0.15, 0.45]);
  });

  it('is idle where it does nothing, and refuses indices and bad options', () => {
    expect(setUp(adversarial({epsilon: 0}), {inputs})).toEqual({idle: true});
    expect(setUp(adversarial({clean: 1}), {inputs})).toEqual({idle: true});
    const sites = sitesOf({layerClass: 'Embedding', name: 'words'});
    const indices = inputs.map((port) => ({...port, dtype: 'int32' as const}));
    expect(messageOf(() => setUp(adversarial(), {inputs: indices, sites}))).toMatch(
      /hold indices: .*activationNoise\(\{at: 'words'\}\)/s,
    );
    expect(messageOf(() => adversarial({steps: 0}))).toMatch(/steps must be an integer in \[1, ∞\)/);
    expect(messageOf(() => adversarial({range: [1, 0]}))).toMatch(/range/);
  });
});
