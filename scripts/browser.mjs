// Finds a Chromium for the WebGL suites, or installs one.
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {chromiumPath} from '../apps/lab/scripts/chromium.mjs';
import {giveUp, has, root, run, say} from './run.mjs';

/** An installed Chromium, else Debian's package, else Playwright's own. */
export async function installBrowser() {
  if (chromiumPath()) return;
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0 && has('apt-get')) {
    say("Installing Debian's Chromium.");
    const noQuestions = {env: {DEBIAN_FRONTEND: 'noninteractive'}, quiet: true};
    await run('apt-get', ['update'], noQuestions);
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], noQuestions);
    if (chromiumPath()) return;
  }
  say("Installing Playwright's Chromium.");
  const playwright = join(root, 'node_modules', '.bin', 'playwright-core');
  if ((await run(playwright, ['install', 'chromium'])) === 0) return;
  giveUp(
    'The WebGL suites need Chromium, and none could be installed.',
    'Install it (Debian: apt-get install chromium) or say where it is: CHROMIUM_PATH=/path npm test',
  );
}
