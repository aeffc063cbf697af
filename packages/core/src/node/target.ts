import {readlink, realpath, stat} from 'node:fs/promises';
import {dirname, resolve} from 'node:path';
import {memberOf} from '../lib/given.ts';

/** The file that is written for a path. */
export interface Target {
  /** Where it is: a link that leads there stays a link. */
  readonly path: string;
  /** Its permissions, where it is there already. */
  readonly mode: number | undefined;
}

/**
 * Follows links to the file that a path means, there or not. What is no file stays what it is: a rename would put one in
 * the place of a device.
 *
 * @throws an error that says so for a folder, a device, a pipe or a socket; an error of the file system
 */
export async function targetOf(path: string): Promise<Target> {
  const found = await stat(path).catch(unlessMissing);
  if (found) {
    if (found.isDirectory()) throw Object.assign(new Error('it is a folder'), {code: 'EISDIR'});
    if (!found.isFile()) throw new Error('it is a device, a pipe or a socket, and no file');
    return {path: await realpath(path), mode: found.mode & 0o777};
  }
  const link = await readlink(path).catch(() => undefined);
  if (link === undefined) return {path, mode: undefined};
  // A link to what is not there yet; of what it is relative to, links are followed first.
  return targetOf(resolve(await realpath(dirname(path)), link));
}

function unlessMissing(error: unknown): undefined {
  if (memberOf(error, 'code') !== 'ENOENT') throw error;
}
