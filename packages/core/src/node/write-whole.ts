import {randomUUID} from 'node:crypto';
import {copyFile, link, mkdir, open, readdir, rename, rm, stat} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {platform} from 'node:process';
import {describeValue} from '../lib/describe-value.ts';
import {RegularizerError} from '../lib/errors.ts';
import {givenObject, memberOf} from '../lib/given.ts';
import {printable} from '../lib/printable.ts';
import {checkPath} from './path.ts';
import {isAlive, ownerName, ownerNamed, thisProcess} from './process.ts';
import {targetOf} from './target.ts';

/** Options of {@link writeWhole}. */
export interface WriteOptions {
  /** What there was is kept under this name, in the same folder. */
  readonly previous?: string;
}

/**
 * Writes a file whole or not at all: whoever reads it sees the old content or the new, also after the process was
 * killed at any moment, or the power failed. Missing folders are made; drafts that killed processes left are removed. Of
 * a link, the file that it leads to is written; permissions stay.
 *
 * @param path where to
 * @param content text (as UTF-8) or bytes
 * @throws RegularizerError with code `bad-path`, `bad-content` or `cannot-write`, also for a folder or a device; what was there is there
 *   still
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  checkPath(path);
  const {previous} = givenObject('files', 'the options of writeWhole', options, ['previous']);
  if (previous !== undefined) checkPath(previous);
  checkContent(content);
  try {
    const {path: target, mode} = await targetOf(path);
    const folder = dirname(target);
    await makeFolder(folder);
    await sweepDrafts(folder);
    await withDraft(target, async (draft) => {
      await writeSynced(draft, content, mode);
      if (previous !== undefined) await keep(target, join(dirname(path), previous));
      await rename(draft, target);
    });
    await syncFolder(folder);
  } catch (cause) {
    throw fileError('cannot-write', path, cause);
  }
}

function checkContent(content: unknown): asserts content is string | Uint8Array {
  if (typeof content === 'string' || content instanceof Uint8Array) return;
  throw new RegularizerError({
    where: 'files',
    code: 'bad-content',
    message: `what is written is a text or bytes (Uint8Array); received ${describeValue(content)}`,
  });
}

/**
 * Makes sure that {@link writeWhole} could write a file, by writing a draft of it: the name is none too long, the folder
 * can be written, and there is some room. Missing folders are made; the file itself is not touched.
 *
 * @throws RegularizerError with code `cannot-write`
 */
export async function checkWritable(path: string): Promise<void> {
  checkPath(path);
  try {
    const {path: target} = await targetOf(path);
    await makeFolder(dirname(target));
    await withDraft(target, (draft) => writeSynced(draft, ' '.repeat(4096)));
  } catch (cause) {
    throw fileError('cannot-write', path, cause);
  }
}

/**
 * Makes a folder and those above it. Not by Node's own recursion, which never ends where a folder that is there takes
 * none, as in /proc.
 *
 * @throws RegularizerError with code `bad-path`; an error of the file system, for {@link fileError}
 */
export async function makeFolder(folder: string): Promise<void> {
  checkPath(folder);
  const found = await stat(folder).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
    return undefined;
  });
  if (found?.isDirectory()) return;
  if (!found && dirname(folder) !== folder) await makeFolder(dirname(folder));
  await mkdir(folder).catch((error: unknown) => {
    // Another writer may have been quicker.
    if (found || codeOf(error) !== 'EEXIST') throw error;
  });
}

/** Gives a file a second name in one step, whatever had it before; nothing where there is no file. */
async function keep(path: string, name: string): Promise<void> {
  const {path: kept} = await targetOf(name);
  await withDraft(kept, async (draft) => {
    try {
      await link(path, draft);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return;
      // Not every file system has hard links.
      await copyFile(path, draft);
      await sync(draft);
    }
    await rename(draft, kept);
  });
}

/** A new name in the same folder, because a rename is whole only within one file system. It is free afterwards. */
async function withDraft(path: string, use: (draft: string) => Promise<void>): Promise<void> {
  const owner = ownerName(thisProcess);
  const draft = join(dirname(path), `.${basename(path)}.${owner}.${randomUUID().slice(0, 8)}.draft`);
  try {
    await use(draft);
  } finally {
    // Also after success: renaming one of two names of a file to the other leaves both.
    await rm(draft, {force: true}).catch(() => undefined);
  }
}

const draftPattern = /^\..+\.([^.]+\.[^.]+\.[^.]+)\.[0-9a-f]{8}\.draft$/;
const day = 86_400_000; // milliseconds

/**
 * Removes the drafts in a folder whose process was killed: on this machine at once, of others after a day. Never fails.
 */
export async function sweepDrafts(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const owner = ownerNamed(draftPattern.exec(name)?.[1] ?? '');
    if (!owner) continue;
    const path = join(folder, name);
    const isLeft = !isAlive(owner) || (await isOlderThan(path, day));
    if (isLeft) await rm(path, {force: true}).catch(() => undefined);
  }
}

async function isOlderThan(path: string, milliseconds: number): Promise<boolean> {
  const {mtimeMs = Number.POSITIVE_INFINITY} = (await stat(path).catch(() => undefined)) ?? {};
  return Date.now() - mtimeMs > milliseconds;
}

async function writeSynced(path: string, content: string | Uint8Array, mode?: number): Promise<void> {
  const file = await open(path, 'wx');
  try {
    if (mode !== undefined) await file.chmod(mode);
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The names are on the disk too. Windows has no such call for folders, and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some network file systems refuse it; they have nothing to promise then.
    if (!['EINVAL', 'ENOTSUP', 'EBADF'].includes(codeOf(error) ?? '')) throw error;
  } finally {
    await handle.close();
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of disk space is used up',
  EFBIG: 'it is too large for the file system',
  EROFS: 'the file system is read-only',
  EACCES: 'there is no permission',
  EPERM: 'there is no permission',
  ENOTDIR: 'a part of its path is a file and not a folder',
  EEXIST: 'a part of its path is a file and not a folder',
  EISDIR: 'it is a folder',
  ENOTEMPTY: 'it is a folder',
  ENOENT: 'there is no such file or folder',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'too many files are open',
  EIO: 'the disk fails',
};

/** What a call of the file system failed with, as a sentence; errors of this library stay as they are. */
export function fileError(
  code: 'cannot-write' | 'cannot-read',
  path: string,
  cause: unknown,
): RegularizerError {
  if (RegularizerError.isInstance(cause)) return cause;
  const why = reasons[codeOf(cause) ?? ''] ?? printable(memberOf(cause, 'message') ?? cause);
  const what = code === 'cannot-write' ? 'written' : 'read';
  return new RegularizerError({
    where: 'files',
    code,
    message: `${printable(path)} cannot be ${what}: ${why}`,
    cause,
  });
}

function codeOf(error: unknown): string | undefined {
  const code = memberOf(error, 'code');
  return typeof code === 'string' ? code : undefined;
}
