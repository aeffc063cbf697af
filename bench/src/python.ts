// The Python peers: each in a virtual environment of its own in the user's cache folder, made on first use.
import {spawn, spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import envPaths from 'env-paths';

/** What a virtual environment holds. */
export interface Environment {
  readonly name: string;
  readonly title: string;
  readonly packages: readonly string[];
  /** Said before it is installed. */
  readonly notice?: string;
}

const onLinux = process.platform === 'linux';

export const torchEnvironment: Environment = {
  name: 'torch',
  title: 'PyTorch',
  packages: ['torch==2.15.0', 'torchvision==0.29.2', 'numpy'],
  ...(onLinux && {notice: "PyPI's Linux wheel of it brings CUDA's libraries: 5 GB on disk."}),
};

export const kerasEnvironment: Environment = {
  name: 'keras',
  title: 'Keras',
  // The TensorFlow that @regularizers/native takes as well.
  packages: [onLinux ? 'tensorflow-cpu==2.21.0' : 'tensorflow==2.21.0'],
};

/** The Python of an environment, which is installed first where it is due; undefined, and why, where it can't be. */
export async function pythonOf(
  {name, title, packages, notice}: Environment,
  say: (text: string) => void,
): Promise<string | undefined> {
  const folder = join(cacheFolder(), name);
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const stamp = join(folder, 'installed');
  const wanted = packages.join('\n');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  const base = ['python3', 'python'].find((one) => spawnSync(one, ['--version']).status === 0);
  if (!base) {
    say(`${title} is left out: there is no Python.`);
    return undefined;
  }
  say(`Installing ${title}.${notice ? ` ${notice}` : ''}`);
  rmSync(folder, {recursive: true, force: true});
  mkdirSync(folder, {recursive: true});
  const problem =
    (await run(base, ['-m', 'venv', folder])) ??
    (await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]));
  if (problem !== undefined) {
    say(`${title} is left out: it could not be installed.\n${problem}`);
    return undefined;
  }
  writeFileSync(stamp, wanted);
  return python;
}

function cacheFolder(): string {
  const root = process.env['REGULARIZERS_CACHE'] || envPaths('regularizers', {suffix: ''}).cache;
  return join(root, 'bench');
}

/** Runs a command; resolves with the end of what it said if it failed. */
function run(command: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {stdio: ['ignore', 'pipe', 'pipe']});
    let output = '';
    const take = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-2000);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? undefined : output));
  });
}
