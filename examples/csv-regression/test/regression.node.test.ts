// The example as people run it.
import {expect, test} from 'vitest';
import {compare, readCsv} from '../regression.mjs';

test('regularizers make the error on held-out rows smaller, well below that of the mean', {
  timeout: 120_000,
}, async () => {
  const {y} = await readCsv(new URL('../data/diabetes.csv', import.meta.url));
  const values = y.map(([value]) => value!);
  const mean = values.reduce((sum, value) => sum + value) / values.length;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  expect(spread).toBeCloseTo(77.0, 1);

  const {'without regularizers': plain, regularized} = await compare();
  expect(regularized).toBeLessThan(plain! - 3);
  // Ordinary least squares comes to 54.
  expect(regularized).toBeLessThan(60);
});
