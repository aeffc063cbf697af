import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {type CacheEntry, machineName, readEntry} from '../cache.ts';
import {NativeError} from '../errors.ts';
import type {TfjsNodeCopy} from '../locate.ts';
import type {NativePlatform} from '../platform.ts';
import {buildAddon, builtBinding, findCompiler} from './build.ts';
import {downloadWheel} from './download.ts';
import {extractWheel} from './extract.ts';
import {publish, temporaryFolder} from './files.ts';
import type {Tools} from './tools.ts';
import {verifyBinding} from './verify.ts';

/**
 * Makes the native backend out of TensorFlow's wheel: download it, take libtensorflow and its headers out,
 * compile tfjs-node's addon against them, see that it loads, and give the folder its name in the cache.
 *
 * @param copy - the tfjs-node that the addon is for
 * @param tools - the tools
 * @returns the new entry of the cache
 * @throws NativeError with the code of the step that failed
 */
export async function installWheel(copy: TfjsNodeCopy, tools: Tools): Promise<CacheEntry> {
  const platform = tools.platformOf(tools.machine);
  await findCompiler(tools); // before a long download, not after it
  using staging = temporaryFolder(tools.root);
  const tensorflow = await unpack(platform, staging.path, tools);
  await buildAddon(copy, {path: staging.path, platform}, tools);
  rmSync(join(staging.path, 'include'), {recursive: true});
  const {problem} = await verifyBinding(join(staging.path, builtBinding), tools);
  if (problem) throw wontLoad(tensorflow, problem);
  const target = join(tools.root, `${copy.version}-${tensorflow}-${machineName}`);
  const manifest = {tfjsNode: copy.version, tensorflow, source: 'wheel', binding: builtBinding} as const;
  publish(staging.path, target, manifest);
  return readEntry(target)!;
}

/** Leaves `include` and `lib` in a folder, and the wheel nowhere. */
async function unpack(platform: NativePlatform, folder: string, tools: Tools): Promise<string> {
  using download = temporaryFolder(tools.root);
  const wheel = await downloadWheel(platform, download.path, tools);
  await extractWheel(wheel, folder, platform.libraries, tools);
  return wheel.version;
}

function wontLoad(tensorflow: string, problem: string): NativeError {
  return new NativeError(`TensorFlow ${tensorflow} was built but doesn't load: ${problem}.`, {
    code: 'will-not-load',
    hint: 'Run `npx regularizers-native doctor` and report what it says.',
  });
}
