// A folder served on the loopback interface, and opened in Chromium.
import {createReadStream, statSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {extname, join, normalize} from 'node:path';
import {type Browser, chromium} from 'playwright-core';
import {chromiumPath} from '../../apps/lab/scripts/chromium.mjs';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** Serves a folder's files on a free port. */
export async function serveFolder(
  folder: string,
): Promise<{readonly origin: string; close(): Promise<void>}> {
  const server = createServer(({url = '/'}, response) => {
    const path = join(folder, normalize(decodeURIComponent(new URL(url, 'http://localhost').pathname)));
    if (!statSync(path, {throwIfNoEntry: false})?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {'content-type': types[extname(path)] ?? 'application/octet-stream'});
    createReadStream(path).pipe(response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const {port} = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {origin: `http://127.0.0.1:${port}`, close};
}

/** Starts the Chromium that the other suites drive, too. */
export function openChromium(): Promise<Browser> {
  const executablePath = chromiumPath();
  return chromium.launch({
    ...(executablePath ? {executablePath} : {}),
    args: ['--no-sandbox', '--ignore-gpu-blocklist', '--enable-unsafe-swiftshader'],
  });
}

/**
 * Opens a page that sets `globalThis.outcome`, and waits for that.
 *
 * @throws Error with what the page complained of, if anything
 */
export async function outcomeOf(browser: Browser, address: string): Promise<unknown> {
  const page = await browser.newPage();
  try {
    const complaint = new Promise<never>((_, reject) => {
      page.on('pageerror', (error) => reject(error));
      page.on('response', (response) => {
        if (response.status() >= 400 && !response.url().endsWith('/favicon.ico')) {
          reject(new Error(`${response.status()} ${response.url()}`));
        }
      });
    });
    complaint.catch(() => undefined); // it may come later
    const found = page.waitForFunction(() => (globalThis as {outcome?: unknown}).outcome, undefined, {
      timeout: 120_000,
    });
    found.catch(() => undefined);
    await page.goto(address);
    return await (await Promise.race([found, complaint])).jsonValue();
  } finally {
    await page.close();
  }
}
