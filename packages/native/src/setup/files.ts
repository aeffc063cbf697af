import {chmodSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {mkdir, readdir, stat, statfs} from 'node:fs/promises';
import {join} from 'node:path';
import {
  cacheDistrust,
  list,
  type Manifest,
  manifestName,
  notTrusted,
  readSealed,
  type Sealed,
} from '../cache.ts';
import {NativeError} from '../errors.ts';
import {seal} from '../seal.ts';

const temporary = 'tmp-';

/**
 * Makes the cache, and makes sure that it can be written, by nobody else, and has room.
 *
 * @param root - the cache
 * @param bytes - the room that is needed
 * @throws NativeError `cache-unusable` or `cache-not-trusted`
 */
export async function prepareRoot(root: string, bytes: number): Promise<void> {
  const hint = 'Point REGULARIZERS_CACHE at a folder that can be written and has 1.5 GB free.';
  try {
    await mkdir(root, {recursive: true, mode: 0o755}); // whatever the umask lets others do
    rmSync(mkdtempSync(join(root, temporary)), {recursive: true});
  } catch (cause) {
    throw new NativeError(`The cache ${root} can't be written.`, {code: 'cache-unusable', hint, cause});
  }
  const open = cacheDistrust(root);
  if (open) throw notTrusted(root, open);
  const {bavail, bsize} = await statfs(root);
  if (bavail * bsize >= bytes) return;
  const free = Math.round((bavail * bsize) / 1e6);
  throw new NativeError(`The disk of ${root} has ${free} MB free.`, {code: 'cache-unusable', hint});
}

/**
 * A new empty folder in the cache, on the same disk as what it is to become.
 *
 * @param root - the cache
 * @returns the folder; it is deleted at the end of the block that holds it with `using`
 */
export function temporaryFolder(root: string): Disposable & {readonly path: string} {
  const path = mkdtempSync(join(root, temporary));
  return {path, [Symbol.dispose]: () => rmSync(path, {recursive: true, force: true})};
}

/**
 * Deletes what set-ups that were killed left behind: temporary folders that nothing has touched for an hour.
 *
 * @param root - the cache
 */
export function sweep(root: string): void {
  for (const name of list(root).filter((one) => one.startsWith(temporary))) {
    const path = join(root, name);
    if (Date.now() - statSync(path).mtimeMs > 3_600_000) rmSync(path, {recursive: true, force: true});
  }
}

/**
 * Gives a finished folder its name in the cache. The manifest is written last and the name is given in one
 * step, so that whoever finds the folder finds all of it. Of two set-ups at once, either result stands.
 *
 * @param folder - a temporary folder with everything in it
 * @param target - the name it is to have
 * @param manifest - its manifest but for the files, which are sealed here
 */
export function publish(
  folder: string,
  target: string,
  manifest: Omit<Manifest, 'files'> | Omit<Sealed, 'files'>,
): void {
  const files = seal(folder);
  writeFileSync(join(folder, manifestName), JSON.stringify({...manifest, files}, null, 2), {mode: 0o644});
  replace(folder, target, () => readSealed(target) !== undefined);
}

/**
 * Renames a folder over another.
 *
 * @param folder - the new one
 * @param target - where it goes; what is there is deleted
 * @param settled - whether what is there is just as good, should another process win the race
 */
export function replace(folder: string, target: string, settled: () => boolean): void {
  const old = `${folder}-old`;
  try {
    renameSync(target, old); // also when it is in use: whoever has its files open keeps them
  } catch {
    // nothing there yet
  }
  try {
    chmodSync(folder, 0o755); // a temporary folder is for its owner alone
    renameSync(folder, target);
  } catch (error) {
    if (!settled()) throw error;
  }
  rmSync(old, {recursive: true, force: true});
}

/**
 * The files under a folder, at any depth.
 *
 * @param folder - the folder
 * @returns their paths; none if it is absent
 */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true}).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/**
 * How much is in a folder, at any depth.
 *
 * @param folder - the folder; it may change meanwhile
 * @returns the bytes of its files
 */
export async function folderBytes(folder: string): Promise<number> {
  const sizes = (await filesIn(folder)).map((path) =>
    stat(path).then(
      ({size}) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
