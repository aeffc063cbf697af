// The example as people run it.
import {expect, test} from 'vitest';
import {compare} from '../sensors.mjs';

test('regularizers tell more of what other people do', {timeout: 120_000}, async () => {
  const {'without regularizers': plain, regularized} = await compare();
  expect(plain).toBeGreaterThan(0.5);
  expect(regularized).toBeGreaterThan(plain!);
});
