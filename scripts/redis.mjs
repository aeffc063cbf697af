// Finds a Redis or Valkey server for the suites of workers, or installs one.
import {existsSync} from 'node:fs';
import {giveUp, has, run, say} from './run.mjs';

const isInstalled = () => has('redis-server') || has('valkey-server');

/** An installed server, else Debian's package. */
export async function installRedis() {
  if (isInstalled()) return;
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0 && has('apt-get')) {
    say("Installing Debian's Redis.");
    const noQuestions = {env: {DEBIAN_FRONTEND: 'noninteractive'}, quiet: true};
    await run('apt-get', ['update'], noQuestions);
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'redis-server'], noQuestions);
    if (isInstalled()) return;
  }
  giveUp(
    'The suites of workers need a Redis or Valkey server, and none could be installed.',
    'Install it: apt-get install redis-server (Debian), brew install redis (macOS).',
  );
}
