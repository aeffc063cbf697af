// Node only: files of the user's.
import {readFile} from 'node:fs/promises';
import {type LoadOwn, ownDataFrom} from './own-data.ts';
import {ownError} from './own-error.ts';

/** Makes data of files on this machine; paths begin at the folder that the process is in. */
export const ownFiles = (): LoadOwn =>
  ownDataFrom({
    file: readOwnFile,
    // Loaded when it is needed: sharp need not be installed.
    pictures: async (options) => (await import('./picture-files.ts')).readPictures(options),
  });

/** @throws RegularizerError with code `unreadable` */
export async function readOwnFile(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const {code} = cause as NodeJS.ErrnoException;
    throw ownError('unreadable', file, code === 'ENOENT' ? 'there is no such file' : 'it cannot be read', {
      cause,
    });
  }
}
