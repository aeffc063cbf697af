import {readdirSync, readFileSync, statSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';

/** The file that makes a folder of the cache complete. It lists the others, and is written last. */
export const manifestName = 'manifest.json';

/** What a folder of the cache holds. */
export interface Manifest {
  /** The version of tfjs-node that it is for. */
  readonly tfjsNode: string;
  /** The version of TensorFlow that the addon is linked with. */
  readonly tensorflow: string;
  /** Where libtensorflow came from. */
  readonly source: 'stock' | 'wheel';
  /** The path in the folder of the addon that tfjs-node loads. */
  readonly binding: string;
  /** The size in bytes of every file that loading needs, by its path in the folder. */
  readonly files: Readonly<Record<string, number>>;
}

/** A complete folder of the cache. */
export interface CacheEntry {
  /** The folder. */
  readonly folder: string;
  /** What is in it. */
  readonly manifest: Manifest;
}

/**
 * The folder that holds everything that set-up makes: `$REGULARIZERS_CACHE/native`, or
 * `regularizers/native` in the user's cache folder.
 *
 * @param env - the environment; @defaultValue `process.env`
 * @param platform - Node's name for the operating system; @defaultValue `process.platform`
 * @returns an absolute path, whether or not it exists
 */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): string {
  const {REGULARIZERS_CACHE: own} = env;
  return own ? join(own, 'native') : join(userCache(env, platform), 'regularizers', 'native');
}

function userCache({LOCALAPPDATA, XDG_CACHE_HOME}: NodeJS.ProcessEnv, platform: string): string {
  if (platform === 'win32') return LOCALAPPDATA || join(homedir(), 'AppData', 'Local');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  return XDG_CACHE_HOME || join(homedir(), '.cache');
}

/** The end of the name of every entry for this machine. */
export const machineName: string = `${process.platform}-${process.arch}`;

/**
 * The entry in a folder, if every file that its manifest names is there in full.
 *
 * @param folder - the folder
 * @returns the entry, or undefined if it is absent, half written or damaged
 */
export function readEntry(folder: string): CacheEntry | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, manifestName), 'utf8')) as Manifest;
    const files = Object.entries(manifest.files);
    const whole = files.every(([path, bytes]) => statSync(join(folder, path)).size === bytes);
    return whole && manifest.binding in manifest.files ? {folder, manifest} : undefined;
  } catch {
    return undefined; // no folder, no manifest, or a file missing: all the same as not there
  }
}

/**
 * The complete entries for one version of tfjs-node on this machine, the best first: a stock build is what
 * tfjs-node was tested with; after that, the newest TensorFlow.
 *
 * @param tfjsNode - the version of tfjs-node
 * @param root - the cache
 * @returns the entries that are whole
 */
export function findEntries(tfjsNode: string, root: string): CacheEntry[] {
  const rank = ({manifest}: CacheEntry) => (manifest.source === 'stock' ? 1 : 0);
  return list(root)
    .filter((name) => name.startsWith(`${tfjsNode}-`) && name.endsWith(`-${machineName}`))
    .flatMap((name) => readEntry(join(root, name)) ?? [])
    .sort((a, b) => rank(b) - rank(a) || compareVersions(b.manifest.tensorflow, a.manifest.tensorflow));
}

/**
 * The names in a folder.
 *
 * @param folder - the folder
 * @returns its names, sorted; none if it is absent
 */
export function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/**
 * Compares two version numbers part by part, as numbers.
 *
 * @param a - a version such as `2.21.0`
 * @param b - another
 * @returns a negative number if a is older, a positive one if it is newer, 0 if they are equal
 */
export function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', {numeric: true});
}
