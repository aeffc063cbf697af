import {copyFileSync, cpSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {NativeError} from '../errors.ts';
import {findCopies, packageFolder, type TfjsNodeCopy, tfjsNodeVersion} from '../locate.ts';
import {publish, temporaryFolder} from './files.ts';
import {lastLines} from './run.ts';
import type {Tools} from './tools.ts';

const lockFile = fileURLToPath(new URL('../../native/tfjs-node-lock.json', import.meta.url));

/**
 * The copy of tfjs-node to set up: the project's, or else one of our own in the cache.
 *
 * @param tools - the tools
 * @returns the copy
 * @throws NativeError `no-npm` or `download-failed`
 */
export async function ensurePackage(tools: Tools): Promise<TfjsNodeCopy> {
  const [found] = findCopies(tools);
  if (found) return found;
  using staging = temporaryFolder(tools.root);
  await installPackage(staging.path, tfjsNodeVersion, tools);
  const target = join(tools.root, packageFolder(tfjsNodeVersion));
  publish(staging.path, target, {tfjsNode: tfjsNodeVersion});
  return findCopies(tools)[0]!;
}

/**
 * Installs tfjs-node in a folder without running its install script. An empty package takes the place of its
 * own `@tensorflow/tfjs`: the program's copy is what it will be given, and must stay the only one. The version that
 * this package is tested with comes by a lock file that has the hash of each package that comes with it.
 *
 * @param folder - an empty folder
 * @param version - the version of tfjs-node
 * @param tools - the tools
 * @returns the folder of tfjs-node
 * @throws NativeError `no-npm` or `download-failed`
 */
export async function installPackage(folder: string, version: string, tools: Tools): Promise<string> {
  tools.onProgress({stage: 'tfjs-node', message: `Fetching tfjs-node ${version}`});
  const stub = join(folder, 'tfjs-stub');
  mkdirSync(stub);
  writeJson(join(stub, 'package.json'), {name: '@tensorflow/tfjs', version});
  writeJson(join(folder, 'package.json'), {
    private: true,
    dependencies: {'@tensorflow/tfjs-node': version},
    overrides: {'@tensorflow/tfjs': 'file:./tfjs-stub'},
  });
  const isPinned = version === tfjsNodeVersion;
  if (isPinned) copyFileSync(lockFile, join(folder, 'package-lock.json'));
  const {ok, missing, output} = await tools.run({
    program: 'npm',
    args: [isPinned ? 'ci' : 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder],
    cwd: folder,
    signal: tools.signal,
  });
  if (missing) {
    throw new NativeError('npm is not installed, and tfjs-node is fetched with it.', {
      code: 'no-npm',
      hint: 'Install npm, or add @tensorflow/tfjs-node to your project without its install script.',
    });
  }
  if (!ok) {
    throw new NativeError(`npm can't fetch tfjs-node ${version}:\n${lastLines(output)}\n`, {
      code: 'download-failed',
      hint: 'Check the network and the registry that npm is configured with, and run it again.',
    });
  }
  return join(folder, 'node_modules', '@tensorflow', 'tfjs-node');
}

/**
 * Copies a folder with its links as they are.
 *
 * @param from - the folder
 * @param to - where to
 */
export function copyFolder(from: string, to: string): void {
  cpSync(from, to, {recursive: true, verbatimSymlinks: true});
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
