import {open, readFile} from 'node:fs/promises';
import {dirname} from 'node:path';
import {computed, describeValue, RegularizerError} from '@regularizers/core';
import {fileError, isAlive, makeFolder, ownerName, ownerNamed, thisProcess} from '@regularizers/core/node';
import type {StudyStorage} from '../study/storage.ts';

/**
 * A study as a file that is only ever appended to, a line at a time, each on the disk before the search goes on. It survives
 * the end of the process at any moment, and several processes of one machine may work on it at once.
 *
 * @param path such as `study.jsonl`; it is made where it is not there, and so are its folders
 * @throws RegularizerError with code `bad-path`; when it is used, `cannot-read` or `cannot-write`
 *
 * @example
 * ```ts
 * import {studyFile} from '@regularizers/search/node';
 *
 * const study = studyFile('study.jsonl');
 * await study.read(); // '' where nobody has begun
 * ```
 */
export function studyFile(path: string): StudyStorage {
  return computed('studyFile', {path}, () => {
    checkPath(path);
    return {
      owner: ownerName(thisProcess),
      isAlive: (owner) => {
        const process = ownerNamed(owner);
        return process !== undefined && isAlive(process);
      },
      read: () => readText(path),
      append: (text) => appendText(path, text),
    };
  });
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw fileError('cannot-read', path, cause);
  }
}

async function appendText(path: string, text: string): Promise<void> {
  try {
    await makeFolder(dirname(path));
    const file = await open(path, 'a');
    try {
      // One call, which the system puts at the end whoever else writes.
      const {bytesWritten} = await file.write(Buffer.from(text));
      if (bytesWritten !== Buffer.byteLength(text)) throw new Error('the disk took a part of it alone');
      await file.datasync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw fileError('cannot-write', path, cause);
  }
}

function checkPath(path: unknown): asserts path is string {
  if (typeof path === 'string' && path !== '' && !path.includes('\0')) return;
  throw new RegularizerError({
    where: 'files',
    code: 'bad-path',
    message: `a path is a text of at least one character; received ${describeValue(path)}`,
  });
}
