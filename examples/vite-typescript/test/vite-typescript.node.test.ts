// The example as `vite build` makes it, in a browser.
import {expect, test} from 'vitest';
import {openExample, typeErrors} from '../../../vitest/example-page.ts';

const folder = new URL('..', import.meta.url);

test('trains in the page, and the regularized network tells more shapes', {timeout: 180_000}, async () => {
  const {page, errors, close} = await openExample(folder, 'built');
  try {
    await page.getByText('done on webgl').waitFor({timeout: 150_000});
    const rows = await page.locator('tbody tr').allInnerTexts();
    const [plain, regularized] = rows.map((row) => Number(/([\d.]+) %$/.exec(row)?.[1]));
    expect(plain).toBeGreaterThan(30);
    expect(regularized).toBeGreaterThan(plain! + 5);
    expect(errors).toEqual([]);
  } finally {
    await close();
  }
});

test('it is of the right types', {timeout: 120_000}, () => {
  expect(typeErrors(folder)).toBe('');
});
