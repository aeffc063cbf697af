import type {Batch} from '@regularizers/core';
import {expectClose} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {mixedExamples, mixedTargets, mixup, randomLambda} from '../src/index.ts';
import {batchOf, keysOf, runBatch, setUp, someImages} from './harness.ts';

const int32 = (values: number[]) => tf.tensor1d(values, 'int32');

describe('mixedExamples', () => {
  it('is the float64 reference, for any rank', () => {
    const share = fc.double({min: 0, max: 1, noNaN: true});
    fc.assert(
      fc.property(
        fc.array(share, {minLength: 1, maxLength: 6}),
        fc.array(fc.integer({min: 1, max: 3}), {maxLength: 3}),
        (lambda, rest) => {
          const n = lambda.length;
          const size = n * rest.reduce((a, b) => a * b, 1);
          const values = Array.from({length: size}, (_, i) => ((i * 37) % 101) / 101);
          const examples = tf.tensor(values, [n, ...rest]);
          const partners = lambda.map((_, i) => (i + 1) % n);
          const each = size / n;
          const expected = values.map((value, i) => {
            const example = Math.floor(i / each);
            const other = values[partners[example]! * each + (i % each)]!;
            return lambda[example]! * value + (1 - lambda[example]!) * other;
          });
          const mixed = mixedExamples(examples, int32(partners), tf.tensor1d(lambda));
          expect(mixed.shape).toEqual(examples.shape);
          expectClose(mixed, expected, 'elementwise');
          expectClose(examples, values, 'elementwise');
        },
      ),
      {numRuns: 20, seed: 4},
    );
  });
});

describe('mixedTargets', () => {
  it('lists both targets, weighted by λ and 1 − λ of each one’s own weight', () => {
    const target = tf.tensor2d([
      [1, 0],
      [0, 1],
    ]);
    const list = mixedTargets(
      [{target, weight: tf.tensor1d([2, 4])}],
      int32([1, 0]),
      tf.tensor1d([0.75, 0.5]),
    );
    expect(list).toHaveLength(2);
    expectClose(list[0]!.target, [1, 0, 0, 1], 'exact');
    expectClose(list[1]!.target, [0, 1, 1, 0], 'exact');
    expectClose(list[0]!.weight as tf.Tensor, [1.5, 2], 'exact'); // 0.75·2, 0.5·4
    expectClose(list[1]!.weight as tf.Tensor, [1, 1], 'exact'); // 0.25·4, 0.5·2
  });

  it('keeps the sum of weights, also of lists that were mixed before', () => {
    const target = tf.eye(4);
    const lambda = tf.tensor1d([0.1, 0.9, 0.3, 1]);
    const once = mixedTargets([{target, weight: 1}], int32([2, 0, 3, 1]), lambda);
    const twice = mixedTargets(once, int32([1, 2, 3, 0]), tf.tensor1d([0.5, 0.25, 0, 0.7]));
    expect(twice).toHaveLength(4);
    const sum = tf.addN(twice.map(({weight}) => weight as tf.Tensor));
    expectClose(sum, [1, 1, 1, 1], 'elementwise');
  });
});

describe('randomLambda', () => {
  it('has the mean ½ and the variance 1/(4(2α + 1)) of Beta(α, α)', () => {
    for (const alpha of [0.2, 1, 4]) {
      const lambda = Array.from(randomLambda(4000, keysOf(8), {alpha}).dataSync());
      const mean = lambda.reduce((sum, one) => sum + one, 0) / 4000;
      const variance = lambda.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 4000;
      expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(variance / 4000));
      expect(Math.abs(variance - 1 / (4 * (2 * alpha + 1)))).toBeLessThan(0.01);
      expect(Math.min(...lambda)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...lambda)).toBeLessThanOrEqual(1);
    }
  });

  it('is 1 for examples that stay unmixed', () => {
    const lambda = Array.from(randomLambda(4000, keysOf(9), {alpha: 1, probability: 0.3}).dataSync());
    const mixed = lambda.filter((one) => one < 1).length / 4000;
    expect(Math.abs(mixed - 0.3)).toBeLessThan(0.03); // four times √(0.21/4000)
  });
});

describe('mixup', () => {
  const vectors = {inputs: [{name: 'x', shape: [null, 3]}]};

  it('mixes vectors and their targets alike', () => {
    // the inputs are the targets, so that the mixed input must be the weighted sum of the list
    const x = tf.eye(3);
    const {inputs, targets} = runBatch(mixup({alpha: 1}), batchOf(x, [{target: x, weight: 1}]), vectors);
    expectClose(inputs[0]!, fold(targets[0]!).dataSync(), 'elementwise');
    expect(inputs[0]!.dataSync()).not.toEqual(x.dataSync());
    expectClose(x, tf.eye(3).dataSync(), 'exact');
  });

  it('mixes all inputs of an example alike', () => {
    const two = {
      inputs: [
        {name: 'a', shape: [null, 3]},
        {name: 'b', shape: [null, 1, 3]},
      ],
    };
    const x = tf.eye(3);
    const batch: Batch = {inputs: [x, tf.reshape(x, [3, 1, 3])], targets: [], size: 3};
    const [a, b] = runBatch(mixup({alpha: 1}), batch, two).inputs;
    expectClose(a!, b!.dataSync(), 'exact');
    const [mixed, kept] = runBatch(mixup({alpha: 1, inputs: 'a'}), batch, two).inputs;
    expectClose(mixed!, a!.dataSync(), 'exact');
    expect(kept).toBe(batch.inputs[1]);
  });

  it('repeats with the same keys and differs with others', () => {
    const images = someImages([8, 6, 5, 2]);
    const run = (seed: number) => runBatch(mixup(), batchOf(images), {}, seed).inputs[0]!.dataSync();
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it('leaves a batch of one as it is', () => {
    const x = tf.tensor2d([[1, 2, 4]]);
    const {inputs, targets} = runBatch(mixup({alpha: 1}), batchOf(x, [{target: x, weight: 1}]), vectors);
    expectClose(inputs[0]!, [1, 2, 4], 'elementwise');
    expectClose(fold(targets[0]!), [1, 2, 4], 'elementwise');
  });

  it('refuses indices', () => {
    const words = {name: 'words', shape: [null, 4], dtype: 'int32'} as const;
    const inputs = [...vectors.inputs, words];
    expect(() => setUp(mixup(), {...vectors, inputs})).toThrow('indices have no mean');
    expect(() => setUp(mixup({inputs: 'words'}), {...vectors, inputs})).toThrow('words holds indices');
    expect(setUp(mixup({inputs: 'x'}), {...vectors, inputs}).idle).toBeUndefined();
  });

  it('is idle at α 0 and at probability 0, and checks its options', () => {
    expect(setUp(mixup({alpha: 0}))).toEqual({idle: true});
    expect(setUp(mixup({probability: 0}))).toEqual({idle: true});
    expect(() => mixup({alpha: -1})).toThrow('[mixup] alpha must be in [0, ∞); received -1');
    // @ts-expect-error mixes inputs of any rank
    expect(() => mixup({imageShape: [2, 2, 1]})).toThrow('unknown option imageShape');
  });
});

/** Σ weight · target of a list. */
function fold(list: Batch['targets'][number]): tf.Tensor {
  return tf.addN(
    list.map(({target, weight}) =>
      tf.mul(target, typeof weight === 'number' ? weight : tf.reshape(weight, [-1, 1])),
    ),
  );
}
