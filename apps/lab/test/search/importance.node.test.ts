import {deriveKey, hostUniform} from '@regularizers/random';
import {expect, it} from 'vitest';
import {importances} from '../../src/search/importance.ts';

const placesOf = (count: number, dimensions: number): readonly (readonly number[])[] => {
  const draws = hostUniform(count * dimensions, deriveKey(3, 'places'));
  return Array.from({length: count}, (_, i) =>
    Array.from(draws.subarray(i * dimensions, (i + 1) * dimensions)),
  );
};

it('a parameter has the share of the variance that it has', () => {
  // Var(2x) : Var(y) is 4 : 1, and z does nothing.
  const trials = placesOf(500, 3).map((places) => ({places, error: 2 * places[0]! + places[1]!}));
  const [x, y, z] = importances(trials)!;
  expect(x).toBeCloseTo(0.8, 1);
  expect(y).toBeCloseTo(0.2, 1);
  expect(z).toBeLessThan(0.01);
});

it('what two do together is of neither', () => {
  const trials = placesOf(500, 2).map((places) => ({
    places,
    error: (places[0]! - 0.5) * (places[1]! - 0.5),
  }));
  for (const share of importances(trials)!) expect(share).toBeLessThan(0.2);
});

it('says nothing of nothing', () => {
  expect(importances([{places: [0.5], error: 1}])).toBeUndefined();
  expect(importances(placesOf(50, 2).map((places) => ({places, error: 1})))).toBeUndefined();
});
