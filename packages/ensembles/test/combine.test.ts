import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {combineLogits, combineMean, combineVote} from '../src/index.ts';
import {expectClose, probabilities} from './helpers.ts';

const members = [1, 20, 50].map((from) => probabilities(4, 3, from));
const tensors = () => members.map((rows) => tf.tensor2d(rows));

describe('combineMean', () => {
  it('is the mean', () => {
    expectClose(combineMean([tf.tensor2d([[0.2, 0.8]]), tf.tensor2d([[0.6, 0.4]])]), [0.4, 0.6]);
  });
});

describe('combineLogits', () => {
  it('is the normalised geometric mean', () => {
    // √(0.5·0.1) : √(0.5·0.9) = 1 : 3.
    expectClose(combineLogits([tf.tensor2d([[0.5, 0.5]]), tf.tensor2d([[0.1, 0.9]])]), [0.25, 0.75]);
    const expected = members[0]!.flatMap((row, i) => {
      const products = row.map(
        (_, j) => members.reduce((product, rows) => product * rows[i]![j]!, 1) ** (1 / 3),
      );
      const sum = products.reduce((total, value) => total + value, 0);
      return products.map((value) => value / sum);
    });
    expectClose(combineLogits(tensors()), expected);
  });

  it('is the mean log odds of one probability', () => {
    // Odds 1 and 9: the geometric mean is 3, which is 3/4.
    expectClose(combineLogits([tf.tensor2d([[0.5]]), tf.tensor2d([[0.9]])]), [0.75]);
  });

  it('stays finite where a member is certain', () => {
    const certain = [tf.tensor2d([[1, 0]]), tf.tensor2d([[0, 1]])];
    expectClose(combineLogits(certain), [0.5, 0.5]);
    expectClose(combineLogits([tf.tensor2d([[1]]), tf.tensor2d([[0]])]), [0.5]);
  });
});

describe('combineVote', () => {
  it('counts the largest', () => {
    const votes = [tf.tensor2d([[0.6, 0.4]]), tf.tensor2d([[0.9, 0.1]]), tf.tensor2d([[0, 1]])];
    expectClose(combineVote(votes), [2 / 3, 1 / 3]);
    expectClose(combineVote([tf.tensor2d([[0.6], [0.2]]), tf.tensor2d([[0.9], [0.7]])]), [1, 0.5]);
  });

  it('takes more than a row per example', () => {
    const steps = combineVote([
      tf.tensor3d([
        [
          [0.1, 0.9],
          [0.7, 0.3],
        ],
      ]),
    ]);
    expect(steps.shape).toEqual([1, 2, 2]);
    expectClose(steps, [0, 1, 1, 0]);
  });
});

describe.each([
  ['combineMean', combineMean],
  ['combineLogits', combineLogits],
  ['combineVote', combineVote],
] as const)('%s', (_, combine) => {
  it('keeps shape, type and sum, and leaves the members alone', () => {
    fc.assert(
      fc.property(
        fc.integer({min: 1, max: 4}),
        fc.integer({min: 2, max: 5}),
        fc.integer({min: 1, max: 99}),
        (count, classes, from) => {
          const outputs = Array.from({length: count}, (_, i) =>
            tf.tensor2d(probabilities(3, classes, from + 31 * i)),
          );
          const before = outputs.map((output) => output.dataSync().slice());
          const combined = combine(outputs);
          expect(combined.shape).toEqual([3, classes]);
          expect(combined.dtype).toBe('float32');
          expectClose(tf.sum(combined, -1), [1, 1, 1]);
          expect(outputs.map((output) => output.dataSync())).toEqual(before);
        },
      ),
      {numRuns: 15, seed: 7},
    );
  });

  it('of equal members is the member, or its choice', () => {
    const [one] = tensors();
    const same = combine([one!, one!, one!]);
    if (combine !== combineVote) expectClose(same, one!);
    expectClose(tf.argMax(same, -1), tf.argMax(one!, -1));
  });
});
