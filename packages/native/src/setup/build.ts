import {createRequire} from 'node:module';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {NativeError} from '../errors.ts';
import type {TfjsNodeCopy} from '../locate.ts';
import type {NativePlatform} from '../platform.ts';
import {quietName} from '../quiet.ts';
import {lastLines} from './run.ts';
import type {Tools} from './tools.ts';

/** What an addon is built in: a folder with TensorFlow's `include` and `lib`. */
export interface BuildFolder {
  /** The folder. */
  readonly path: string;
  /** How to link. */
  readonly platform: NativePlatform;
}

/** The addon's path in the folder. */
export const builtBinding = 'lib/tfjs_binding.node';

/**
 * Compiles tfjs-node's addon against the libraries of a wheel, and the helper that keeps it quiet. The addon
 * uses nothing of Node but N-API, so one build serves every version of Node.
 *
 * @param copy - the tfjs-node whose sources to compile
 * @param folder - where
 * @param tools - the tools
 * @throws NativeError `no-compiler` or `build-failed`
 */
export async function buildAddon(copy: TfjsNodeCopy, folder: BuildFolder, tools: Tools): Promise<void> {
  const {libraries, linkerFlags} = folder.platform;
  const compiler = await findCompiler(tools);
  const require = createRequire(import.meta.url);
  const {include_dir: nodeHeaders} = require('node-api-headers') as {include_dir: string};
  const common = ['-std=c++17', '-O2', '-fPIC', '-DNAPI_VERSION=8', `-I${nodeHeaders}`, ...linkerFlags];
  const lib = join(folder.path, 'lib');
  const compile = async (args: readonly string[]) => {
    const {ok, output} = await tools.run({
      program: compiler,
      args: [...common, ...args],
      signal: tools.signal,
    });
    if (!ok) throw failed(compiler, output);
  };
  tools.onProgress({stage: 'build', message: "Compiling tfjs-node's addon"});
  await compile([
    '-o',
    join(lib, quietName),
    fileURLToPath(new URL('../../native/quiet.cc', import.meta.url)),
  ]);
  await compile([
    `-I${join(folder.path, 'include')}`,
    '-o',
    join(folder.path, builtBinding),
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(copy.folder, 'binding', name)),
    ...libraries.map((name) => join(lib, name)),
  ]);
}

/**
 * The C++ compiler: `$CXX`, or the first of the usual ones that is there.
 *
 * @param tools - the tools
 * @returns its name
 * @throws NativeError `no-compiler`
 */
export async function findCompiler({run, signal}: Pick<Tools, 'run' | 'signal'>): Promise<string> {
  const {CXX: own} = process.env;
  for (const program of own ? [own] : ['g++', 'clang++', 'c++']) {
    if ((await run({program, args: ['--version'], signal})).ok) return program;
  }
  throw new NativeError("There is no C++ compiler, and tfjs-node's addon has to be built.", {
    code: 'no-compiler',
    hint: 'Install one (Debian, Ubuntu: sudo apt install g++; Fedora: sudo dnf install gcc-c++; macOS: xcode-select --install).',
  });
}

function failed(compiler: string, output: string): NativeError {
  const first = output.match(/^.*error: .*$/m)?.[0] ?? lastLines(output);
  return new NativeError(`${compiler} can't compile tfjs-node's addon:\n${first}\n`, {
    code: 'build-failed',
    hint: 'It needs C++17: g++ 8 or clang 7, or newer. Set CXX to choose another compiler.',
  });
}
