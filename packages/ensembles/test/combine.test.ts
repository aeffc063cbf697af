import {binaryCrossentropy, categoricalCrossentropy} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {meanLogitsOutput, meanOutput, voteOutput} from '../src/index.ts';
import {expectClose, probabilities} from './helpers.ts';

const [classes, classLogits] = [categoricalCrossentropy(), categoricalCrossentropy({fromLogits: true})];
const [yesOrNo, yesLogits] = [binaryCrossentropy(), binaryCrossentropy({fromLogits: true})];
const members = [1, 20, 50].map((from) => probabilities(4, 3, from));
const tensors = () => members.map((rows) => tf.tensor2d(rows));

describe('meanOutput', () => {
  it('is the mean', () => {
    expectClose(meanOutput([tf.tensor2d([[0.2, 0.8]]), tf.tensor2d([[0.6, 0.4]])]), [0.4, 0.6]);
  });
});

describe('meanLogitsOutput', () => {
  it('is the normalized geometric mean', () => {
    // √(0.5·0.1) : √(0.5·0.9) = 1 : 3.
    expectClose(
      meanLogitsOutput([tf.tensor2d([[0.5, 0.5]]), tf.tensor2d([[0.1, 0.9]])], classes),
      [0.25, 0.75],
    );
    const expected = members[0]!.flatMap((row, i) => {
      const products = row.map(
        (_, j) => members.reduce((product, rows) => product * rows[i]![j]!, 1) ** (1 / 3),
      );
      const sum = products.reduce((total, value) => total + value, 0);
      return products.map((value) => value / sum);
    });
    expectClose(meanLogitsOutput(tensors(), classes), expected);
  });

  it('is the mean log odds of one probability', () => {
    // Odds 1 and 9: the geometric mean is 3, which is 3/4.
    expectClose(meanLogitsOutput([tf.tensor2d([[0.5]]), tf.tensor2d([[0.9]])], yesOrNo), [0.75]);
  });

  it('of members that are certain of opposites is in between', () => {
    const certain = [tf.tensor2d([[1, 0]]), tf.tensor2d([[0, 1]])];
    expectClose(meanLogitsOutput(certain, classes), [0.5, 0.5]);
    expectClose(meanLogitsOutput([tf.tensor2d([[1]]), tf.tensor2d([[0]])], yesOrNo), [0.5]);
  });

  it('of the opposite is the opposite', () => {
    // Each and one less it are float32.
    const columns = [
      [0, 1, 2 ** -20, 0.25, 2 ** -23],
      [0.5, 0.75, 1 - 2 ** -20, 1, 0],
    ];
    const outputs = columns.map((column) => tf.tensor2d([column]));
    const opposites = outputs.map((output) => tf.sub(1, output));
    const expected = tf.sub(1, meanLogitsOutput(opposites, yesOrNo));
    expectClose(meanLogitsOutput(outputs, yesOrNo), expected, 'transcendental');
    // The odds 1 and 2²⁴, whose root is 2¹².
    expectClose(tf.slice(meanLogitsOutput(outputs, yesOrNo), [0, 0], [1, 1]), [1 / (1 + 2 ** 12)]);
  });
});

// Logits (40, 0) and (0, 30): their mean is (20, 15), of which the softmax is 1/(1 + e⁻⁵).
describe('meanLogitsOutput of members that are far apart', () => {
  const expected = [1 / (1 + Math.exp(-5)), 1 / (1 + Math.exp(5))];

  it('is the mean of logits that are given as logits', () => {
    const combined = meanLogitsOutput([tf.tensor2d([[40, 0]]), tf.tensor2d([[0, 30]])], classLogits);
    expectClose(combined, [20, 15]);
    expectClose(tf.softmax(combined), expected);
    // One of two independent outputs is the first class's logit less the second's.
    expectClose(meanLogitsOutput([tf.tensor2d([[40, 3]]), tf.tensor2d([[-30, 4]])], yesLogits), [5, 3.5]);
  });

  it('is it of probabilities too, as far as float32 tells them from 0', () => {
    const outputs = [tf.softmax(tf.tensor2d([[40, 0]])), tf.softmax(tf.tensor2d([[0, 30]]))];
    expectClose(meanLogitsOutput(outputs, classes), expected);
  });
});

