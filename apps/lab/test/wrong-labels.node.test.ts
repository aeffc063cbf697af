// Which labels are suspect, on probabilities of which that is known.
import {expect, it} from 'vitest';
import {suspectLabels} from '../src/wrong-labels.ts';

const labels = Int32Array.of(0, 0, 1, 1, 1);
const probabilities = Float32Array.of(
  ...[0.9, 0.1],
  ...[0.1, 0.9], // labelled 0, and surely 1
  ...[0.2, 0.8],
  ...[0.45, 0.55],
  ...[0.52, 0.48], // labelled 1, and 0 by a hair: less than what is labelled 0 usually has
);
const examples = Int32Array.of(0, 1, 2, 3, 4);

it('suspects what is surely of another class, and says how well that is known', () => {
  const given = {examples, probabilities, classes: 2, labels};
  const report = suspectLabels({...given, truth: Int32Array.of(0, 1, 1, 0, 1)});
  // Usual for 0: (0.9 + 0.1)/2, for 1: (0.8 + 0.55 + 0.48)/3.
  expect(report.suspects.map(({example, label, likely}) => [example, label, likely])).toEqual([
    [1, 0, 1],
    [4, 1, 0],
  ]);
  expect(report.suspects[0]!.margin).toBeCloseTo(0.8, 6);
  expect(report.judged).toBe(5);
  expect(report.score).toEqual({wrong: 2, found: 1, precision: 0.5, recall: 0.5});
  expect(suspectLabels(given)).not.toHaveProperty('score');
});

it('judges those alone that some member has not seen, by their places', () => {
  const some = suspectLabels({
    examples: Int32Array.of(3, 1),
    probabilities: Float32Array.of(0.1, 0.9, 0.2, 0.8),
    classes: 2,
    labels,
    truth: Int32Array.of(0, 1, 1, 1, 1),
  });
  expect(some.judged).toBe(2);
  expect(some.suspects).toEqual([]); // no class 0 label is usual at 1's
});
