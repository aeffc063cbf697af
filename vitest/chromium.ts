// The Chromium that suites drive: an installed one, else Playwright's own, which renders in software.
import {type Browser, chromium, type LaunchOptions} from 'playwright-core';
import {chromiumPath} from '../apps/lab/scripts/chromium.mjs';

const executablePath = chromiumPath();

/** How it is started. */
export const launchOptions: LaunchOptions & {readonly args: string[]} = {
  ...(executablePath ? {executablePath} : {}),
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
};

/** Starts it, with arguments of a suite's own beside those. */
export function openChromium(...more: readonly string[]): Promise<Browser> {
  return chromium.launch({...launchOptions, args: [...launchOptions.args, ...more]});
}
