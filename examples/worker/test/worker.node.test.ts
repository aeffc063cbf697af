// The example as `vite build` makes it, in a browser.
import {expect, test} from 'vitest';
import {openExample, typeErrors} from '../../../vitest/example-page.ts';

const folder = new URL('..', import.meta.url);

test('trains while the page stays at hand, and stops when it is told to', {timeout: 180_000}, async () => {
  const {page, errors, close} = await openExample(folder, 'built');
  try {
    await page.getByRole('button', {name: 'Start'}).click();
    await page.getByText(/^epoch \d+: /).waitFor({timeout: 120_000});
    // The page answers while the worker trains.
    expect(await page.evaluate(() => 1 + 1)).toBe(2);
    await page.getByRole('button', {name: 'Stop'}).click();
    const end = page.getByText(/^stopped by hand: [\d.]+ % right$/);
    await end.waitFor({timeout: 60_000});
    // And again, to the end.
    await page.getByRole('button', {name: 'Start'}).click();
    const done = page.getByText(/^(done|validation.*): [\d.]+ % right$/);
    await done.waitFor({timeout: 150_000});
    const accuracy = Number(/([\d.]+) % right$/.exec((await done.textContent()) ?? '')?.[1]);
    expect(accuracy).toBeGreaterThan(70);
    expect(errors).toEqual([]);
  } finally {
    await close();
  }
});

test('it is of the right types', {timeout: 120_000}, () => {
  expect(typeErrors(folder)).toBe('');
});
