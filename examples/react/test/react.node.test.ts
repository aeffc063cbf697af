// The example as `vite build` makes it, in a browser.
import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {openExample} from '../../../vitest/example-page.ts';

const folder = new URL('..', import.meta.url);

test('trains by what is ticked, shows each epoch, and stops', {timeout: 180_000}, async () => {
  const outDir = mkdtempSync(join(tmpdir(), 'example-'));
  const {page, errors, close} = await openExample(folder, outDir);
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
    rmSync(outDir, {recursive: true});
  }
});

test('it is of the right types', {timeout: 120_000}, () => {
  const tsc = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));
  const {stdout} = spawnSync(process.execPath, [tsc, '-p', fileURLToPath(folder)], {encoding: 'utf8'});
  expect(stdout).toBe('');
});
