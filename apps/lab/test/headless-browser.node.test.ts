// The browser that the command line starts for WebGL.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {openBrowser} from '../src/headless/browser.ts';

test('a temporary folder with a long name, too long for a socket, does not keep it from starting', async () => {
  const before = process.env['TMPDIR'];
  const long = mkdtempSync(join(tmpdir(), `${'a-long-name-'.repeat(10)}-`));
  process.env['TMPDIR'] = long;
  try {
    const browser = await openBrowser(undefined);
    expect(await browser.page.evaluate('1 + 1')).toBe(2);
    await browser.close();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(long, {recursive: true, force: true});
  }
});
