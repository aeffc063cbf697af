import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {NativeError} from './errors.ts';
import {isSealed, type Seal} from './seal.ts';
import {distrustOf} from './trust.ts';

/** Variables by their names. Declared here, since what is published is not to need Node's types. */
export type Environment = Record<string, string | undefined>;

/** The file that makes a folder of the cache complete. It lists the others, and is written last. */
export const manifestName = 'manifest.json';

/** What a folder of the cache says of itself. */
export interface Sealed {
  /** The version of tfjs-node that it is, or is for. */
  readonly tfjsNode: string;
  /** All that was in the folder when it was made. */
  readonly files: Seal;
}

/** What a folder with an addon says of itself. */
export interface Manifest extends Sealed {
  /** The version of TensorFlow that the addon is linked with. */
  readonly tensorflow: string;
  /** Where libtensorflow came from. */
  readonly source: 'stock' | 'wheel';
  /** The path in the folder of the addon that tfjs-node loads. */
  readonly binding: string;
}

/** A complete folder of the cache. */
export interface CacheEntry {
  /** The folder. */
  readonly folder: string;
  /** What is in it. */
  readonly manifest: Manifest;
}

/**
 * The folder that holds everything that set-up makes: `$REGULARIZERS_CACHE/native-2`, or
 * `regularizers/native-2` in the user's cache folder. The number is that of the format: what an older version made
 * stays for whoever still uses that, and is made anew here.
 *
 * @param env - the environment; @defaultValue `process.env`
 * @param platform - Node's name for the operating system; @defaultValue `process.platform`
 * @returns an absolute path, whether or not it exists
 */
export function cacheRoot(
  env: Readonly<Environment> = process.env,
  platform: string = process.platform,
): string {
  const {REGULARIZERS_CACHE: own} = env;
  return own ? join(own, folderName) : join(userCache(env, platform), 'regularizers', folderName);
}

const folderName = 'native-2';

function userCache({LOCALAPPDATA, XDG_CACHE_HOME}: Readonly<Environment>, platform: string): string {
  if (platform === 'win32') return LOCALAPPDATA || join(homedir(), 'AppData', 'Local');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  return XDG_CACHE_HOME || join(homedir(), '.cache');
}

/** The end of the name of every entry for this machine. */
export const machineName: string = `${process.platform}-${process.arch}`;

/**
 * What a folder says of itself, if it holds what it was sealed with and nobody else could have written it. The folders
 * above it are not looked at.
 *
 * @param folder - the folder
 * @returns its manifest, or undefined if it is absent, half written, damaged or open to others
 */
export function readSealed(folder: string): Sealed | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, manifestName), 'utf8')) as Sealed;
    return isSealed(folder, manifest.files, [manifestName]) ? manifest : undefined;
  } catch {
    return undefined; // no folder, no manifest, or one of no use: all the same as not there
  }
}

/**
 * The entry in a folder, if it is whole: see {@link readSealed}.
 *
 * @param folder - the folder
 * @returns the entry, or undefined
 */
export function readEntry(folder: string): CacheEntry | undefined {
  const manifest = readSealed(folder) as Manifest | undefined;
  return manifest && Object.hasOwn(manifest.files, manifest.binding) ? {folder, manifest} : undefined;
}

/**
 * Why nothing in a cache may be run, where it is open to others.
 *
 * @param root - the cache
 * @returns the reason; undefined if the cache is absent, or nobody but this user and root can change it
 */
export function cacheDistrust(root: string): string | undefined {
  return existsSync(root) ? distrustOf(root) : undefined;
}

/**
 * The error of a cache that others can write to.
 *
 * @param root - the cache
 * @param reason - what is open
 * @returns the error
 */
export function notTrusted(root: string, reason: string): NativeError {
  return new NativeError(`Nothing in the cache ${root} is run, since ${reason}.`, {
    code: 'cache-not-trusted',
    hint: 'Mend that, or point REGULARIZERS_CACHE at a folder that is yours alone.',
  });
}

/**
 * The complete entries for one version of tfjs-node on this machine, the best first: a stock build is what
 * tfjs-node was tested with; after that, the newest TensorFlow.
 *
 * @param tfjsNode - the version of tfjs-node
 * @param root - the cache
 * @returns the entries that are whole; none if others can write to the cache
 */
export function findEntries(tfjsNode: string, root: string): CacheEntry[] {
  if (cacheDistrust(root)) return [];
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
