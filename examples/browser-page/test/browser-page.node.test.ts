// The page as it lies in the folder, with nothing built, in a browser.
import {expect, test} from 'vitest';
import {openExample} from '../../../vitest/example-page.ts';

test('trains in a page without a bundler, and the regularized network tells more points right', {
  timeout: 120_000,
}, async () => {
  const {page, errors, close} = await openExample(new URL('..', import.meta.url), 'as it is');
  try {
    await page.getByText('done on webgl').waitFor({timeout: 100_000});
    const rows = await page.locator('tbody tr').allInnerTexts();
    const [plain, regularized] = rows.map((row) => Number(/([\d.]+) %$/.exec(row)?.[1]));
    expect(plain).toBeGreaterThan(70);
    expect(regularized).toBeGreaterThan(plain!);
    expect(errors).toEqual([]);
  } finally {
    await close();
  }
});
