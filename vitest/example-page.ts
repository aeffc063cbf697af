// For the examples that are pages: a folder served as it is, and a browser that opens it.
import {readFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {extname, join, normalize} from 'node:path';
import {fileURLToPath} from 'node:url';
import {chromium, type Page} from 'playwright-core';
import {build, defaultClientConditions, preview} from 'vite';
import {chromiumPath} from '../apps/lab/scripts/chromium.mjs';

/** A page that is open. */
export interface OpenPage {
  readonly page: Page;
  /** What went wrong in it, and what it asked of other hosts. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

interface Served {
  readonly origin: string;
  close(): Promise<unknown>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

/** As any server of files would: nothing is built. */
async function servedFiles(folder: string): Promise<Served> {
  const server = createServer(async ({url = '/'}, response) => {
    const path = normalize(new URL(url, 'http://localhost').pathname).replace(/\/$/, '/index.html');
    try {
      const body = await readFile(join(folder, path));
      response.writeHead(200, {'content-type': types[extname(path)] ?? 'application/octet-stream'}).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** As `vite build && vite preview` would, from the workspace's sources. */
async function servedBuild(folder: string, outDir: string): Promise<Served> {
  const common = {root: folder, logLevel: 'silent'} as const;
  await build({
    ...common,
    resolve: {conditions: ['source', ...defaultClientConditions]},
    build: {outDir, emptyOutDir: true, minify: false},
  });
  const server = await preview({...common, build: {outDir}, preview: {host: '127.0.0.1', port: 0}});
  return {
    origin: `http://127.0.0.1:${(server.httpServer.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}

/**
 * Serves an example's folder and opens it.
 *
 * @param folder a URL of the folder
 * @param outDir where Vite builds it to; left out, the folder is served as it is
 */
export async function openExample(folder: URL, outDir?: string): Promise<OpenPage> {
  const path = fileURLToPath(folder);
  const served = outDir === undefined ? await servedFiles(path) : await servedBuild(path, outDir);
  const executablePath = chromiumPath();
  const browser = await chromium.launch({
    ...(executablePath ? {executablePath} : {}),
    args: [
      '--no-sandbox',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--ignore-gpu-blocklist',
    ],
  });
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
