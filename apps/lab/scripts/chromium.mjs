// Where the Chromium that tests and `lab --backend webgl` drive is installed.
import {existsSync} from 'node:fs';

const candidates = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The path of an installed Chromium, or undefined where Playwright's own is to be used. */
export function chromiumPath() {
  return candidates.find((path) => path && existsSync(path));
}
