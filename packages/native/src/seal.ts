import {createHash} from 'node:crypto';
import {
  chmodSync,
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  type Stats,
} from 'node:fs';
import {dirname, isAbsolute, join, normalize, relative, sep} from 'node:path';
import {isOurs} from './trust.ts';

/** What a file was when its folder was sealed. */
interface SealedFile {
  /** Its size. */
  readonly bytes: number;
  /** The SHA-256 of its bytes. */
  readonly sha256: string;
  /** Its number in the file system, and when it was last changed in any way, which nobody can set. */
  readonly inode: number;
  readonly changed: number;
}

/** Where a link led when its folder was sealed. */
interface SealedLink {
  readonly link: string;
}

/** Everything in a folder by its path, which has `/` between names. */
export type Seal = Readonly<Record<string, SealedFile | SealedLink>>;

/**
 * Records everything in a folder, so that a later change of any of it is noticed. Files and folders become this
 * user's to write alone, whatever the program that made them left.
 *
 * @param folder - the folder
 * @returns what is in it
 */
export function seal(folder: string): Seal {
  const sealed: Record<string, SealedFile | SealedLink> = {};
  for (const {path, stats} of within(folder)) {
    if (stats.isSymbolicLink()) {
      sealed[nameIn(folder, path)] = {link: readlinkSync(path)};
      continue;
    }
    chmodSync(path, stats.mode & ~0o022);
    if (stats.isDirectory()) continue;
    const {size, ino, ctimeMs} = lstatSync(path);
    sealed[nameIn(folder, path)] = {bytes: size, sha256: sha256Of(path), inode: ino, changed: ctimeMs};
  }
  return sealed;
}

/**
 * Whether a folder holds what was sealed, all of it and nothing else, and nobody else could have written it. A file is
 * hashed again if it is not the very file, untouched since, that was hashed before.
 *
 * @param folder - the folder
 * @param sealed - what was in it; it may come from a file that others have written
 * @param besides - the names that may be there without having been sealed
 * @returns whether it is so
 */
export function isSealed(folder: string, sealed: Seal, besides: readonly string[]): boolean {
  const left = new Set(Object.keys(sealed));
  for (const {path, stats} of within(folder)) {
    if (!isOurs(stats)) return false;
    const name = nameIn(folder, path);
    if (stats.isDirectory() || besides.includes(name)) continue;
    if (!left.delete(name) || !isAsSealed(folder, path, stats, sealed[name]!)) return false;
  }
  return left.size === 0 && isOurs(lstatSync(folder));
}

function isAsSealed(folder: string, path: string, stats: Stats, then: SealedFile | SealedLink): boolean {
  if (stats.isSymbolicLink()) {
    const target = readlinkSync(path);
    return 'link' in then && then.link === target && !leadsOut(folder, path, target);
  }
  if (!stats.isFile() || 'link' in then || stats.size !== then.bytes) return false;
  const untouched = stats.ino === then.inode && stats.ctimeMs === then.changed;
  return untouched || sha256Of(path) === then.sha256;
}

function leadsOut(folder: string, path: string, target: string): boolean {
  const end = relative(folder, normalize(join(dirname(path), target)));
  return isAbsolute(target) || isAbsolute(end) || end === '..' || end.startsWith(`..${sep}`);
}

/** All that is in a folder at any depth, without following links. */
function within(folder: string): readonly {readonly path: string; readonly stats: Stats}[] {
  return readdirSync(folder, {recursive: true, withFileTypes: true}).map(({parentPath, name}) => {
    const path = join(parentPath, name);
    return {path, stats: lstatSync(path)};
  });
}

const nameIn = (folder: string, path: string): string => relative(folder, path).split(sep).join('/');

/**
 * The SHA-256 of a file, as small letters and digits.
 *
 * @param path - the file, of any size
 * @returns 64 hexadecimal digits
 */
export function sha256Of(path: string): string {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(1 << 22);
  const file = openSync(path, 'r');
  try {
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) {
      hash.update(piece.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}
