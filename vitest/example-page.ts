// For the examples that are pages: a folder served as it is, and a browser that opens it.
import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {execPath} from 'node:process';
import {fileURLToPath} from 'node:url';
import type {Page} from 'playwright-core';
import {build, defaultClientConditions, preview} from 'vite';
import {openChromium} from './chromium.ts';
import {type Served, serveFolder} from './served-folder.ts';

/** A page that is open. */
export interface OpenPage {
  readonly page: Page;
  /** What went wrong in it, and what it asked of other hosts. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

/** As `vite build && vite preview` would, from the workspace's sources. */
async function serveBuild(folder: string): Promise<Served> {
  const outDir = mkdtempSync(join(tmpdir(), 'example-'));
  const common = {root: folder, logLevel: 'silent'} as const;
  await build({
    ...common,
    resolve: {conditions: ['source', ...defaultClientConditions]},
    build: {outDir, emptyOutDir: true, minify: false},
  });
  const server = await preview({...common, build: {outDir}, preview: {host: '127.0.0.1', port: 0}});
  return {
    origin: `http://127.0.0.1:${(server.httpServer.address() as AddressInfo).port}`,
    close: async () => {
      await server.close();
      rmSync(outDir, {recursive: true});
    },
  };
}

/**
 * Serves an example's folder and opens it.
 *
 * @param folder a URL of the folder
 * @param how built by Vite, or as it is
 */
export async function openExample(folder: URL, how: 'built' | 'as it is'): Promise<OpenPage> {
  const path = fileURLToPath(folder);
  const served = await (how === 'built' ? serveBuild(path) : serveFolder(path));
  const browser = await openChromium();
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', ({message}) => errors.push(message));
  page.on('requestfailed', (request) => errors.push(`${request.url()} ${request.failure()?.errorText}`));
  page.on('response', (response) => {
    if (response.status() >= 400 && !response.url().endsWith('/favicon.ico')) {
      errors.push(`${response.url()} ${response.status()}`);
    }
  });
  page.on('request', (request) => {
    if (/^https?:/.test(request.url()) && !request.url().startsWith(served.origin))
      errors.push(request.url());
  });
  await page.goto(served.origin);
  return {
    page,
    errors,
    close: async () => {
      await browser.close();
      await served.close();
    },
  };
}

/** What TypeScript finds wrong with an example that has a tsconfig.json: nothing, if all is well. */
export function typeErrors(folder: URL): string {
  const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
  return spawnSync(execPath, [tsc, '-p', fileURLToPath(folder)], {encoding: 'utf8'}).stdout;
}