describe('voteOutput', () => {
  it('reads logits as logits, and answers in logits', () => {
    // σ(0.2) = 0.55 and σ(0.4) = 0.6 say yes, σ(−1) says no: two thirds.
    const yes = [0.2, 0.4, -1].map((z) => tf.tensor2d([[z]]));
    expectClose(voteOutput(yes, yesLogits), [Math.log(2)]);
    expectClose(tf.sigmoid(voteOutput(yes, yesLogits)), [2 / 3]);
    const votes = [
      [-3, -5],
      [-1, -2],
      [2, 9],
    ].map((row) => tf.tensor2d([row]));
    expectClose(tf.softmax(voteOutput(votes, classLogits)), [2 / 3, 1 / 3]);
  });

  it('of one mind answers in the logits of a share of 10⁻⁷, as far from 0 for yes as for no', () => {
    const logits = [
      [3, -2, 1],
      [1, -9, -4],
      [2, -1, -5],
    ].map((row) => tf.tensor2d([row]));
    const certain = Math.log((1 - 1e-7) / 1e-7);
    expectClose(voteOutput(logits, yesLogits), [certain, -certain, -Math.log(2)], 'transcendental');
    const opposite = voteOutput(
      logits.map((row) => tf.neg(row)),
      yesLogits,
    );
    expectClose(voteOutput(logits, yesLogits), tf.neg(opposite), 'exact');
    expectClose(voteOutput(logits, classLogits), [0, Math.log(1e-7), Math.log(1e-7)], 'transcendental');
  });

  it('of independent outputs counts each by itself', () => {
    const votes = [tf.tensor2d([[0.6, 0.4, 0.9]]), tf.tensor2d([[0.7, 0.8, 0.2]])];
    expectClose(voteOutput(votes, yesOrNo), [1, 0.5, 0.5]);
  });

  it('counts the largest', () => {
    const votes = [tf.tensor2d([[0.6, 0.4]]), tf.tensor2d([[0.9, 0.1]]), tf.tensor2d([[0, 1]])];
    expectClose(voteOutput(votes, classes), [2 / 3, 1 / 3]);
    expectClose(voteOutput([tf.tensor2d([[0.6], [0.2]]), tf.tensor2d([[0.9], [0.7]])], yesOrNo), [1, 0.5]);
  });

  it('takes more than a row per example', () => {
    const steps = voteOutput(
      [
        tf.tensor3d([
          [
            [0.1, 0.9],
            [0.7, 0.3],
          ],
        ]),
      ],
      classes,
    );
    expect(steps.shape).toEqual([1, 2, 2]);
    expectClose(steps, [0, 1, 1, 0]);
  });
});

describe.each([
  ['meanOutput', meanOutput],
  ['meanLogitsOutput', meanLogitsOutput],
  ['voteOutput', voteOutput],
] as const)('%s', (_, combine) => {
  it('keeps shape, type and sum, and leaves the members alone', () => {
    fc.assert(
      fc.property(
        fc.integer({min: 1, max: 4}),
        fc.integer({min: 2, max: 5}),
        fc.integer({min: 1, max: 99}),
        (count, size, from) => {
          const outputs = Array.from({length: count}, (_, i) =>
            tf.tensor2d(probabilities(3, size, from + 31 * i)),
          );
          const before = outputs.map((output) => output.dataSync().slice());
          const combined = combine(outputs, classes);
          expect(combined.shape).toEqual([3, size]);
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
    const same = combine([one!, one!, one!], classes);
    if (combine !== voteOutput) expectClose(same, one!);
    expectClose(tf.argMax(same, -1), tf.argMax(one!, -1));
  });
});
