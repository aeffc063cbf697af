import type {Batch, LossInfo, TargetKind} from '@regularizers/core';
import {batchOf, batchStepOf, messageOf, setUp, tolerance} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {labelSmoothing, smoothedLabels} from '../src/index.ts';

const losses = (...kinds: TargetKind[]): LossInfo[] =>
  kinds.map((kind) => ({
    name: `the ${kind} loss`,
    kind,
    outputs: kind === 'values' ? kind : 'probabilities',
    linear: true,
  }));
const outputs = [
  {name: 'first', shape: [null, 4]},
  {name: 'second', shape: [null, 4]},
];

function smoothed(
  batch: Batch,
  kinds: TargetKind[],
  options: Parameters<typeof labelSmoothing>[0] = {},
): Batch {
  const plugin = labelSmoothing(options);
  const {plan} = setUp(plugin, {outputs: outputs.slice(0, kinds.length), losses: losses(...kinds)});
  return plugin.batch!(batch, batchStepOf(1, plan));
}

async function expectNear(actual: tf.Tensor, expected: readonly number[]): Promise<void> {
  const values = await actual.data();
  expect(values.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(values[i]! - value)).toBeLessThan(tolerance('transcendental'));
  });
}

describe('smoothedLabels', () => {
  it('is t(1 − ε) + ε/K', async () => {
    // 0.9·1 + 0.1/4 = 0.925, 0.9·0 + 0.1/4 = 0.025
    const target = tf.tensor2d([[0, 1, 0, 0]]);
    await expectNear(smoothedLabels(target, {epsilon: 0.1, classes: 4}), [0.025, 0.925, 0.025, 0.025]);
  });

  it('keeps the sum, shape and input, and is the identity at 0', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({min: 2, max: 6}),
        fc.integer({min: 1, max: 3}),
        fc.double({min: 0, max: 0.99, noNaN: true}),
        async (classes, rows, epsilon) => {
          const target = tf.oneHot(tf.range(0, rows, 1, 'int32'), classes, 1, 0, 'float32');
          const before = await target.data();
          const result = smoothedLabels(target, {epsilon, classes});
          expect(result.shape).toEqual([rows, classes]);
          const known = await tf.sum(target, 1).data();
          await expectNear(
            tf.sum(result, 1),
            [...known].map((sum) => sum * (1 - epsilon) + epsilon),
          );
          expect(await target.data()).toEqual(before);
          expect(await smoothedLabels(target, {epsilon: 0, classes}).data()).toEqual(before);
        },
      ),
      {numRuns: 10, seed: 4},
    );
  });

  // What Keras 3.15.1 on TensorFlow 2.21.0 gives:
  // keras.losses.CategoricalCrossentropy(label_smoothing=0.1, reduction='none')(t, y), and with from_logits=True;
  // keras.losses.BinaryCrossentropy(label_smoothing=0.2, reduction='none')(t, y).
  it("gives the losses of Keras's label_smoothing", async () => {
    const target = smoothedLabels(
      tf.tensor2d([
        [0, 1, 0],
        [1, 0, 0],
      ]),
      {epsilon: 0.1, classes: 3},
    );
    const probabilities = tf.tensor2d([
      [0.2, 0.5, 0.3],
      [0.7, 0.1, 0.2],
    ]);
    const logits = tf.tensor2d([
      [2, -1, 0.5],
      [0, 3, 1],
    ]);
    await expectNear(tf.neg(tf.sum(tf.mul(target, tf.log(probabilities)), 1)), [0.7407177, 0.46329743]);
    await expectNear(tf.neg(tf.sum(tf.mul(target, tf.logSoftmax(logits)), 1)), [3.0913115, 3.0365126]);

    const binary = smoothedLabels(
      tf.tensor2d([
        [1, 0],
        [0, 1],
      ]),
      {epsilon: 0.2, classes: 2},
    );
    const p = tf.tensor2d([
      [0.9, 0.2],
      [0.4, 0.6],
    ]);
    const yes = tf.mul(binary, tf.log(p));
    const no = tf.mul(tf.sub(1, binary), tf.log(tf.sub(1, p)));
    await expectNear(tf.neg(tf.mean(tf.add(yes, no), 1)), [0.34342793, 0.55137205]);
  });
});

describe('labelSmoothing', () => {
  it('maps every entry of the list and keeps its weight', async () => {
    const list = [
      {target: tf.tensor2d([[1, 0]]), weight: 0.7},
      {target: tf.tensor2d([[0, 1]]), weight: tf.tensor1d([0.3])},
    ];
    const batch: Batch = {inputs: [], size: 1, targets: [list]};
    const [result] = smoothed(batch, ['classes'], {epsilon: 0.2}).targets;
    expect(result!.map(({weight}) => weight)).toEqual(list.map(({weight}) => weight));
    await expectNear(result![0]!.target, [0.9, 0.1]);
    await expectNear(result![1]!.target, [0.1, 0.9]);
  });

  it('commutes with mixing, whichever comes first', async () => {
    const [a, b] = [tf.tensor2d([[1, 0, 0]]), tf.tensor2d([[0, 0, 1]])];
    const mixed = tf.add(tf.mul(a, 0.7), tf.mul(b, 0.3));
    const list = {
      inputs: [],
      size: 1,
      targets: [
        [
          {target: a, weight: 0.7},
          {target: b, weight: 0.3},
        ],
      ],
    };
    const [listed] = smoothed(list, ['classes']).targets;
    const folded = listed!.map(({target, weight}) => tf.mul(target, weight));
    const [after] = smoothed(batchOf([], [mixed]), ['classes']).targets;
    await expectNear(tf.addN(folded), [...(await after![0]!.target.data())]);
    // 0.9·0.7 + 0.1/3, 0.1/3, 0.9·0.3 + 0.1/3
    await expectNear(after![0]!.target, [0.6633333, 0.0333333, 0.3033333]);
  });

  it('pulls binary targets toward a half', async () => {
    const [list] = smoothed(batchOf([], [tf.tensor2d([[1], [0]])]), ['binary']).targets;
    await expectNear(list![0]!.target, [0.95, 0.05]);
  });

  it('takes the chosen outputs only', () => {
    const batch = batchOf([], [tf.ones([2, 4]), tf.ones([2, 4])]);
    const {targets} = smoothed(batch, ['classes', 'values'], {outputs: 'first'});
    expect(targets[0]).not.toBe(batch.targets[0]);
    expect(targets[1]).toBe(batch.targets[1]);
  });

  it('refuses regression targets when the trainer is made', () => {
    const context = {outputs, losses: losses('classes', 'values')};
    expect(messageOf(() => setUp(labelSmoothing(), context))).toMatch(
      /^\[labelSmoothing\] the targets of second are values \(its loss is the values loss\)/,
    );
  });

  it('is idle at 0, and refuses nonsense', () => {
    expect(setUp(labelSmoothing({epsilon: 0}), {outputs, losses: losses('values', 'values')})).toEqual({
      idle: true,
    });
    expect(messageOf(() => labelSmoothing({epsilon: 1}))).toBe(
      '[labelSmoothing] epsilon must be in [0, 1); received 1',
    );
    expect(labelSmoothing().tags).toEqual(['label-smoothing']);
  });
});
