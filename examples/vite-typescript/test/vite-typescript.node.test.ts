// The example as `vite build` makes it, in a browser.
import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {openExample} from '../../../vitest/example-page.ts';

const folder = new URL('..', import.meta.url);

test('trains in the page, and the regularized network tells more shapes', {timeout: 180_000}, async () => {
  const outDir = mkdtempSync(join(tmpdir(), 'example-'));
  const {page, errors, close} = await openExample(folder, outDir);
  try {
    await page.getByText('done on webgl').waitFor({timeout: 150_000});
    const rows = await page.locator('tbody tr').allInnerTexts();
    const [plain, regularized] = rows.map((row) => Number(/([\d.]+) %$/.exec(row)?.[1]));
    expect(plain).toBeGreaterThan(30);
    expect(regularized).toBeGreaterThan(plain! + 5);
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
