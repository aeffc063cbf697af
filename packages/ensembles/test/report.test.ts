import {binaryCrossentropy, RegularizerError} from '@regularizers/core';
import {tolerance} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {ambiguity, ensembleReport} from '../src/index.ts';
import {expectClose, filled, probabilities} from './helpers.ts';

describe('ambiguity', () => {
  it('is the mean error less the spread', () => {
    // Predictions 1 and 3 of a truth of 1: (2 − 1)² = 1; (0 + 4)/2 = 2; ((1 − 2)² + (3 − 2)²)/2 = 1.
    const parts = ambiguity({members: [tf.tensor1d([1]), tf.tensor1d([3])], targets: tf.tensor1d([1])});
    expectClose(parts.ensemble, [1]);
    expectClose(parts.mean, [2]);
    expectClose(parts.spread, [1]);
  });

  it('adds up for any predictions', () => {
    fc.assert(
      fc.property(fc.integer({min: 1, max: 6}), fc.integer({min: 1, max: 500}), (count, from) => {
        const members = Array.from({length: count}, (_, i) => filled([4, 2], from + 50 * i));
        const targets = filled([4, 2], from + 7);
        const parts = ambiguity({members, targets});
        const [ensemble, mean, spread] = [parts.ensemble, parts.mean, parts.spread].map(
          (part) => part.dataSync()[0]!,
        );
        expect(Math.abs(ensemble! - (mean! - spread!))).toBeLessThan(tolerance('reduction'));
        expect(spread).toBeGreaterThanOrEqual(0);
      }),
      {numRuns: 20, seed: 7},
    );
  });
});

describe('ensembleReport', () => {
  it('reports squared errors', async () => {
    const members = [tf.tensor2d([[1], [2]]), tf.tensor2d([[3], [2]])];
    const before = tf.memory().numTensors;
    const report = await ensembleReport({members, targets: tf.tidy(() => tf.keep(tf.tensor2d([[1], [0]])))});
    // Errors ((0)² + 2²)/2 = 2 and (2² + 2²)/2 = 4; the mean predicts 2, 2: (1 + 4)/2 = 2.5; spread (1 + 0)/2.
    expectClose(report.members, [2, 4]);
    expectClose([report.mean, report.ensemble, report.spread], [3, 2.5, 0.5]);
    expect(tf.memory().numTensors).toBe(before + 1);
  });

  it('reports error rates, of classes and of one probability', async () => {
    const members = [
      tf.tensor2d([
        [0.9, 0.1],
        [0.6, 0.4],
      ]),
      tf.tensor2d([
        [0.4, 0.6],
        [0.1, 0.9],
      ]),
    ];
    // Truth 0, 1. The first is wrong on the second example, the other one on the first; their mean is right.
    const classes = await ensembleReport({
      members,
      targets: tf.tensor2d([
        [1, 0],
        [0, 1],
      ]),
      loss: 'categoricalCrossentropy',
      measure: 'errorRate',
    });
    expectClose([...classes.members, classes.mean, classes.ensemble], [0.5, 0.5, 0.5, 0]);
    const binary = await ensembleReport({
      members: [tf.tensor2d([[0.9], [0.6]])],
      targets: tf.tensor2d([[1], [0]]),
      loss: 'binaryCrossentropy',
      measure: 'errorRate',
    });
    expectClose(binary.members, [0.5]);
  });

  it('reports losses, as their definition', async () => {
    const [a, b] = [1, 40].map((from) => probabilities(3, 4, from)) as [number[][], number[][]];
    const truth = [2, 0, 3];
    const targets = tf.oneHot(tf.tensor1d(truth, 'int32'), 4);
    const entropy = (rows: number[][]) =>
      rows.reduce((sum, row, i) => sum - Math.log(row[truth[i]!]!), 0) / 3;
    const mean = a.map((row, i) => row.map((value, j) => (value + b[i]![j]!) / 2));
    const report = await ensembleReport({
      members: [tf.tensor2d(a), tf.tensor2d(b)],
      targets: tf.cast(targets, 'float32'),
      loss: 'categoricalCrossentropy',
      measure: 'loss',
    });
    expectClose([...report.members, report.ensemble], [entropy(a), entropy(b), entropy(mean)]);
    const binary = await ensembleReport({
      members: [tf.tensor2d([[0.8], [0.3]])],
      targets: tf.tensor2d([[1], [0]]),
      loss: 'binaryCrossentropy',
      measure: 'loss',
    });
    expectClose(binary.members, [-(Math.log(0.8) + Math.log(0.7)) / 2]);
  });

  it('reads logits as logits', async () => {
    // σ(0.2) > ½ is right, σ(−0.2) < ½ too; against ½ the first would be wrong.
    const members = [tf.tensor2d([[0.2], [-0.2]])];
    const targets = tf.tensor2d([[1], [0]]);
    const loss = binaryCrossentropy({fromLogits: true});
    expectClose((await ensembleReport({members, targets, loss, measure: 'errorRate'})).members, [0]);
    const surprise = Math.log(1 + Math.exp(-0.2));
    expectClose((await ensembleReport({members, targets, loss, measure: 'loss'})).members, [surprise]);
    await expect(ensembleReport({members, targets, loss})).rejects.toMatchObject({code: 'bad-measure'});
    await expect(ensembleReport({members, targets, combine: 'logits'})).rejects.toMatchObject({
      code: 'bad-combine',
    });
    await expect(ensembleReport({members, targets, measure: 'errorRate'})).rejects.toMatchObject({
      code: 'metric-mismatch',
    });
  });

  it('refuses what does not fit', async () => {
    const targets = tf.tensor1d([1]);
    await expect(ensembleReport({members: [], targets})).rejects.toSatisfy(RegularizerError.isInstance);
    await expect(ensembleReport({members: [tf.tensor1d([1, 2])], targets})).rejects.toThrow(/shape \[2\]/);
    await expect(
      ensembleReport({members: [targets], targets, measure: 'auc' as 'errorRate'}),
    ).rejects.toThrow(/measure/);
  });
});
