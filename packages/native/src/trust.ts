import {lstatSync, realpathSync, type Stats} from 'node:fs';
import {dirname} from 'node:path';

const writableByOthers = 0o022;
const sticky = 0o1000;

/**
 * Why what is in a folder must not be run: somebody else can write to it, or can put another folder in its place.
 * Where there are no owners and modes (Windows), nothing is known and nothing is said.
 *
 * @param folder - a folder that exists
 * @returns the reason, which names the folder to mend; undefined if nobody but this user and root can change it
 */
export function distrustOf(folder: string): string | undefined {
  const path = realpathSync(folder);
  const own = reason(path, lstatSync(path));
  if (own) return own;
  for (let above = dirname(path); ; above = dirname(above)) {
    const stats = lstatSync(above);
    // Whoever may write to a sticky folder, as /tmp is, may still not move what is another's.
    const open = (stats.mode & sticky) === 0 ? reason(above, stats) : ownerReason(above, stats);
    if (open || above === dirname(above)) return open;
  }
}

/**
 * Whether nobody but this user and root can write a file or a folder, the folders above it aside.
 *
 * @param stats - what `lstat` says of it
 * @returns whether it is so
 */
export function isOurs(stats: Stats): boolean {
  return reason('', stats) === undefined;
}

function reason(path: string, stats: Stats): string | undefined {
  const byMode = !stats.isSymbolicLink() && process.platform !== 'win32' && stats.mode & writableByOthers;
  if (byMode) return `others can write to ${path} (chmod go-w ${path})`;
  return ownerReason(path, stats);
}

function ownerReason(path: string, {uid}: Stats): string | undefined {
  const own = process.getuid?.();
  if (own === undefined || uid === own || uid === 0) return undefined;
  return `${path} belongs to another user (${uid})`;
}
