import {existsSync} from 'node:fs';
import {access, constants} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {arch, platform, version} from 'node:process';
import {cacheDistrust, list, manifestName, readSealed} from './cache.ts';
import {NativeError} from './errors.ts';
import {findCandidates, findCopies, type Places, resolveModule} from './locate.ts';
import {describeOneDnn} from './one-dnn.ts';
import {findCompiler} from './setup/build.ts';
import {findPython} from './setup/download.ts';
import {defaultTools, type Tools} from './setup/tools.ts';
import {verifyBinding} from './setup/verify.ts';

/** One thing that was looked at. */
export interface Finding {
  /** What it is. */
  readonly name: string;
  /** Whether it is as it should be. */
  readonly ok: boolean;
  /** What was found. */
  readonly detail: string;
}

/** What {@link diagnoseNative} found. */
export interface Diagnosis {
  /** Whether `registerNative` will work here. */
  readonly works: boolean;
  /** Everything that was looked at. */
  readonly findings: readonly Finding[];
}

/**
 * Looks at everything that the native backend and its set-up depend on, and changes nothing.
 *
 * @returns what it found
 */
export async function diagnoseNative(): Promise<Diagnosis> {
  return diagnoseWith(defaultTools());
}

/**
 * {@link diagnoseNative} with given tools.
 *
 * @param tools - the tools
 * @returns as `diagnoseNative` does
 */
export async function diagnoseWith(tools: Tools): Promise<Diagnosis> {
  const candidates = await checkCandidates(tools);
  const findings = [
    {name: 'Node', ok: true, detail: `${version} on ${platform}-${arch}`},
    await attempt('platform', async () => `TensorFlow's wheel is ${tools.platformOf(tools.machine).wheel}`),
    checkTfjs(),
    checkCopies(tools),
    await checkCache(tools.root),
    ...candidates,
    {name: 'oneDNN', ok: true, detail: describeOneDnn(tools.root)},
    await attempt('Python', () => findPython(tools)),
    await attempt('compiler', () => findCompiler(tools)),
  ];
  return {works: candidates.some(({ok}) => ok), findings};
}

async function attempt(name: string, find: () => Promise<string>): Promise<Finding> {
  try {
    return {name, ok: true, detail: await find()};
  } catch (error) {
    if (!NativeError.isInstance(error)) throw error;
    return {name, ok: false, detail: error.message};
  }
}

function checkTfjs(): Finding {
  const path = resolveModule('@tensorflow/tfjs');
  return {name: 'tfjs', ok: path !== undefined, detail: path ?? 'run: npm install @tensorflow/tfjs'};
}

function checkCopies(places: Places): Finding {
  const [copy] = findCopies(places);
  const detail = copy ? `${copy.version} in the ${copy.owner}: ${copy.folder}` : 'none yet';
  return {name: 'tfjs-node', ok: copy !== undefined, detail};
}

async function checkCache(root: string): Promise<Finding> {
  const open = cacheDistrust(root);
  if (open) return {name: 'cache', ok: false, detail: `${root} is not used, since ${open}`};
  const broken = list(root).filter(
    (name) => existsSync(join(root, name, manifestName)) && !readSealed(join(root, name)),
  );
  if (broken.length > 0) return {name: 'cache', ok: false, detail: `${root}: ${broken.join(', ')} damaged`};
  const ok = await access(nearest(root), constants.W_OK).then(
    () => true,
    () => false,
  );
  return {name: 'cache', ok, detail: ok ? root : `${root} can't be written; set REGULARIZERS_CACHE`};
}

function nearest(path: string): string {
  return existsSync(path) ? path : nearest(dirname(path));
}

async function checkCandidates(tools: Tools): Promise<Finding[]> {
  const candidates = findCandidates(tools);
  if (candidates.length === 0) {
    return [{name: 'addon', ok: false, detail: 'none; run: npx regularizers-native setup'}];
  }
  return Promise.all(
    candidates.map(async ({bindingPath, source}) => {
      const {version: tensorflow, problem} = await verifyBinding(bindingPath, tools);
      const state = tensorflow ? `TensorFlow ${tensorflow}` : problem;
      return {name: `addon (${source})`, ok: tensorflow !== undefined, detail: `${state}: ${bindingPath}`};
    }),
  );
}
