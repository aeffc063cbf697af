// The example as `vite build` makes it, in a browser.
import {expect, test} from 'vitest';
import {openExample, typeErrors} from '../../../vitest/example-page.ts';

const folder = new URL('..', import.meta.url);

test('trains by what is ticked, shows each epoch, and stops', {timeout: 180_000}, async () => {
  const {page, errors, close} = await openExample(folder, 'built');
  try {
    await page.getByRole('button', {name: 'Start'}).click();
    await page.getByText(/^training, [1-9]\d* epochs/).waitFor({timeout: 120_000});
    await page.getByRole('button', {name: 'Stop'}).click();
    await page.getByText(/^idle, \d+ epochs/).waitFor({timeout: 60_000});
    await page.getByRole('checkbox', {name: 'dropout'}).check();
    await page.getByRole('button', {name: 'Start'}).click();
    const done = page.getByText(/^idle, 60 epochs/);
    await done.waitFor({timeout: 150_000});
    expect(Number(/loss ([\d.]+)$/.exec((await done.textContent()) ?? '')?.[1])).toBeLessThan(0.5);
    expect(await page.getByRole('img', {name: '60 epochs'}).count()).toBe(1);
    expect(errors).toEqual([]);
  } finally {
    await close();
  }
});

test('it is of the right types', {timeout: 120_000}, () => {
  expect(typeErrors(folder)).toBe('');
});
