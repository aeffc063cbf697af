// Node only: a runner that trains on WebGL in a Chromium that it drives.
import {RegularizerError} from '@regularizers/core';
import {type Browser, chromium, type Page} from 'playwright-core';
import {chromiumPath} from '../../../../scripts/chromium.mjs';
import {type MnistBytes, mnistFiles, mnistParts} from '../data/mnist.ts';
import type {Recipe} from '../recipe.ts';
import type {RunHooks, Runner} from '../runner.ts';
import {type DriverHandle, type PageHandle, receive} from './protocol.ts';
import {bundlePage, type Files, serve} from './server.ts';

/** What a browser runner needs from Node. */
export interface BrowserRunnerOptions {
  /** MNIST's files, read when a recipe asks for them. */
  readonly mnistBytes: () => Promise<MnistBytes>;
}

declare const lab: PageHandle;

/**
 * Starts an installed Chromium without a window and trains in it, on WebGL: on the graphics card where there is one,
 * else on Chromium's own software renderer.
 *
 * @throws RegularizerError with code `no-browser` if there is no Chromium, or it does not start
 */
export async function browserRunner({mnistBytes}: BrowserRunnerOptions): Promise<Runner> {
  const browser = await launch();
  try {
    const files = await bundlePage();
    const server = await serve(files);
    const page = await browser.newPage();
    let hooks: RunHooks = {};
    await bind(page, {
      labEpoch: async (report) => hooks.onEpoch?.(report),
      labProgress: async (progress) => hooks.onProgress?.(progress),
    });
    await page.goto(server.address);
    await page.waitForFunction(() => 'lab' in globalThis);
    const prepare = (recipe: Recipe): Promise<void> => addData(files, recipe, mnistBytes);
    return {
      label: `webgl (Chromium ${browser.version()}${await rendererOf(page)})`,
      async preview(recipe) {
        await prepare(recipe);
        return receive(await asked(page.evaluate((given) => lab.preview(given), recipe)));
      },
      async run(recipe, given = {}) {
        await prepare(recipe);
        hooks = given;
        const abort = (): void => void page.evaluate(() => lab.abort()).catch(() => undefined);
        given.signal?.addEventListener('abort', abort, {once: true});
        try {
          return receive(await asked(page.evaluate((one) => lab.run(one), recipe)));
        } finally {
          given.signal?.removeEventListener('abort', abort);
          hooks = {};
        }
      },
      async close() {
        await browser.close();
        await server.close();
      },
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** True where {@link browserRunner} will find a Chromium. */
export const hasChromium = (): boolean => chromiumPath() !== undefined;

async function launch(): Promise<Browser> {
  const executablePath = chromiumPath();
  try {
    return await chromium.launch({
      ...(executablePath ? {executablePath} : {}),
      // The last one lets Chromium render in software where there is no graphics card.
      args: ['--ignore-gpu-blocklist', '--enable-unsafe-swiftshader'],
      handleSIGINT: false, // the command line ends the run first
    });
  } catch (error) {
    throw new RegularizerError({
      where: 'webgl',
      code: 'no-browser',
      message: executablePath ? `${executablePath} does not start` : 'there is no Chromium to train in',
      hint: 'Install Chromium (Debian: apt-get install chromium), or say where it is: CHROMIUM_PATH=/path',
      cause: error,
    });
  }
}

async function bind(page: Page, driver: DriverHandle): Promise<void> {
  await page.exposeFunction('labEpoch', driver.labEpoch);
  await page.exposeFunction('labProgress', driver.labProgress);
}

/** Puts the data files that a recipe needs where the page can fetch them. */
async function addData(files: Files, {data}: Recipe, mnistBytes: () => Promise<MnistBytes>): Promise<void> {
  if (data.name !== 'mnist' || files.has(`/mnist/${mnistFiles.trainImages}.gz`)) return;
  const bytes = await mnistBytes();
  for (const part of mnistParts) files.set(`/mnist/${mnistFiles[part]}.gz`, bytes[part]);
}

/** A page that is gone is said plainly. */
async function asked<Value>(answer: Promise<Value>): Promise<Value> {
  try {
    return await answer;
  } catch (error) {
    throw new RegularizerError({
      where: 'webgl',
      code: 'browser-failed',
      message: 'the browser ended before the run did',
      cause: error,
    });
  }
}

/** `, ANGLE (…)`: what draws, which tells a graphics card from software. */
async function rendererOf(page: Page): Promise<string> {
  const renderer = await page.evaluate(() => {
    const context = document.createElement('canvas').getContext('webgl2');
    const names = context?.getExtension('WEBGL_debug_renderer_info');
    return context && names ? String(context.getParameter(names.UNMASKED_RENDERER_WEBGL)) : '';
  });
  if (renderer === '') return '';
  return /swiftshader/i.test(renderer) ? ', in software' : `, ${renderer}`;
}
