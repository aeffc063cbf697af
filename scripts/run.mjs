// What the set-up scripts share: running commands, and saying what goes on.
import {spawn, spawnSync} from 'node:child_process';
import {delimiter, join} from 'node:path';
import {fileURLToPath} from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const isWindows = process.platform === 'win32';

/** Says what the script is about to do, on stderr, so that stdout stays the main job's. */
export function say(text) {
  process.stderr.write(`\x1b[2m·\x1b[0m ${text}\n`);
}

/** Ends the script with a reason and what to do about it. */
export function giveUp(what, todo) {
  process.stderr.write(`\x1b[31m✗\x1b[0m ${what}\n${todo ? `  ${todo}\n` : ''}`);
  process.exit(1);
}

/** The tools that the workspace has installed come first, pnpm among them, which turbo looks for. */
const path = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`;

/** Runs a command with this terminal; resolves with its exit code. */
export function run(command, args, {env = {}, quiet = false} = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: {...process.env, PATH: path, ...env},
      shell: isWindows,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['inherit', 'inherit', 'inherit'],
    });
    const output = [];
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    const end = (code) => {
      if (quiet && code !== 0) process.stderr.write(Buffer.concat(output));
      resolve(code ?? 1);
    };
    child.on('error', () => end(127));
    child.on('close', end);
  });
}

/** True if a command can be started. */
export function has(command) {
  return spawnSync(command, ['--version'], {stdio: 'ignore', shell: isWindows}).status === 0;
}
