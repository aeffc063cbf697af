// The lab's page as it is built and served, and a browser to open it in.
import type {AddressInfo} from 'node:net';
import {fileURLToPath} from 'node:url';
import type {Browser} from 'playwright-core';
import {build, preview} from 'vite';
import {openChromium} from '../../../vitest/chromium.ts';

/** The lab's folder. */
export const root: string = fileURLToPath(new URL('..', import.meta.url));

/** A page that is served. */
export interface ServedPage {
  /** Where it is, without a slash at the end. */
  readonly origin: string;
  readonly browser: Browser;
  close(): Promise<void>;
}

/** The page as it is published, but for what `minify` says. */
const common = {root, configFile: `${root}vite.config.ts`, logLevel: 'silent'} as const;

/** Builds the page into a folder. */
export async function buildPage(outDir: string, {minify}: {readonly minify: boolean}): Promise<void> {
  await build({...common, build: {outDir, emptyOutDir: true, minify}});
}

/**
 * Builds the page, serves it and starts a browser.
 *
 * @param outDir where it is built
 * @param args of the browser, beside the usual ones
 */
export async function servePage(outDir: string, ...args: readonly string[]): Promise<ServedPage> {
  await buildPage(outDir, {minify: false});
  const server = await preview({...common, build: {outDir}, preview: {host: '127.0.0.1', port: 0}});
  const browser = await openChromium(...args);
  return {
    origin: `http://127.0.0.1:${(server.httpServer.address() as AddressInfo).port}`,
    browser,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
