// Installs the workspace's packages, builds them, and sets up the native backend: each only where it is due.
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {giveUp, has, root, run, say} from './run.mjs';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Refuses a Node that is too old, before anything is installed. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    giveUp(`Node ${process.versions.node} is too old.`, `Install Node ${manifest.engines.node}.`);
  }
  if (!has('npx')) giveUp('npx is missing.', 'Install npm, which brings it.');
}

/** `pnpm install`, unless the lock file is the one that was installed last. */
export async function installPackages() {
  const lock = readFileSync(join(root, 'pnpm-lock.yaml'));
  const stamp = join(root, 'node_modules', '.installed-lock');
  const digest = createHash('sha256').update(lock).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  say('Installing packages.');
  const code = await run('npx', ['--yes', manifest.packageManager, 'install', '--frozen-lockfile']);
  if (code !== 0) giveUp('The packages could not be installed.', 'Is the npm registry reachable? Try again.');
  mkdirSync(join(root, 'node_modules'), {recursive: true});
  writeFileSync(stamp, digest);
}

/** Builds a package and what it depends on. */
export async function buildPackages(filter) {
  const turbo = join(root, 'node_modules', '.bin', 'turbo');
  const args = ['run', 'build', '--output-logs=errors-only', '--no-update-notifier'];
  say('Building.');
  const code = await run(turbo, [...args, ...(filter ? [`--filter=${filter}`] : [])], {
    env: {TURBO_TELEMETRY_DISABLED: '1'},
  });
  if (code !== 0) giveUp('The build failed.', 'See above.');
}

/** Sets up the native TensorFlow backend; resolves with false where it cannot be had. */
export async function installNative() {
  const code = await run(process.execPath, [
    join('packages', 'native', 'bin', 'regularizers-native.js'),
    'setup',
  ]);
  return code === 0;
}
