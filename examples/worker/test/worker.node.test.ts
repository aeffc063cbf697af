// The example as `vite build` makes it, in a browser.
import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {openExample} from '../../../vitest/example-page.ts';

const folder = new URL('..', import.meta.url);

test('trains while the page stays at hand, and stops when it is told to', {timeout: 180_000}, async () => {
  const outDir = mkdtempSync(join(tmpdir(), 'example-'));
  const {page, errors, close} = await openExample(folder, outDir);
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
    rmSync(outDir, {recursive: true});
  }
});

test('it is of the right types', {timeout: 120_000}, () => {
  const tsc = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));
  const {stdout} = spawnSync(process.execPath, [tsc, '-p', fileURLToPath(folder)], {encoding: 'utf8'});
  expect(stdout).toBe('');
});
